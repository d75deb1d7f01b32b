import type { ToldPart } from "../plan/outline.ts";
import { type CharsetHints, NO_HINTS } from "./charset-hints.ts";
import { headerCharset } from "./charset-label.ts";
import { scanHeader } from "./header-fields.ts";
import { withLineFeeds } from "./line-ends.ts";
import { type MessageHeader, readMessageHeader } from "./message-header.ts";
import { type ToldContents, toldContents } from "./told-parts.ts";

/**
 * What a message is listed by before its bytes are here: read as it will be then, so that a row does not change when they come.
 * @param fields those of its header that `MessageHeader` is made of, as they stand in it
 */
export function readListed(
  fields: Uint8Array,
  structure: ToldPart | null,
  hints: CharsetHints = NO_HINTS,
): Pick<ToldContents, "parts" | "hasAttachment"> & { readonly header: MessageHeader } {
  const { parts, hasAttachment, declared } = toldContents(structure, hints);
  const bytes = withLineFeeds(Buffer.from(fields.buffer, fields.byteOffset, fields.byteLength));
  const header = readMessageHeader(bytes, scanHeader(bytes, 0, bytes.length).fields, headerCharset(declared, ""), hints);
  return { header, parts, hasAttachment };
}
