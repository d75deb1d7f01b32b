import { Failure } from "../../shared/failure.ts";
import { withFlag } from "../../shared/flags.ts";
import { wholeOf } from "../line/byte-source.ts";
import { folderOfRole, type StoredFolder } from "../store/folders.ts";
import { ingestLocal } from "../store/ingest-local.ts";
import { hasMessageIn } from "../store/placements.ts";
import type { AccountWork } from "./account-work.ts";
import type { Filing, ToFile } from "./file-sent.ts";

function folderOf({ store, accountId }: AccountWork, role: "sent" | "inbox"): StoredFolder {
  const folder = folderOfRole(store, accountId, role);
  if (folder === undefined) throw new Failure("no-folder-for-role", { params: { role } });
  return folder;
}

/** Whether the local folder of this role has the message. */
export function isHere(work: AccountWork, role: "sent" | "inbox", messageIdHeader: string): boolean {
  return hasMessageIn(work.store.db, folderOf(work, role), messageIdHeader.replace(/^<|>$/gu, ""));
}

export function isFiledLocally(work: AccountWork, messageIdHeader: string): boolean {
  return isHere(work, "sent", messageIdHeader);
}

/** Files a sent message in the local Sent, once: file and row are on disk when it resolves. */
export async function fileLocally(work: AccountWork, { source, messageIdHeader }: ToFile): Promise<Filing> {
  const already: Filing = { filed: false, already: true };
  if (isFiledLocally(work, messageIdHeader)) return already;
  const body = await work.parsePool.arrive({ bytes: await wholeOf(source), durable: true });
  const { store } = work;
  const ingested = store.db.writeDurably(() => {
    // An earlier try may have come through meanwhile.
    if (isFiledLocally(work, messageIdHeader)) return [];
    return ingestLocal(store, folderOf(work, "sent").id, [{ body, flags: withFlag(0, "seen", true), receivedAt: work.clock() }]);
  });
  const [filed] = ingested;
  if (filed === undefined) return already;
  work.onIndexText?.([{ messageId: filed.messageId, text: body.indexText }]);
  return { filed: true, already: false };
}
