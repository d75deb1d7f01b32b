import { parseDate } from "./date.ts";
import { unfold } from "./encoded-words.ts";
import { findField, scanHeader } from "./header-fields.ts";

const LONGEST_FIELD = 8192;

/** When the last server took a message in, by its own word: the date of the topmost Received (RFC 5321 §4.4). Null without one. */
export function receivedAtOf(message: Buffer): number | null {
  const { fields } = scanHeader(message, 0, message.length);
  const field = findField(fields, "received");
  if (field === undefined) return null;
  const text = unfold(message.subarray(field.start, Math.min(field.end, field.start + LONGEST_FIELD)), "");
  return parseDate(text.slice(text.lastIndexOf(";") + 1));
}
