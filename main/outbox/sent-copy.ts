import type { Address } from "../../shared/address.ts";
import { type ByteSource, sourceAfter } from "../line/byte-source.ts";

/**
 * The copy for Sent says who got it in blind copy; what the recipients got does not. Addresses only, one to a line, so that no
 * name needs encoding (RFC 5322 §2.2.3).
 */
export function withBcc(raw: ByteSource, bcc: readonly Address[]): ByteSource {
  if (bcc.length === 0) return raw;
  return sourceAfter(Buffer.from(`Bcc: ${bcc.map(({ address }) => `<${address}>`).join(",\r\n ")}\r\n`, "utf8"), raw);
}
