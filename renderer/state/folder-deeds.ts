import { create } from "zustand";
import type { DeletionWay, FolderRow } from "../../shared/contract/folders.ts";
import type { OutputOf } from "../../shared/contract/table.ts";
import { asFailure, type FailureData } from "../../shared/failure.ts";
import type { AccountId, FolderId } from "../../shared/ids.ts";
import { client } from "../client/engine.ts";
import { rememberAct, undo } from "./act.ts";
import { useFolders } from "./folders.ts";
import { goHome } from "./open.ts";
import { showToast, type Toast, toastFailure } from "./toasts.ts";
import { useView } from "./view.ts";

export type DeletionPreview = OutputOf<"folders.deletePreview">;

/** What is asked about folders now, over whatever page is open. */
export type FolderQuestion =
  | { readonly kind: "new"; readonly accountId: AccountId; readonly parentId: FolderId | null }
  | { readonly kind: "rename"; readonly folderId: FolderId }
  | { readonly kind: "move"; readonly folderId: FolderId }
  | { readonly kind: "delete"; readonly folderId: FolderId; readonly preview: DeletionPreview };

export const useFolderQuestion = create<{ question: FolderQuestion | null }>(() => ({ question: null }));

export function askAboutFolder(question: FolderQuestion | null): void {
  useFolderQuestion.setState({ question });
}

/** Asks before a folder is deleted, with what would go. */
export function askToDelete(folderId: FolderId): void {
  client
    .request("folders.deletePreview", { folderId })
    .then((preview) => askAboutFolder({ kind: "delete", folderId, preview }), toastFailure);
}

/** Whether it can be placed there: not in itself, not where it is, and the folder there takes others. */
export function canPlaceIn(folder: FolderRow, parent: FolderRow | null, folders: readonly FolderRow[]): boolean {
  if (folder.bars.place !== null || folder.parentId === (parent?.id ?? null)) return false;
  if (parent === null) return true;
  return parent.accountId === folder.accountId && parent.bars.inside === null && !isBelow(parent, folder.id, folders);
}

function isBelow(folder: FolderRow, above: FolderId, folders: readonly FolderRow[]): boolean {
  for (let at: FolderRow | undefined = folder; at !== undefined; ) {
    if (at.id === above) return true;
    const { parentId }: FolderRow = at;
    at = folders.find(({ id }) => id === parentId);
  }
  return false;
}

/** Makes a folder. Resolves with what is wrong, or null. */
export async function createFolder(accountId: AccountId, parentId: FolderId | null, name: string): Promise<FailureData | null> {
  return said("created", name, () => client.request("folders.create", { accountId, parentId, name }));
}

export async function renameFolder({ id, parentId }: FolderRow, name: string): Promise<FailureData | null> {
  return said("renamed", name, () => client.request("folders.place", { folderId: id, name, parentId }));
}

export async function moveFolder({ id, name }: FolderRow, parentId: FolderId | null): Promise<FailureData | null> {
  return said("moved", name, () => client.request("folders.place", { folderId: id, name, parentId }));
}

export async function deleteFolder({ id, name }: FolderRow, way: DeletionWay): Promise<void> {
  if (useView.getState().view === `folder:${id}` && way !== "trash") goHome();
  const failure = await said(way === "trash" ? "trashed" : "deleted", name, () => client.request("folders.delete", { folderId: id, way }));
  if (failure !== null) toastFailureData(failure);
}

export function subscribeFolder({ id, name, subscribed }: FolderRow): void {
  void said(subscribed ? "unsubscribed" : "subscribed", name, () =>
    client.request("folders.subscribe", { folderId: id, on: !subscribed }),
  ).then((failure) => failure !== null && toastFailureData(failure));
}

function toastFailureData(failure: FailureData): void {
  showToast({ key: "failure:title", failure, icon: "failure", lastsMs: null });
}

/** Tells what was done, with Undo; what failed is for whoever asked. */
async function said(done: string, folder: string, work: () => Promise<{ group: string }>): Promise<FailureData | null> {
  try {
    const { group } = await work();
    rememberAct(group);
    const icon: Toast["icon"] = done === "deleted" || done === "trashed" ? "delete" : "info";
    showToast({
      key: `folders:toast.${done}`,
      params: { folder: folder.trim() },
      icon,
      action: { key: "common:undo", run: () => undo(group) },
    });
    return null;
  } catch (error) {
    return asFailure(error).data();
  }
}

/** Names of the folders beside one: no other may have the same. */
export function siblingNames(accountId: AccountId, parentId: FolderId | null, notId: FolderId | null): string[] {
  return useFolders
    .getState()
    .folders.filter((one) => one.accountId === accountId && one.parentId === parentId && one.id !== notId)
    .map(({ name }) => name);
}
