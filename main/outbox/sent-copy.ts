import type { Address } from "../../shared/address.ts";
import { type ByteSource, sourceAfter } from "../line/byte-source.ts";

/**
 * The copy for Sent says who got it in blind copy; what the recipients got does not. Addresses only, one to a line, so that no
 * name needs encoding (RFC 5322 §2.2.3).
 */
export function withBcc(raw: ByteSource, bcc: readonly Address[]): ByteSource {
  return bcc.length === 0 ? raw : sourceAfter(bccField(bcc), raw);
}

/** The field alone, to stand before the message; nothing where there are no blind copies. */
export function bccField(bcc: readonly Address[]): Buffer {
  const addresses = bcc.map(({ address }) => `<${address}>`).join(",\r\n ");
  return Buffer.from(bcc.length === 0 ? "" : `Bcc: ${addresses}\r\n`, "utf8");
}
