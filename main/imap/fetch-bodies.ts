import { readImapFlags } from "../../shared/flags.ts";
import { atom, peek, uidSet } from "./command-line.ts";
import {
  bytesOf,
  dateOf,
  type FlagRow,
  fetchItems,
  flagItems,
  flagRow,
  identityItems,
  identityOf,
  internalDate,
  threadOf,
  uidOf,
} from "./fetch-rows.ts";
import type { TappedRow } from "./literal-tap.ts";
import type { Session } from "./session.ts";

/** All bytes of a message. */
export type BodyRow = { readonly uid: number; readonly bytes: Uint8Array };
/** A message seen for the first time, bytes and all. */
export type WholeRow = FlagRow &
  BodyRow & { readonly receivedAt: number | null; readonly emailId: string | null; readonly threadId: string | null };

/**
 * Bytes of a set of UIDs in the open folder, each as it comes. While the promise of `onBody` is open nothing more is read from the line:
 * this is what bounds memory. Messages that are gone simply do not come.
 */
export async function fetchBodies(session: Session, uids: string, onBody: (row: BodyRow) => void | Promise<void>): Promise<void> {
  await session.sendForMessages("UID FETCH", [uidSet(uids), [atom("UID"), peek()]], onBody, {
    FETCH(answer) {
      const items = fetchItems(answer);
      const uid = uidOf(items);
      const bytes = bytesOf(items.get("BODY[]"));
      if (uid === null || !bytes) return undefined;
      return onBody({ uid, bytes: session.messageBytes(bytes) });
    },
  });
}

/** As `fetchBodies`, with flags and dates: for folders of which nothing is known yet. */
export async function fetchWhole(session: Session, uids: string, onRow: (row: WholeRow) => void | Promise<void>): Promise<void> {
  const items = [...flagItems(session), atom("INTERNALDATE"), ...identityItems(session)];
  const onTapped = ({ uid, modseq, flags, internalDate, bytes }: TappedRow): void | Promise<void> => {
    if (flags === null) return undefined;
    const { bits, keywords } = readImapFlags(flags);
    const receivedAt = internalDate === null ? null : dateOf(internalDate);
    return onRow({ uid, modseq, flags: bits, keywords, labels: null, receivedAt, emailId: null, threadId: null, bytes });
  };
  await session.sendForMessages("UID FETCH", [uidSet(uids), [...items, peek()]], onTapped, {
    FETCH(answer) {
      const found = fetchItems(answer);
      const flags = flagRow(found, session);
      const bytes = bytesOf(found.get("BODY[]"));
      if (!flags || !bytes) return undefined;
      const more = { receivedAt: internalDate(found), emailId: identityOf(found), threadId: threadOf(found) };
      return onRow({ ...flags, bytes: session.messageBytes(bytes), ...more });
    },
  });
}
