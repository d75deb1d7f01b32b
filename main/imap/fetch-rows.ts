import type { ImapAttributeList, ImapAttributeNode, ImapResponse } from "imapflow";
import { readImapFlags } from "../../shared/flags.ts";
import { strings } from "./command-line.ts";

export type FlagRow = { readonly uid: number; readonly modseq: number | null; readonly flags: number; readonly keywords: string[] };

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

/** Flags of a row with UID and FLAGS, else null. */
export function flagRow(items: ReadonlyMap<string, ImapAttributeList[number]>): FlagRow | null {
  const uid = uidOf(items);
  if (uid === null || !items.has("FLAGS")) return null;
  const { bits, keywords } = readImapFlags(strings(items.get("FLAGS")));
  return { uid, modseq: modseqOf(items), flags: bits, keywords };
}

/** INTERNALDATE as ms UTC ("17-Jul-1996 02:44:25 -0700"), or null. */
export function internalDate(items: ReadonlyMap<string, ImapAttributeList[number]>): number | null {
  const text = strings(items.get("INTERNALDATE"))[0];
  if (text === undefined) return null;
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
