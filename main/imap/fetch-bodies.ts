import { atom, peek, uidSet } from "./command-line.ts";
import { bytesOf, type FlagRow, fetchItems, flagRow, identityOf, internalDate, uidOf } from "./fetch-rows.ts";
import type { Session } from "./session.ts";

/** All bytes of a message. `bytes` belongs to the receiver alone: it may be handed to another thread. */
export type BodyRow = { readonly uid: number; readonly bytes: Uint8Array<ArrayBuffer> };
/** A message seen for the first time, bytes and all. */
export type WholeRow = FlagRow & BodyRow & { readonly receivedAt: number | null; readonly emailId: string | null };

/** Buffers of Node's shared pool cannot change threads: those few small ones are copied. */
function own(bytes: Buffer): Uint8Array<ArrayBuffer> {
  if (bytes.byteLength === bytes.buffer.byteLength && bytes.buffer instanceof ArrayBuffer)
    return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return new Uint8Array(bytes);
}

/**
 * Bytes of a set of UIDs in the open folder, each as it comes. While the promise of `onBody` is open nothing more is read from the line:
 * this is what bounds memory. Messages that are gone simply do not come.
 */
export async function fetchBodies(session: Session, uids: string, onBody: (row: BodyRow) => void | Promise<void>): Promise<void> {
  await session.send("UID FETCH", [uidSet(uids), [atom("UID"), peek()]], {
    FETCH(answer) {
      const items = fetchItems(answer);
      const uid = uidOf(items);
      const bytes = bytesOf(items.get("BODY[]"));
      if (uid === null || !bytes) return undefined;
      return onBody({ uid, bytes: own(bytes) });
    },
  });
}

/** As `fetchBodies`, with flags and dates: for folders of which nothing is known yet. */
export async function fetchWhole(session: Session, uids: string, onRow: (row: WholeRow) => void | Promise<void>): Promise<void> {
  const items = ["UID", "FLAGS", "INTERNALDATE"].map(atom);
  if (session.abilities.condstore) items.push(atom("MODSEQ"));
  if (session.abilities.messageIdentity) items.push(atom(session.abilities.messageIdentity));
  await session.send("UID FETCH", [uidSet(uids), [...items, peek()]], {
    FETCH(answer) {
      const found = fetchItems(answer);
      const flags = flagRow(found);
      const bytes = bytesOf(found.get("BODY[]"));
      if (!flags || !bytes) return undefined;
      return onRow({ ...flags, bytes: own(bytes), receivedAt: internalDate(found), emailId: identityOf(found) });
    },
  });
}
