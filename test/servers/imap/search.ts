import { parseAddresses } from "./addresses.ts";
import { type Arguments, SyntaxRefusal } from "./arguments.ts";
import { decodeHeader, readableText } from "./decoded-text.ts";
import { monthIndex, parseDay } from "./formats.ts";
import { fieldValue } from "./header-fields.ts";
import { canonicalFlag, type Message } from "./mailbox.ts";
import { mimeTree } from "./mime-tree.ts";
import type { SelectedView } from "./selected-view.ts";
import { inSet, readSequenceSet } from "./sequence-set.ts";

export type Test = (message: Message, number: number) => boolean;

export interface SearchContext {
  view: SelectedView;
  /** Set when the criteria spoke of MODSEQ: the answer must then carry one (RFC 7162 §3.1.5). */
  usesModseq: boolean;
  /** Charset of the strings in the command. */
  charset: string;
}

/** All keys up to the end of the command; all must hold. */
export function readSearch(from: Arguments, context: SearchContext): Test {
  const tests = [readKey(from, context)];
  while (!from.atEnd) {
    from.space();
    tests.push(readKey(from, context));
  }
  return all(tests);
}

function all(tests: readonly Test[]): Test {
  return (message, number) => tests.every((test) => test(message, number));
}

const FLAG_KEYS: Record<string, [flag: string, wanted: boolean]> = {
  ANSWERED: ["\\Answered", true],
  DELETED: ["\\Deleted", true],
  DRAFT: ["\\Draft", true],
  FLAGGED: ["\\Flagged", true],
  SEEN: ["\\Seen", true],
  UNANSWERED: ["\\Answered", false],
  UNDELETED: ["\\Deleted", false],
  UNDRAFT: ["\\Draft", false],
  UNFLAGGED: ["\\Flagged", false],
  UNSEEN: ["\\Seen", false],
};

function readKey(from: Arguments, context: SearchContext): Test {
  if (from.rest.startsWith("(")) return all(from.list(() => readKey(from, context)));
  if (/^[\d*]/.test(from.rest)) {
    const set = readSequenceSet(from);
    return (_message, number) => inSet(set, number, context.view.messages.length);
  }
  const key = from.atom().toUpperCase();
  const flagKey = FLAG_KEYS[key];
  if (flagKey !== undefined) return ({ flags }) => flags.has(flagKey[0]) === flagKey[1];
  const simple = simpleKey(key, context);
  if (simple !== null) return simple;
  from.space();
  return keyWithArgument(key, from, context);
}

function simpleKey(key: string, { view }: SearchContext): Test | null {
  const recent = (message: Message): boolean => view.recent.has(message);
  if (key === "ALL") return () => true;
  if (key === "RECENT") return recent;
  if (key === "OLD") return (message) => !recent(message);
  if (key === "NEW") return (message) => recent(message) && !message.flags.has("\\Seen");
  return null;
}

function keyWithArgument(key: string, from: Arguments, context: SearchContext): Test {
  switch (key) {
    case "NOT": {
      const inner = readKey(from, context);
      return (message, number) => !inner(message, number);
    }
    case "OR": {
      const first = readKey(from, context);
      from.space();
      const second = readKey(from, context);
      return (message, number) => first(message, number) || second(message, number);
    }
    case "UID": {
      const set = readSequenceSet(from);
      return ({ uid }) => inSet(set, uid, context.view.messages.at(-1)?.uid ?? 0);
    }
    case "KEYWORD":
    case "UNKEYWORD": {
      const flag = canonicalFlag(from.flag());
      return ({ flags }) => flags.has(flag) === (key === "KEYWORD");
    }
    case "LARGER":
    case "SMALLER": {
      const size = from.number();
      return ({ raw }) => (key === "LARGER" ? raw.length > size : raw.length < size);
    }
    case "MODSEQ":
      return modseqKey(from, context);
    case "EMAILID": {
      const id = from.astring();
      return ({ emailId }) => emailId === id;
    }
    default:
      return dateKey(key, from) ?? textKey(key, from, context);
  }
}

function modseqKey(from: Arguments, context: SearchContext): Test {
  context.usesModseq = true;
  if (from.string() !== null) {
    from.space();
    from.atom();
    from.space();
  }
  const modseq = from.number();
  return (message) => message.modseq >= modseq;
}

function dateKey(key: string, from: Arguments): Test | null {
  const [, sent, relation] = /^(SENT)?(BEFORE|ON|SINCE)$/.exec(key) ?? [];
  if (relation === undefined) return null;
  const wanted = parseDay(from.astring());
  if (wanted === null) throw new SyntaxRefusal("not a date");
  return (message) => {
    const day = sent === undefined ? arrivalDay(message) : sentDay(message);
    if (day === null) return false;
    if (relation === "ON") return day === wanted;
    return relation === "BEFORE" ? day < wanted : day >= wanted;
  };
}

function arrivalDay({ internalDate, zoneMinutes }: Message): number {
  return Math.floor((internalDate.getTime() + zoneMinutes * 60_000) / 86_400_000);
}

/** The day as written in Date, without regard to its zone (RFC 3501 §6.4.4). */
function sentDay({ raw }: Message): number | null {
  const [, day, name, year] = /(\d{1,2})\s+(\w{3})\w*\s+(\d{4})/.exec(fieldValue(mimeTree(raw).fields, "date") ?? "") ?? [];
  const month = monthIndex(name);
  return month === null ? null : Date.UTC(Number(year), month, Number(day)) / 86_400_000;
}

function textKey(key: string, from: Arguments, context: SearchContext): Test {
  const fieldName = key === "HEADER" ? from.astring().toLowerCase() : key.toLowerCase();
  if (key === "HEADER") from.space();
  const words = fold(new TextDecoder(context.charset).decode(Buffer.from(from.astring(), "latin1")));
  switch (key) {
    case "BODY":
      return ({ raw }) => fold(readableText(raw)).includes(words);
    case "TEXT":
      return ({ raw }) => headerTexts(raw, null).some((text) => text.includes(words)) || fold(readableText(raw)).includes(words);
    case "HEADER":
    case "SUBJECT":
    case "FROM":
    case "TO":
    case "CC":
    case "BCC":
      return ({ raw }) => headerTexts(raw, fieldName).some((text) => text.includes(words));
    default:
      throw new SyntaxRefusal(`unknown search key ${key}`);
  }
}

const ADDRESS_FIELDS = ["from", "to", "cc", "bcc", "sender", "reply-to"];

/** Values to look into: as written, and addresses also in their plain form without comments and folding. */
function headerTexts(raw: Buffer, name: string | null): string[] {
  const fields = mimeTree(raw).fields.filter((field) => name === null || field.name.toLowerCase() === name);
  return fields.flatMap((field) => {
    const written = decodeHeader(field.value);
    const text = name === null ? `${field.name}: ${written}` : written;
    if (!ADDRESS_FIELDS.includes(field.name.toLowerCase())) return [fold(text)];
    const plain = parseAddresses(field.value).map(
      ({ name: who, mailbox, host }) => `${who === null ? "" : decodeHeader(who)} <${mailbox}@${host}>`,
    );
    return [fold(text), fold(plain.join(", "))];
  });
}

function fold(text: string): string {
  return text.normalize("NFKC").toLowerCase();
}
