import type { ImapResponse } from "imapflow";
import { Failure } from "../../shared/failure.ts";
import { atom, responseCode, strings, uidSet } from "./command-line.ts";
import { fetchItems, uidOf } from "./fetch-rows.ts";
import type { Session } from "./session.ts";
import { expandUidSet, formatUidSet } from "./uid-set.ts";

/**
 * Adds or removes one flag on messages of the folder open for writing. Rejects with the server's words.
 * @returns messages whose flags the server told and that are not as they should be: keywords may be dropped without a word
 */
export async function storeFlag(session: Session, uids: readonly number[], flag: string, on: boolean): Promise<ReadonlySet<number>> {
  const unlike = new Set<number>();
  const wanted = new Set(uids);
  // System flags are kept by whoever lists them; of keywords the answer is the only witness (RFC 9051 §6.4.6).
  const silent = flag.startsWith("\\") ? ".SILENT" : "";
  await session.send("UID STORE", [uidSet(formatUidSet(uids)), atom(`${on ? "+" : "-"}FLAGS${silent}`), [atom(flag)]], {
    FETCH(answer) {
      const items = fetchItems(answer);
      const uid = uidOf(items);
      if (silent !== "" || uid === null || !wanted.has(uid) || !items.has("FLAGS")) return;
      const has = strings(items.get("FLAGS")).some((one) => one.toLowerCase() === flag.toLowerCase());
      if (has === on) unlike.delete(uid);
      else unlike.add(uid);
    },
  });
  return unlike;
}

/** Puts a Gmail label on messages of All Mail, open for writing, or takes it off. A system label goes as it is, another by its folder's name. */
export async function storeLabel(session: Session, uids: readonly number[], label: string, on: boolean): Promise<void> {
  const name = label.startsWith("\\") ? atom(label) : session.wireName(label);
  await session.send("UID STORE", [uidSet(formatUidSet(uids)), atom(on ? "+X-GM-LABELS.SILENT" : "-X-GM-LABELS.SILENT"), [name]]);
}

/** Where moved or copied messages lie now: source UID → new UID; null when the server does not tell (no UIDPLUS). */
export type NewUids = { readonly uidValidity: number; readonly uids: ReadonlyMap<number, number> } | null;

/** RFC 4315 §3: the two sets pair by position. A COPYUID that does not add up is worth nothing. */
export function readCopyUid(answer: ImapResponse): NewUids {
  const [name, validity, from, to] = responseCode(answer);
  if (name?.toUpperCase() !== "COPYUID" || from === undefined || to === undefined) return null;
  const sources = expandUidSet(from, 100_000);
  const targets = expandUidSet(to, 100_000);
  const uidValidity = Number(validity);
  if (!sources || !targets || sources.length !== targets.length || !(uidValidity > 0)) return null;
  return { uidValidity, uids: new Map(sources.map((uid, index) => [uid, targets[index] ?? 0])) };
}

/** UID MOVE (RFC 6851): all or nothing per message, and harmless when repeated. Only where the server has MOVE. */
export async function moveMessages(session: Session, uids: readonly number[], toPath: string): Promise<NewUids> {
  if (!session.abilities.move) throw new Failure("not-supported");
  let moved: NewUids = null;
  const tagged = await session.send("UID MOVE", [uidSet(formatUidSet(uids)), session.wireName(toPath)], {
    OK(line) {
      moved = readCopyUid(line) ?? moved;
    },
    EXPUNGE() {},
    VANISHED() {},
  });
  return moved ?? readCopyUid(tagged);
}

/** UID COPY. A repetition makes a second copy: mark it as attempted first. */
export async function copyMessages(session: Session, uids: readonly number[], toPath: string): Promise<NewUids> {
  return readCopyUid(await session.send("UID COPY", [uidSet(formatUidSet(uids)), session.wireName(toPath)]));
}

/**
 * Removes exactly these messages, already marked \Deleted. Without UIDPLUS there is no such command (a bare EXPUNGE would take what
 * other programs marked), and this answers false.
 */
export async function expungeUids(session: Session, uids: readonly number[]): Promise<boolean> {
  if (!session.abilities.uidplus) return false;
  await session.send("UID EXPUNGE", [uidSet(formatUidSet(uids))], { EXPUNGE() {}, VANISHED() {} });
  return true;
}

/**
 * The bare EXPUNGE: removes all that anybody marked \Deleted in the open folder. Only for Empty Trash on servers without UIDPLUS, after
 * the user has seen how many others would go.
 */
export async function expungeAllDeleted(session: Session): Promise<void> {
  await session.send("EXPUNGE", [], { EXPUNGE() {}, VANISHED() {} });
}
