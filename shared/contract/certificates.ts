import { z } from "zod";
import { accountId } from "../ids.ts";
import { accountSettings, fingerprint } from "./accounts.ts";
import { request } from "./define.ts";

/** How a server is spoken to before TLS. */
export type Spoken = "imap" | "pop3" | "smtp";

/** The certificate that a server shows, and what TLS came to with it. */
export const shownCertificate = z.object({
  sha256: fingerprint,
  /** Public: what the server shows to everybody. */
  pem: z.string(),
  subject: z.string(),
  issuer: z.string(),
  names: z.array(z.string()),
  /** Milliseconds UTC. */
  validFrom: z.number(),
  validTo: z.number(),
  /** "TLSv1.3" */
  protocol: z.string(),
  cipher: z.string(),
  /** By whom it is trusted: an authority that this computer knows, the user who pinned it, or nobody. */
  trust: z.enum(["authority", "pinned", "none"]),
  selfSigned: z.boolean(),
  wrongName: z.boolean(),
  /** Whether the last line that was signed in on went on with an earlier TLS session; null where there was none since the start. */
  lastResumed: z.boolean().nullable(),
});
export type ShownCertificate = z.infer<typeof shownCertificate>;

export const certificatesRequests = {
  /** Looks at what the server shows, good or bad; nobody is signed in on that line. `accountId`: the way there is that account's. */
  "certificates.look": request(
    z.object({ settings: accountSettings, side: z.enum(["incoming", "outgoing"]), accountId: accountId.optional() }),
    shownCertificate,
  ),
};
