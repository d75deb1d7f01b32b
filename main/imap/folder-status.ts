import type { ImapAttribute, ImapResponse } from "imapflow";
import { asFailure } from "../../shared/failure.ts";
import { type Argument, atom, strings } from "./command-line.ts";
import type { Session } from "./session.ts";

/** What STATUS tells about a folder without selecting it. */
export type FolderStatus = {
  readonly messages: number;
  readonly unseen: number;
  readonly uidNext: number;
  readonly uidValidity: number;
  /** Null where the server keeps no mod-sequences (for this folder). */
  readonly highestModseq: number | null;
  /** RFC 8474; null where the server has none. */
  readonly mailboxId?: string | null;
};

export function statusItems(session: Session): Argument[] {
  const items = ["MESSAGES", "UNSEEN", "UIDNEXT", "UIDVALIDITY"];
  // RFC 7162 §3.1.7: asking for it is also what switches CONDSTORE on, so only where it is on already.
  if (session.abilities.condstore) items.push("HIGHESTMODSEQ");
  if (session.abilities.objectId) items.push("MAILBOXID");
  return items.map(atom);
}

/** Reads one `* STATUS folder (…)`; null when it makes no sense. */
export function readStatus(session: Session, answer: ImapResponse): { path: string; status: FolderStatus } | null {
  const [name, items] = answer.attributes ?? [];
  const raw = strings(name)[0];
  if (raw === undefined || !Array.isArray(items)) return null;
  const found = new Map<string, number>();
  let mailboxId: string | null = null;
  for (let index = 0; index + 1 < items.length; index += 2) {
    const value = number(items[index + 1]);
    const key = strings(items[index])[0]?.toUpperCase();
    if (key === "MAILBOXID") mailboxId = strings(items[index + 1])[0] ?? null;
    if (key !== undefined && value !== null) found.set(key, value);
  }
  const uidNext = found.get("UIDNEXT");
  const uidValidity = found.get("UIDVALIDITY");
  const messages = found.get("MESSAGES");
  if (uidNext === undefined || uidValidity === undefined || messages === undefined) return null;
  const highestModseq = found.get("HIGHESTMODSEQ") ?? 0;
  return {
    path: session.pathOf(raw),
    status: {
      messages,
      unseen: found.get("UNSEEN") ?? 0,
      uidNext,
      uidValidity,
      highestModseq: highestModseq > 0 ? highestModseq : null,
      ...(mailboxId === null ? {} : { mailboxId }),
    },
  };
}

function number(attribute: ImapAttribute | undefined): number | null {
  const text = strings(attribute)[0];
  if (text === undefined || !/^\d{1,16}$/u.test(text)) return null;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : null;
}

/**
 * How the given folders stand. One round trip for all where the server has LIST-STATUS (RFC 5819), else one STATUS each. A folder that
 * cannot be asked is left out.
 */
export async function readStatuses(session: Session, paths: readonly string[]): Promise<Map<string, FolderStatus>> {
  const statuses = new Map<string, FolderStatus>();
  const take = (answer: ImapResponse) => {
    const read = readStatus(session, answer);
    if (read) statuses.set(read.path, read.status);
  };
  if (session.abilities.listStatus && paths.length > 1) {
    const returns = [atom("STATUS"), statusItems(session)];
    await session.send("LIST", ["", "*", atom("RETURN"), returns], { LIST() {}, STATUS: take });
    return statuses;
  }
  for (const path of paths) {
    try {
      await session.send("STATUS", [session.wireName(path), statusItems(session)], { STATUS: take });
    } catch (error) {
      const failure = asFailure(error);
      if (failure.kind !== "refused" && failure.kind !== "gone") throw failure;
    }
  }
  return statuses;
}
