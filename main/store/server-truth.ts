import type { FlagBits } from "../../shared/flags.ts";
import type { AccountId, FolderId } from "../../shared/ids.ts";
import { ALL_MAIL } from "../plan/labels.ts";
import type { Writer } from "./database.ts";
import { readLabelFolders, writeLabels } from "./labels.ts";
import type { ListUpkeep } from "./list-upkeep.ts";
import { showAnew } from "./placements.ts";
import { statement } from "./statement.ts";
import type { StoredPlacement } from "./stored-placement.ts";
import { tellFlags, tellLabel } from "./story.ts";

export type LabelFolders = ReadonlyMap<string, FolderId> | null;

/** The folders by label, where messages of this folder carry labels. */
export function labelFoldersOf(tx: Writer, { accountId, label }: { accountId: AccountId; label: string | null }): LabelFolders {
  return label === ALL_MAIL ? readLabelFolders(tx, accountId) : null;
}

/** Labels that have no folder here are hidden from mail programs, or new: then the next round brings the folder and what is in it. */
export function labelsOf(folders: LabelFolders, row: { readonly labels?: readonly string[] | null | undefined }): Set<FolderId> | null {
  if (folders === null || !row.labels) return null;
  return new Set(row.labels.flatMap((label) => folders.get(label) ?? []));
}

const updateTruth = statement<{ id: number; modseq: number | null; flags: number; keywords: string }>(
  "UPDATE placement SET modseq = :modseq, flags = :flags, local_flags = local_flags & ~:flags, keywords = :keywords, missing_since = NULL WHERE id = :id",
);

/** What the server has is written down, and shown where the user has no other wish; what another device changed is told in the story. */
export function writeTruth(
  tx: Writer,
  lists: ListUpkeep,
  known: StoredPlacement,
  truth: { modseq: number | null; flags: FlagBits; keywords: string; labels: ReadonlySet<FolderId> | null },
  at: number,
): void {
  const { labels, ...columns } = truth;
  const relabelled = labels !== null && writeLabels(tx, known, labels, (folderId, on) => tellLabel(tx, known, folderId, on, at));
  const same = known.modseq === truth.modseq && known.flags === truth.flags && known.keywords === truth.keywords;
  if (same && known.missingSince === null && !relabelled) return;
  tx.run(updateTruth, { id: known.id, ...columns });
  if (known.flags !== truth.flags) tellFlags(tx, known, truth.flags, at);
  if (known.flags !== truth.flags || relabelled) showAnew(tx, lists, known);
}
