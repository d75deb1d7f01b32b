import { asFailure, Failure } from "../../shared/failure.ts";
import { withFlag } from "../../shared/flags.ts";
import type { ByteSource } from "../line/byte-source.ts";
import { NO_HINTS } from "../mime/charset-hints.ts";
import { scanHeader } from "../mime/header-fields.ts";
import { indexText } from "../mime/index-text.ts";
import { NO_WORDS, unreadableSummary } from "../mime/parse-arrived.ts";
import { blobPath, streamBlob } from "../store/blobs.ts";
import { folderOfRole, type StoredFolder } from "../store/folders.ts";
import { ingestLocal } from "../store/ingest-local.ts";
import { hasMessageIn, newestBlobs } from "../store/placements.ts";
import type { AccountWork } from "./account-work.ts";
import type { Filing, Found, ToFile } from "./file-sent.ts";
import { headOf } from "./read-stray.ts";

function folderOf({ store, accountId }: AccountWork, role: "sent" | "inbox"): StoredFolder {
  const folder = folderOfRole(store, accountId, role);
  if (folder === undefined) throw new Failure("no-folder-for-role", { params: { role } });
  return folder;
}

const bare = (messageIdHeader: string): string => messageIdHeader.replace(/^<|>$/gu, "");

function isHere(work: AccountWork, role: "sent" | "inbox", messageIdHeader: string): boolean {
  return hasMessageIn(work.store.db, folderOf(work, role), bare(messageIdHeader));
}

/** Where the account has the message, among what was fetched so far. @param toSelf whether it was addressed to the account as well */
export async function findLocally(work: AccountWork, messageIdHeader: string, toSelf: boolean): Promise<Found> {
  if (isHere(work, "sent", messageIdHeader)) return true;
  if (!toSelf) return false;
  return isHere(work, "inbox", messageIdHeader) || (await cameUnderAnotherId(work, bare(messageIdHeader))) ? "inbox" : false;
}

/** What came since a message was sent is among so many of the newest. */
const MOST_LOOKED_AT = 50;
/** Outlook gives what it sends a Message-ID of its own, and keeps the sender's here. */
const ORIGINAL_ID = "x-microsoft-original-message-id";

async function cameUnderAnotherId(work: AccountWork, id: string): Promise<boolean> {
  const { store, log } = work;
  const inbox = folderOf(work, "inbox").id;
  for (const hash of newestBlobs(store.db, inbox, MOST_LOOKED_AT)) {
    try {
      const { head } = await headOf(blobPath(store.blobs.dir, hash));
      const { fields } = scanHeader(head, 0, head.length);
      const named = fields.filter(({ name }) => name === ORIGINAL_ID);
      if (named.some(({ start, end }) => bare(head.toString("latin1", start, end).trim()) === id)) return true;
    } catch (error) {
      // A file that has gone is fetched again, and looked at with the next look.
      log.warn("pop3.not-looked-at", { code: asFailure(error).code });
    }
  }
  return false;
}

/** Files a sent message in the local Sent, once: file and row are on disk when it resolves. */
export async function fileLocally(work: AccountWork, { source, messageIdHeader }: ToFile): Promise<Filing> {
  const already: Filing = { filed: false, already: true };
  if (isHere(work, "sent", messageIdHeader)) return already;
  const body = await keep(work, source, messageIdHeader);
  const { store } = work;
  const ingested = store.db.writeDurably(() => {
    // An earlier try may have come through meanwhile.
    if (isHere(work, "sent", messageIdHeader)) return [];
    return ingestLocal(store, folderOf(work, "sent").id, [{ body, flags: withFlag(0, "seen", true), receivedAt: work.clock() }]);
  });
  const [filed] = ingested;
  if (filed === undefined) return already;
  work.onIndexText?.([{ messageId: filed.messageId, text: body.indexText }]);
  return { filed: true, already: false };
}

/** On disk, and read by the pool from there: a large one is in memory piece by piece here. */
async function keep({ store, parsePool, log }: AccountWork, source: ByteSource, messageIdHeader: string) {
  const kept = await streamBlob(store.blobs.dir, source);
  const read = await parsePool.again({ hash: kept.hash }, NO_HINTS).catch((error: unknown) => {
    // One that no reader survives is filed all the same, as one that arrives is.
    if (asFailure(error).kind !== "bug") throw error;
    log.error("pop3.copy-not-read", error);
    return { ...unreadableSummary(), messageIdHeader: bare(messageIdHeader), indexText: indexText(NO_WORDS) };
  });
  return { ...read, ...kept };
}
