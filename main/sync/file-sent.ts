import { Failure } from "../../shared/failure.ts";
import { appendMessage } from "../imap/append-message.ts";
import { findByMessageId } from "../imap/search-uids.ts";
import { openFolder } from "../imap/select-folder.ts";
import type { Session } from "../imap/session.ts";
import { readFolders, type StoredFolder } from "../store/folders.ts";
import type { AccountWork } from "./account-work.ts";

/** A sent message on its way into Sent. `messageIdHeader` is without angle brackets; providers that file by themselves keep it, or a copy of it. */
export type ToFile = {
  readonly folderRole: "sent";
  readonly bytes: Uint8Array;
  readonly flags: readonly string[];
  readonly messageIdHeader: string;
};

function sentFolder(work: AccountWork): StoredFolder {
  const folder = readFolders(work.store, work.accountId).find(({ role }) => role === "sent");
  if (!folder) throw new Failure("no-folder-for-role", { params: { role: "sent" } });
  return folder;
}

/** Whether Sent already has the message. */
export async function findInSent(work: AccountWork, session: Session, messageIdHeader: string): Promise<boolean> {
  await openFolder(session, sentFolder(work).path, "read");
  return (await findByMessageId(session, messageIdHeader.replace(/^<|>$/gu, ""))).length > 0;
}

/** Files a message unless Sent has it: Gmail and Outlook file by themselves, and an earlier try may have gone through unheard. */
export async function fileSent(work: AccountWork, session: Session, message: ToFile): Promise<{ filed: boolean; already: boolean }> {
  if (await findInSent(work, session, message.messageIdHeader)) return { filed: false, already: true };
  await appendMessage(session, sentFolder(work).path, { bytes: message.bytes, flags: message.flags });
  return { filed: true, already: false };
}
