import { z } from "zod";

/**
 * Who answers for the sender's address. Domains are as DNS has them; `server` is the account's own server when the finding is its,
 * "" when the message was checked on this computer.
 */
export const vouching = z.discriminatedUnion("kind", [
  /** Nothing is known, for or against. */
  z.object({ kind: z.literal("unknown") }),
  /** A good signature that may stand for the sender (DKIM). */
  z.object({ kind: z.literal("signed"), domain: z.string(), server: z.string() }),
  /** It came from a server that the sender's domain names (SPF). */
  z.object({ kind: z.literal("path"), domain: z.string(), server: z.string() }),
  /** The signature was lost on the way; who handed it on says that it was good (ARC). `through` is "" when the server does not say who. */
  z.object({ kind: z.literal("forwarded"), domain: z.string(), through: z.string(), server: z.string() }),
  /** The domain says that its mail is always signed, and this is not (DMARC). */
  z.object({ kind: z.literal("unvouched"), domain: z.string(), found: z.enum(["nothing", "altered"]), server: z.string() }),
]);
export type Vouching = z.infer<typeof vouching>;
