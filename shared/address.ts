import { z } from "zod";

/** A person or mailbox as it stands in a header. `address` may be empty for a group or a broken header; `name` may be empty. */
export const address = z.object({ name: z.string(), address: z.string() });
export type Address = z.infer<typeof address>;

/** What Satchel lets a user send to: one @, no blanks, a domain. Deliberately looser than RFC 5322 §3.4.1: the server has the last word. */
export function looksLikeAddress(text: string): boolean {
  return /^[^\s@<>,;:"()[\]\\]+@[^\s@<>,;:"()[\]\\]+$/u.test(text) || /^"[^"\r\n]+"@[^\s@<>,;]+$/u.test(text);
}

export function domainOf(mailbox: string): string {
  return mailbox.slice(mailbox.lastIndexOf("@") + 1).toLowerCase();
}
