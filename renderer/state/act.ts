import { create } from "zustand";
import type { Change, ListRow, Targets } from "../../shared/contract/mail.ts";
import { asFailure } from "../../shared/failure.ts";
import type { AccountId, FolderId, PlacementId } from "../../shared/ids.ts";
import { client } from "../client/engine.ts";
import { useAccounts } from "./accounts.ts";
import { nameOfFolderWith, roleOf, useFolders } from "./folders.ts";
import { dropRows, patchRows, reread, useList } from "./list.ts";
import { useSearch } from "./search.ts";
import { selectAfter, useSelection } from "./selection.ts";
import { showToast, type Toast, toastFailure } from "./toasts.ts";

const FADE_MS = 160;
/** How many acts can be taken back one after the other. */
const MOST_UNDO = 50;
const done: string[] = [];

/** Asks before mail is deleted for good; null when nothing is asked. */
export const useConfirm = create<{ deleting: readonly ListRow[] | null }>(() => ({ deleting: null }));

/** What acts are about now: the selected rows, or the one under the keyboard. */
export function chosenRows(): ListRow[] {
  const { rows, cursor } = useSelection.getState();
  if (rows.size > 0) return [...rows.values()];
  const { cache } = useList.getState();
  const rank = cursor === null ? undefined : cache.rankOf(cursor);
  const row = rank === undefined ? undefined : cache.at(rank);
  return row === undefined ? [] : [row];
}

/** Does it at once in the window; the engine keeps and replays it. */
export function act(change: Change, rows: readonly ListRow[] = chosenRows()): void {
  if (rows.length === 0) return;
  const ids = new Set(rows.map((row) => row.key.id));
  const searching = useSearch.getState().open;
  if (leaves(change) && !searching) {
    selectAfter(ids);
    dropRows(ids, FADE_MS);
  } else {
    patchRows(ids, (row) => patched(row, change));
  }
  client.request("mail.act", { targets: targetsOf(rows), change }).then(
    ({ group, count }) => {
      rememberAct(group);
      const said = sentence(
        change,
        rows.map(({ accountId }) => accountId),
      );
      if (said !== null) showToast({ ...said, params: { count, ...said.params }, action: { key: "common:undo", run: () => undo(group) } });
    },
    (error: unknown) => {
      reread();
      const kind = change.kind === "label" ? "flag" : change.kind;
      const failed = rows.length === 1 ? `mail:failed.${kind}` : `mail:failedAll.${kind}`;
      showToast({
        key: failed,
        params: { subject: rows[0]?.subject ?? "", count: rows.length },
        failure: asFailure(error).data(),
        icon: "failure",
        lastsMs: null,
      });
    },
  );
}

/** For one message of the open conversation. */
export function actOnMessage(placementId: PlacementId, change: Change): void {
  actOnMessages([placementId], change);
}

/** For some messages of the open conversation. @param accountId whose they are, where they may go to another account */
export function actOnMessages(ids: PlacementId[], change: Change, accountId?: AccountId): void {
  client
    .request("mail.act", { targets: { kind: "placements", ids }, change })
    .then(({ group, count }) => {
      rememberAct(group);
      const said = sentence(change, accountId === undefined ? [] : [accountId]);
      if (said !== null) showToast({ ...said, params: { count, ...said.params }, action: { key: "common:undo", run: () => undo(group) } });
    })
    .catch(toastFailure);
}

/** Takes back one act, or the last one. */
export function undo(group: string | undefined = done.at(-1)): void {
  if (group === undefined) return;
  done.splice(done.indexOf(group), 1);
  client.request("mail.undo", { group }).then(() => showToast({ key: "mail:toast.undone", lastsMs: 3_000 }), toastFailure);
}

/** Delete, after asking where it cannot be undone. */
export function deleteRows(rows: readonly ListRow[] = chosenRows()): void {
  if (rows.length === 0) return;
  const { source } = useList.getState();
  if (source !== null && !useSearch.getState().open && roleOf(source.view) === "trash") useConfirm.setState({ deleting: rows });
  else act({ kind: "delete" }, rows);
}

export function toggleFlag(flag: "flagged" | "seen", rows: readonly ListRow[] = chosenRows()): void {
  const on = flag === "flagged" ? !rows.every((row) => row.flagged) : rows.some((row) => row.unread > 0);
  act({ kind: "flag", flag, on }, rows);
}

