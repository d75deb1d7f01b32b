import type { Address } from "../../shared/address.ts";

/**
 * The copy for Sent says who got it in blind copy; what the recipients got does not. Addresses only, one to a line, so that no
 * name needs encoding (RFC 5322 §2.2.3).
 */
export function withBcc(raw: Buffer, bcc: readonly Address[]): Buffer {
  if (bcc.length === 0) return raw;
  const header = `Bcc: ${bcc.map(({ address }) => `<${address}>`).join(",\r\n ")}\r\n`;
  return Buffer.concat([Buffer.from(header, "utf8"), raw]);
}
