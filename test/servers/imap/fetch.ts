import { type Arguments, SyntaxRefusal } from "./arguments.ts";
import { bodyStructure } from "./bodystructure.ts";
import { envelope } from "./envelope.ts";
import { bytesOf, dateTime, string } from "./formats.ts";
import type { Message } from "./mailbox.ts";
import { mimeTree } from "./mime-tree.ts";
import { readSection, type Section, sectionBytes, sectionName } from "./sections.ts";
import type { SelectedView } from "./selected-view.ts";

export type FetchItem =
  | {
      kind: "plain";
      name:
        | "UID"
        | "FLAGS"
        | "INTERNALDATE"
        | "RFC822.SIZE"
        | "ENVELOPE"
        | "BODY"
        | "BODYSTRUCTURE"
        | "MODSEQ"
        | "EMAILID"
        | "THREADID"
        | (typeof GMAIL)[number];
    }
  | { kind: "section"; name: string; section: Section; peek: boolean };

const GMAIL = ["X-GM-MSGID", "X-GM-THRID", "X-GM-LABELS"] as const;
const PLAIN = [
  "UID",
  "FLAGS",
  "INTERNALDATE",
  "RFC822.SIZE",
  "ENVELOPE",
  "BODYSTRUCTURE",
  "MODSEQ",
  "EMAILID",
  "THREADID",
  ...GMAIL,
] as const;
const MACROS: Record<string, readonly ((typeof PLAIN)[number] | "BODY")[]> = {
  FAST: ["FLAGS", "INTERNALDATE", "RFC822.SIZE"],
  ALL: ["FLAGS", "INTERNALDATE", "RFC822.SIZE", "ENVELOPE"],
  FULL: ["FLAGS", "INTERNALDATE", "RFC822.SIZE", "ENVELOPE", "BODY"],
};

/** The items of a FETCH command: a macro, one item or a list. */
export function readFetchItems(from: Arguments): FetchItem[] {
  if (from.rest.startsWith("(")) return from.list(() => readItem(from));
  const macro = from.match(/(?:FAST|ALL|FULL)(?= |$)/i);
  if (macro !== null) return (MACROS[macro.toUpperCase()] ?? []).map((name) => ({ kind: "plain", name }));
  return [readItem(from)];
}

function readItem(from: Arguments): FetchItem {
  if (from.take("BODY.PEEK[")) return sectionItem(from, true);
  if (from.take("BODY[")) return sectionItem(from, false);
  const name = from.match(/[A-Z0-9.-]+/i)?.toUpperCase() ?? "";
  if (name === "BODY") return { kind: "plain", name };
  const plain = PLAIN.find((known) => known === name);
  if (plain !== undefined) return { kind: "plain", name: plain };
  if (name === "RFC822") return legacy(name, "", false);
  if (name === "RFC822.HEADER") return legacy(name, "HEADER", true);
  if (name === "RFC822.TEXT") return legacy(name, "TEXT", false);
  throw new SyntaxRefusal(`unknown FETCH item ${name}`);
}

function sectionItem(from: Arguments, peek: boolean): FetchItem {
  const section = readSection(from);
  return { kind: "section", name: sectionName(section), section, peek };
}

function legacy(name: string, what: Section["what"], peek: boolean): FetchItem {
  return { kind: "section", name, section: { path: [], what, fields: [], partial: null }, peek };
}

/** Whether fetching these sets \Seen. */
export function marksSeen(items: readonly FetchItem[]): boolean {
  return items.some((item) => item.kind === "section" && !item.peek);
}

/** The untagged FETCH answer for one message. */
export function fetchAnswer(view: SelectedView, number: number, message: Message, items: readonly FetchItem[]): Buffer {
  const pieces: Buffer[] = [bytesOf(`* ${number} FETCH (`)];
  for (const [index, item] of items.entries()) {
    if (index > 0) pieces.push(bytesOf(" "));
    if (item.kind === "plain") pieces.push(bytesOf(plainItem(view, message, item.name)));
    else pieces.push(...sectionPieces(message.raw, item));
  }
  pieces.push(bytesOf(")\r\n"));
  return Buffer.concat(pieces);
}

function sectionPieces(raw: Buffer, { name, section }: Extract<FetchItem, { kind: "section" }>): Buffer[] {
  const bytes = sectionBytes(raw, section);
  if (bytes === null) return [bytesOf(`${name} NIL`)];
  return [bytesOf(`${name} {${bytes.length}}\r\n`), bytes];
}

function plainItem(view: SelectedView, message: Message, name: Extract<FetchItem, { kind: "plain" }>["name"]): string {
  switch (name) {
    case "UID":
      return `UID ${message.uid}`;
    case "FLAGS":
      view.markTold(message);
      return view.flags(message);
    case "INTERNALDATE":
      return `INTERNALDATE ${dateTime(message.internalDate, message.zoneMinutes)}`;
    case "RFC822.SIZE":
      return `RFC822.SIZE ${message.raw.length}`;
    case "ENVELOPE":
      return `ENVELOPE ${envelope(mimeTree(message.raw).fields)}`;
    case "BODY":
    case "BODYSTRUCTURE":
      return `${name} ${bodyStructure(message.raw, mimeTree(message.raw), name === "BODYSTRUCTURE")}`;
    case "MODSEQ":
      return `MODSEQ (${message.modseq})`;
    case "EMAILID":
      return `EMAILID (${message.emailId})`;
    case "THREADID":
      return "THREADID NIL";
    case "X-GM-MSGID":
      return `X-GM-MSGID ${message.gm?.msgId ?? 0}`;
    case "X-GM-THRID":
      return `X-GM-THRID ${message.gm?.thrId ?? 0}`;
    case "X-GM-LABELS":
      return `X-GM-LABELS (${[...(message.gm?.labels ?? [])].map(string).join(" ")})`;
  }
}
