import type { foldersRequests } from "../../shared/contract/folders.ts";
import { emptyFolder, markFolderRead } from "../store/acts.ts";
import { createFolder, deleteFolder, placeFolder, previewDeletion, subscribeFolder } from "../store/folder-acts.ts";
import { folderRows } from "../store/folder-rows.ts";
import { readRoles, setRole, writeOnlySubscribed } from "../store/folder-settings.ts";
import type { Parts } from "./parts.ts";
import type { Handlers } from "./serve.ts";

export function foldersHandlers({ store, accounts }: Parts): Pick<Handlers, keyof typeof foldersRequests> {
  const soon = <T>(done: T): T => {
    accounts.operationsAsked();
    return done;
  };
  return {
    "folders.list": () => folderRows(store),
    "folders.create": ({ accountId, parentId, name }) => soon(createFolder(store, accountId, parentId, name)),
    "folders.place": ({ folderId, name, parentId }) => soon(placeFolder(store, folderId, name, parentId)),
    "folders.deletePreview": ({ folderId }) => previewDeletion(store, folderId),
    "folders.delete": ({ folderId, way }) => soon(deleteFolder(store, folderId, way)),
    "folders.subscribe": ({ folderId, on }) => soon(subscribeFolder(store, folderId, on)),
    "folders.onlySubscribed": ({ accountId, on }) => {
      writeOnlySubscribed(store, accountId, on);
      return {};
    },
    "folders.roles": ({ accountId }) => ({ roles: readRoles(store, accountId) }),
    "folders.setRole": ({ accountId, role, choice }) => {
      setRole(store, accountId, role, choice.kind === "folder" ? choice.folderId : choice.kind === "none" ? null : undefined);
      return {};
    },
    "folders.markRead": async ({ folderId }) => {
      const { group } = await markFolderRead(store, folderId);
      return soon({ group });
    },
    "folders.emptyPreview": ({ folderId }) => accounts.emptyPreview(folderId),
    "folders.empty": async ({ folderId }) => {
      const { group } = await emptyFolder(store, folderId);
      accounts.operationsAsked();
      accounts.finishEmptying(folderId);
      return { group };
    },
  };
}
