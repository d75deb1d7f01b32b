import { parseAddresses } from "./addresses.ts";
import { unfold } from "./encoded-words.ts";
import type { Field } from "./header-fields.ts";

const FIELDS = new Set(["delivered-to", "x-original-to", "x-delivered-to", "envelope-to"]);
const MOST = 10;
const LONGEST_FIELD = 1000;

/**
 * Where servers say that they delivered a message (RFC 9228), the last one first. A sender can write such fields too, so they only ever choose among addresses
 * that are the user's own.
 */
export function deliveredTo(bytes: Buffer, fields: readonly Field[]): string[] {
  return fields
    .filter(({ name }) => FIELDS.has(name))
    .slice(0, MOST)
    .flatMap(({ start, end }) => parseAddresses(unfold(bytes.subarray(start, Math.min(end, start + LONGEST_FIELD)), "")))
    .flatMap(({ address }) => (address === "" ? [] : [address]));
}
