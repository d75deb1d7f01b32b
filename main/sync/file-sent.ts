import { Failure } from "../../shared/failure.ts";
import { limitBelow } from "../imap/append-limit.ts";
import { appendMessage } from "../imap/append-message.ts";
import { findByMessageId } from "../imap/search-uids.ts";
import { openFolder } from "../imap/select-folder.ts";
import type { Session } from "../imap/session.ts";
import type { ByteSource } from "../line/byte-source.ts";
import {
  filesByReputation,
  learnFiledByUs,
  learnFilesItself,
  learnFromLast,
  NOTHING_KNOWN,
  patienceMs,
  type SentKnowledge,
} from "../plan/sent-copy.ts";
import { folderOfRole, type StoredFolder } from "../store/folders.ts";
import { readSentKnowledge, writeSentKnowledge } from "../store/sent-copies.ts";
import type { AccountWork } from "./account-work.ts";

/** A sent message on its way into Sent. `messageIdHeader` is without angle brackets; providers that file by themselves keep it, or a copy of it. */
export type ToFile = {
  readonly folderRole: "sent";
  readonly source: ByteSource;
  readonly flags: readonly string[];
  readonly messageIdHeader: string;
  /** host:port of the server that took it; without one nothing is learnt about it. */
  readonly sentBy?: string;
  /** When that was, ms UTC. */
  readonly acceptedAt?: number;
};

/** `laterMs`: the host may be about to file it by itself; how long that is still waited for. */
export type Filing = { readonly filed: boolean; readonly already: boolean; readonly laterMs?: number };

/** True: Sent has it. `inbox`: only the inbox has it, which proves that it was sent, and leaves the copy in Sent owed. */
export type Found = boolean | "inbox";

function folder(work: AccountWork, role: "sent" | "inbox"): StoredFolder {
  const found = folderOfRole(work.store, work.accountId, role);
  if (!found) throw new Failure("no-folder-for-role", { params: { role } });
  return found;
}

function bare(messageIdHeader: string): string {
  return messageIdHeader.replace(/^<|>$/gu, "");
}

async function copiesIn(work: AccountWork, session: Session, role: "sent" | "inbox", messageIdHeader: string): Promise<number> {
  await openFolder(session, folder(work, role).path, "read");
  return (await findByMessageId(session, bare(messageIdHeader))).length;
}

/** Where the account has the message. @param toSelf whether it was addressed to the account as well: then the inbox is looked at too */
export async function findInSent(work: AccountWork, session: Session, messageIdHeader: string, toSelf: boolean): Promise<Found> {
  if ((await copiesIn(work, session, "sent", messageIdHeader)) > 0) return true;
  return toSelf && (await copiesIn(work, session, "inbox", messageIdHeader)) > 0 ? "inbox" : false;
}

/**
 * Files a message unless Sent has it: Gmail and Outlook file by themselves, others when told to in web mail, and an earlier try may have gone
 * through unheard. A host that files, or of which nothing is known, is given time to do so: a copy of ours beside its own would double the
 * mail. Whether it did is learnt.
 */
export async function fileSent(work: AccountWork, session: Session, message: ToFile): Promise<Filing> {
  const { sentBy } = message;
  const id = bare(message.messageIdHeader);
  const before = sentBy === undefined ? NOTHING_KNOWN : readSentKnowledge(work.store, work.accountId, sentBy);
  const learn = (after: SentKnowledge): void => {
    if (sentBy !== undefined && after !== before) writeSentKnowledge(work.store, work.accountId, sentBy, after);
  };
  if ((await copiesIn(work, session, "sent", id)) > 0) {
    // Our own copy, of a try whose answer was lost, says nothing about the host.
    if (before.lastOurs !== id) learn(learnFilesItself(before));
    return { filed: false, already: true };
  }
  const knowledge = before.lastOurs === null ? before : learnFromLast(before, (await findByMessageId(session, before.lastOurs)).length);
  const now = work.clock();
  // A clock that was set back makes nothing younger than new.
  const laterMs = patience(session, knowledge, sentBy) - Math.max(0, now - (message.acceptedAt ?? now));
  if (laterMs > 0) {
    learn(knowledge);
    return { filed: false, already: false, laterMs };
  }
  const { path } = folder(work, "sent");
  const limitBytes = await limitBelow(session, path, message.source.sizeBytes);
  if (limitBytes !== null) throw new Failure("mailbox-limit", { params: { limitBytes } });
  learn(learnFiledByUs(knowledge, id, knowledge.filesItself !== false));
  await appendMessage(session, path, { source: message.source, flags: message.flags });
  return { filed: true, already: false };
}

const LOOPBACK = /^(?:localhost|127\.\d+\.\d+\.\d+|\[?::1\]?)(?::|$)/u;

function patience({ abilities, client }: Session, knowledge: SentKnowledge, sentBy: string | undefined): number {
  const host = sentBy?.replace(/:\d+$/u, "");
  const reputed = abilities.gmail || filesByReputation(client.host) || (host !== undefined && filesByReputation(host));
  if (host === undefined && !reputed) return 0;
  return patienceMs(knowledge, { reputed, near: host !== undefined && LOOPBACK.test(host) });
}
