import { Failure } from "../../shared/failure.ts";
import type { FolderId, OperationId } from "../../shared/ids.ts";
import { type FolderStep, planFolderStep } from "../plan/folder-replay.ts";
import { overlayTree } from "../plan/folder-tree.ts";
import { folderOperations, pathRules } from "../store/folder-operations.ts";
import {
  refuseFolderOperations,
  settleFolderOperations,
  writeFolderDeleted,
  writeFolderPlaced,
  writeFolderSubscribed,
} from "../store/folder-truth.ts";
import { readFolders } from "../store/folders.ts";
import { foldersWithOpenMoves } from "../store/open-moves.ts";
import type { AccountWork } from "./account-work.ts";

/** Of an account whose folders are only here: what the user did to them is done. */
export async function settleFoldersLocally(work: AccountWork): Promise<void> {
  const { store, accountId } = work;
  for (;;) {
    const folders = readFolders(store, accountId);
    const operations = folderOperations(store.db, accountId);
    if (operations.length === 0) return;
    const rules = pathRules(store, accountId);
    const step = planFolderStep(folders, operations, rules, foldersWithOpenMoves(store.db, accountId));
    if (step === null) return;
    const shown = "folderId" in step ? overlayTree(folders, operations, rules).get(step.folderId) : undefined;
    await settle(work, step, { name: shown?.name ?? "", parentId: (shown?.parentId ?? null) as FolderId | null });
  }
}

async function settle({ store }: AccountWork, step: FolderStep, place: { name: string; parentId: FolderId | null }): Promise<void> {
  const ids = [...step.ids] as OperationId[];
  if (step.kind === "settled" || step.kind === "forget") return settleFolderOperations(store, ids);
  const id = step.folderId as FolderId;
  switch (step.kind) {
    case "create":
    case "rename": {
      const name = step.path.slice(step.path.lastIndexOf("/") + 1);
      return writeFolderPlaced(store, id, step.path, ids.length === 0 ? { ...place, name } : place, ids);
    }
    case "delete":
      return writeFolderDeleted(store, id, ids);
    case "subscribe":
      return writeFolderSubscribed(store, id, step.on, ids);
    case "conflict":
      return refuseFolderOperations(store, ids, {
        folderId: id,
        name: place.name,
        change: "place-folder",
        failure: new Failure("folder-changed").data(),
      });
  }
}
