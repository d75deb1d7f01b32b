import type { ImapAttributeList, ImapAttributeNode, ImapResponse } from "imapflow";
import { readImapFlags } from "../../shared/flags.ts";
import { type Argument, atom, strings } from "./command-line.ts";
import type { Session } from "./session.ts";

export type FlagRow = {
  readonly uid: number;
  readonly modseq: number | null;
  readonly flags: number;
  readonly keywords: string[];
  /** Gmail's labels: system ones with their backslash, others by their folder's path. Null when the server was not asked. */
  readonly labels: string[] | null;
};

/** Items of a FETCH answer by upper-case name; a section is named with its brackets, without fields and origin. */
export function fetchItems(answer: ImapResponse): Map<string, ImapAttributeList[number]> {
  const items = new Map<string, ImapAttributeList[number]>();
  const list = answer.attributes?.[1];
  if (!Array.isArray(list)) return items;
  for (let index = 0; index + 1 < list.length; index += 2) {
    const key = list[index];
    const value = list[index + 1];
    if (!key || Array.isArray(key) || value === undefined) continue;
    items.set(itemName(key), value);
  }
  return items;
}

function itemName(key: ImapAttributeNode): string {
  const name = String(key.value ?? "").toUpperCase();
  if (!key.section) return name;
  return `${name}[${strings(key.section)[0]?.toUpperCase() ?? ""}]`;
}

/** The UID of a row, or null: rows of other FETCHes come in between, and those need not have one (RFC 9051 §7.5.2). */
export function uidOf(items: ReadonlyMap<string, ImapAttributeList[number]>): number | null {
  const uid = Number(strings(items.get("UID"))[0] ?? "");
  return Number.isInteger(uid) && uid > 0 && uid <= 0xffffffff ? uid : null;
}

export function modseqOf(items: ReadonlyMap<string, ImapAttributeList[number]>): number | null {
  const modseq = Number(strings(items.get("MODSEQ"))[0] ?? "");
  return Number.isSafeInteger(modseq) && modseq > 0 ? modseq : null;
}

/** X-GM-LABELS of a row. System labels come as flags or quoted; the others are folder names and spelt like them. NIL inside was seen. */
function labelsOf(items: ReadonlyMap<string, ImapAttributeList[number]>, session: Pick<Session, "pathOf">): string[] | null {
  if (!items.has("X-GM-LABELS")) return null;
  return strings(items.get("X-GM-LABELS")).map((raw) => {
    if (!raw.startsWith("\\")) return session.pathOf(raw);
    return raw === "\\Drafts" ? "\\Draft" : raw;
  });
}

/** Flags of a row with UID and FLAGS, else null. */
export function flagRow(items: ReadonlyMap<string, ImapAttributeList[number]>, session: Pick<Session, "pathOf">): FlagRow | null {
  const uid = uidOf(items);
  if (uid === null || !items.has("FLAGS")) return null;
  const { bits, keywords } = readImapFlags(strings(items.get("FLAGS")));
  return { uid, modseq: modseqOf(items), flags: bits, keywords, labels: labelsOf(items, session) };
}

/** INTERNALDATE as ms UTC ("17-Jul-1996 02:44:25 -0700"), or null. */
export function internalDate(items: ReadonlyMap<string, ImapAttributeList[number]>): number | null {
  const text = strings(items.get("INTERNALDATE"))[0];
  return text === undefined ? null : dateOf(text);
}

/** A date-time of RFC 9051 §9 as ms UTC, or null. */
export function dateOf(text: string): number | null {
  const at = Date.parse(text.trim().replace(/-/u, " ").replace(/-/u, " "));
  return Number.isNaN(at) ? null : at;
}

/** The bytes of a section: usually a literal; small parts come as a quoted string from some servers. NIL = null. */
export function bytesOf(attribute: ImapAttributeList[number] | undefined): Buffer | null {
  if (!attribute || Array.isArray(attribute)) return null;
  if (Buffer.isBuffer(attribute.value)) return attribute.value;
  return typeof attribute.value === "string" ? Buffer.from(attribute.value) : null;
}

/** EMAILID comes in parentheses (RFC 8474 §5.1), X-GM-MSGID bare. */
export function identityOf(items: ReadonlyMap<string, ImapAttributeList[number]>): string | null {
  return strings(items.get("EMAILID"))[0] ?? strings(items.get("X-GM-MSGID"))[0] ?? null;
}

/** X-GM-THRID: Gmail's own idea of the conversation. */
export function threadOf(items: ReadonlyMap<string, ImapAttributeList[number]>): string | null {
  return strings(items.get("X-GM-THRID"))[0] ?? null;
}

/** What else to ask of every message for its flags: the mod-sequence where it can be trusted, Gmail's labels. */
export function flagItems({ abilities }: Session): Argument[] {
  return ["UID", "FLAGS", ...(abilities.condstore ? ["MODSEQ"] : []), ...(abilities.gmail ? ["X-GM-LABELS"] : [])].map(atom);
}

/** What tells a message from all others, and which conversation it is of. */
export function identityItems({ abilities }: Session): Argument[] {
  return [...(abilities.messageIdentity ? [abilities.messageIdentity] : []), ...(abilities.gmail ? ["X-GM-THRID"] : [])].map(atom);
}
