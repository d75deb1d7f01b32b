import type { Address } from "../../shared/address.ts";
import { parseAddresses } from "./addresses.ts";
import { type CharsetHints, NO_HINTS } from "./charset-hints.ts";
import { cleanLine } from "./clean.ts";
import { parseDate } from "./date.ts";
import { decodeEncodedWords, unfoldAt } from "./encoded-words.ts";
import { type Field, findField } from "./header-fields.ts";
import { parseMessageIds } from "./message-ids.ts";

/** The part of a message's header that people and threads go by. */
export type MessageHeader = {
  /** Without angle brackets. */
  messageIdHeader: string | null;
  inReplyTo: string | null;
  references: string[];
  subject: string;
  from: Address[];
  to: Address[];
  cc: Address[];
  bcc: Address[];
  replyTo: Address[];
  /** ms UTC; null when there is no readable Date. */
  sentAt: number | null;
};

const LONGEST_FIELD = 512 * 1024;

/**
 * Reads a header that was scanned from `bytes`.
 * @param charset what raw 8-bit bytes in it are taken for first; "" asks the bytes themselves
 */
export function readMessageHeader(bytes: Buffer, fields: readonly Field[], charset: string, hints: CharsetHints = NO_HINTS): MessageHeader {
  const value = ({ start, end }: Field): string => unfoldAt(bytes, start, Math.min(end, start + LONGEST_FIELD), charset, hints);
  const text = (name: string): string => {
    const field = findField(fields, name);
    return field === undefined ? "" : value(field);
  };
  // RFC 5322 §3.6 allows one of each; where gateways wrote two, nobody is lost.
  const people = (name: string): Address[] => {
    const all: Address[] = [];
    for (const field of fields) if (field.name === name) for (const person of parseAddresses(value(field), hints)) all.push(person);
    return all;
  };
  const ownId = text("message-id");
  return {
    messageIdHeader: ownId === "" ? null : (parseMessageIds(ownId)[0] ?? (cleanLine(ownId).slice(0, 250) || null)),
    inReplyTo: parseMessageIds(text("in-reply-to"))[0] ?? null,
    references: parseMessageIds(text("references")),
    subject: cleanLine(decodeEncodedWords(text("subject"), hints)),
    from: people("from"),
    to: people("to"),
    cc: people("cc"),
    bcc: people("bcc"),
    replyTo: people("reply-to"),
    sentAt: parseDate(text("date")),
  };
}
