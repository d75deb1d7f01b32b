import { folderRows } from "../store/folders.ts";
import { emptyFolder, markFolderRead } from "../store/operations.ts";
import type { Parts } from "./parts.ts";
import type { Handlers } from "./serve.ts";

export function foldersHandlers({
  store,
  accounts,
}: Parts): Pick<Handlers, "folders.list" | "folders.markRead" | "folders.emptyPreview" | "folders.empty"> {
  return {
    "folders.list": () => folderRows(store),
    "folders.markRead": ({ folderId }) => {
      const { group } = markFolderRead(store, folderId);
      accounts.operationsAsked();
      return { group };
    },
    "folders.emptyPreview": ({ folderId }) => accounts.emptyPreview(folderId),
    "folders.empty": ({ folderId }) => {
      const { group } = emptyFolder(store, folderId);
      accounts.operationsAsked();
      accounts.finishEmptying(folderId);
      return { group };
    },
  };
}
