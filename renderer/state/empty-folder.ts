import type { OutputOf } from "../../shared/contract/table.ts";
import type { FolderId } from "../../shared/ids.ts";
import { client } from "../client/engine.ts";
import { toastFailure } from "./toasts.ts";

/** Reads what Empty would take. Returns how to stop listening for the answer. */
export function readEmptyPreview(folderId: FolderId, show: (preview: OutputOf<"folders.emptyPreview">) => void): () => void {
  let wanted = true;
  client.request("folders.emptyPreview", { folderId }).then((preview) => {
    if (wanted) show(preview);
  }, toastFailure);
  return () => {
    wanted = false;
  };
}

export function emptyFolder(folderId: FolderId): void {
  client.request("folders.empty", { folderId }).catch(toastFailure);
}