export function toggleJunk(rows: readonly ListRow[] = chosenRows()): void {
  const { source } = useList.getState();
  act({ kind: "junk", on: source === null || roleOf(source.view) !== "junk" }, rows);
}

export function moveTo(folderId: FolderId, rows: readonly ListRow[] = chosenRows()): void {
  act({ kind: "move", folderId }, rows);
}

export function copyTo(folderId: FolderId, rows: readonly ListRow[] = chosenRows()): void {
  act({ kind: "copy", folderId }, rows);
}

export function markFolderRead(folderId: FolderId): void {
  client.request("folders.markRead", { folderId }).then(({ group }) => {
    rememberAct(group);
    showToast({ key: "mail:toast.markedRead", action: { key: "common:undo", run: () => undo(group) } });
  }, toastFailure);
}

/** From now on Undo takes this back first. */
export function rememberAct(group: string): void {
  done.push(group);
  if (done.length > MOST_UNDO) done.shift();
}

function targetsOf(rows: readonly ListRow[]): Targets {
  const { source } = useList.getState();
  if (source?.grouped === true && !useSearch.getState().open)
    return { kind: "conversations", view: source.view, ids: rows.map((row) => row.conversationId) };
  return { kind: "placements", ids: rows.map((row) => row.placementId) };
}

/** Whether the rows are no longer part of the list afterwards. */
function leaves(change: Change): boolean {
  const { source } = useList.getState();
  if (change.kind === "copy") return false;
  if (source === null || change.kind === "flag")
    return source?.view === "all:starred" && change.kind === "flag" && change.flag === "flagged" && !change.on;
  const here = useFolders.getState().folders.find((one) => source.view === `folder:${one.id}`);
  if (change.kind === "label") return !change.on && source.view === `folder:${change.folderId}`;
  // Gmail's All Mail keeps what is archived or gets a label, and a label keeps what leaves the inbox.
  if (change.kind === "archive" && (here?.role === "all" || (here !== undefined && here.label !== null && here.role !== "inbox")))
    return false;
  if (change.kind === "move" && here?.role === "all" && isLabelFolder(change.folderId)) return false;
  if (change.kind === "move") return source.view !== `folder:${change.folderId}`;
  if (change.kind === "junk") return (roleOf(source.view) === "junk") !== change.on;
  return !(change.kind === "archive" && roleOf(source.view) === "archive");
}

function isLabelFolder(id: FolderId): boolean {
  return useFolders.getState().folders.some((one) => one.id === id && one.label !== null);
}

function patched(row: ListRow, change: Change): ListRow {
  if (change.kind !== "flag") return row;
  if (change.flag === "flagged") return { ...row, flagged: change.on };
  if (change.flag === "seen") return { ...row, unread: change.on ? 0 : Math.max(1, row.unread) };
  return row;
}

/** @param from the accounts of the messages: where they go to another one, it is named */
function sentence(change: Change, from: readonly AccountId[]): Pick<Toast, "key" | "icon" | "params"> | null {
  switch (change.kind) {
    case "flag":
      return null;
    case "label":
      return {
        key: change.on ? "labels:toast.on" : "labels:toast.off",
        icon: "move",
        params: { folder: nameOfFolderWith(change.folderId) },
      };
    case "archive":
      return { key: "mail:toast.archived", icon: "archive", params: {} };
    case "delete":
      return { key: "mail:toast.deleted", icon: "delete", params: {} };
    case "junk":
      return { key: change.on ? "mail:toast.junked" : "mail:toast.unjunked", icon: "junk", params: {} };
    case "copy":
    case "move": {
      const folder = nameOfFolderWith(change.folderId);
      const done = change.kind === "copy" ? "mail:toast.copied" : "mail:toast.moved";
      const { accountId } = useFolders.getState().folders.find(({ id }) => id === change.folderId) ?? {};
      const account = from.every((one) => one === accountId)
        ? undefined
        : useAccounts.getState().accounts.find(({ id }) => id === accountId);
      if (account === undefined) return { key: done, icon: "move", params: { folder } };
      return { key: `${done}Across`, icon: "move", params: { folder, account: account.name } };
    }
  }
}
