import type { FolderId } from "../../shared/ids.ts";
import type { PlacementChange } from "./overlay.ts";

/**
 * What Gmail calls that which a folder shows: a label, or `ALL_MAIL` for the one mailbox in which every labelled message lies. Null for
 * ordinary folders; Gmail's own Trash and Spam are such.
 */
export type Label = string | null;

export const ALL_MAIL = "\\All";

/** Whether the folder only shows a label: it is never listed as a mailbox, its messages are those of All Mail. */
export function isLabel(folder: { readonly label: Label }): boolean {
  return folder.label !== null && folder.label !== ALL_MAIL;
}

/** Labels that Gmail gives by itself and nobody can take away. */
export function isFixedLabel(label: Label): boolean {
  return label === "\\Sent" || label === "\\Draft";
}

/** Labels that are shown: the server's, with the user's open operations on top, as folders. */
export function overlayLabels(truth: Iterable<FolderId>, open: readonly PlacementChange[]): Set<FolderId> {
  const labels = new Set(truth);
  for (const change of open) {
    if (change.kind !== "label") continue;
    if (change.on) labels.add(change.folderId);
    else labels.delete(change.folderId);
  }
  return labels;
}

/** A message of a Gmail account, as it is shown now. */
export type Labelled = {
  /** Where it is shown itself: All Mail, Trash or Spam. */
  readonly liesIn: FolderId;
  readonly labels: ReadonlySet<FolderId>;
};

/** Puts it under this label alone of the two: the one where it was seen goes, unless Gmail itself gave it. */
export function planRelabel(
  message: Labelled,
  allMail: FolderId,
  to: FolderId,
  seenIn: { readonly id: FolderId; readonly label: Label } | undefined,
): PlacementChange[] {
  const restored: PlacementChange[] = message.liesIn === allMail ? [] : [{ kind: "move", toFolderId: allMail }];
  const off: PlacementChange[] =
    seenIn !== undefined && seenIn.id !== to && isLabel(seenIn) && !isFixedLabel(seenIn.label) && message.labels.has(seenIn.id)
      ? [{ kind: "label", folderId: seenIn.id, on: false }]
      : [];
  const on: PlacementChange[] = to === allMail || message.labels.has(to) ? [] : [{ kind: "label", folderId: to, on: true }];
  return [...restored, ...on, ...off];
}
