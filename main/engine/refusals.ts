import { Failure } from "../../shared/failure.ts";
import type { AccountId, FolderId } from "../../shared/ids.ts";
import type { Notices } from "../api/notices.ts";
import { readFolder } from "../store/folders.ts";
import type { Store } from "../store/open.ts";
import type { Opened } from "../store/open-or-rescue.ts";
import { readPlacement } from "../store/placements.ts";
import { messageHead } from "../store/views.ts";

/** Tells the user what a server would not do, in its words, and what it will not keep. */
export function tellRefusals(store: Store, notices: Notices): void {
  const { changes } = store;
  changes.onRefused(({ placementId, change, count, words, reason, limitBytes }) => {
    const subject =
      placementId === null || readPlacement(store.db, placementId) === undefined ? "" : messageHead(store, placementId).subject;
    if (reason === "target-gone") {
      const folderId = "toFolderId" in change ? change.toFolderId : 0;
      notices.add("target-gone", { subject, folder: readFolder(store, folderId as FolderId)?.name ?? "", folderId, count });
      return;
    }
    if (change.kind === "leave") {
      notices.add("original-stays", { subject, count }, reason === null ? new Failure("refused-by-server", { serverWords: words }) : null);
      return;
    }
    const refusedAs = change.kind === "copy" && change.across !== "move" ? "copy-refused" : "operation-refused";
    if (limitBytes !== null) {
      notices.add(refusedAs, { subject, change: change.kind, count }, new Failure("mailbox-limit", { params: { limitBytes } }));
      return;
    }
    if (reason !== null) {
      notices.add("operation-parked", { subject, count });
      return;
    }
    notices.add(refusedAs, { subject, change: change.kind, count }, new Failure("refused-by-server", { serverWords: words }));
  });
  const toldKeptHere = new Set<FolderId>();
  changes.onKeptHere((folderId) => {
    if (toldKeptHere.has(folderId)) return;
    toldKeptHere.add(folderId);
    notices.add("keyword-kept-here", { folder: readFolder(store, folderId)?.name ?? "", folderId });
  });
  const toldLeft = new Map<AccountId, number>();
  changes.onLeftOnServer((account, count) => {
    const before = toldLeft.get(account) ?? 0;
    toldLeft.set(account, count);
    if (count > before) notices.add("left-on-server", { account, count });
  });
  changes.onFolderRefused(({ name, change, failure }) => notices.add("folder-refused", { folder: name, change }, Failure.from(failure)));
}

/** Tells what happened before or while the store was opened. */
export function tellStart(notices: Notices, restarts: number, { repaired, aside, restored }: Omit<Opened, "store">): void {
  if (restarts > 0) notices.add("engine-restarted");
  if (repaired) notices.add("store-repaired");
  if (restored !== null) notices.add("store-renewed", restored);
  else if (aside !== null) notices.add("store-set-aside", { folder: aside });
}
