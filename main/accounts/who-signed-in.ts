import { z } from "zod";
import { Failure } from "../../shared/failure.ts";

const claims = z.object({
  iss: z.string().optional(),
  aud: z.union([z.string(), z.array(z.string())]),
  azp: z.string().optional(),
  exp: z.number().optional(),
  nonce: z.string().optional(),
  email: z.string().optional(),
  email_verified: z.union([z.boolean(), z.string()]).optional(),
  preferred_username: z.string().optional(),
  name: z.string().optional(),
  /** Microsoft: the tenant. */
  tid: z.string().optional(),
  /** Google: the organisation's domain. */
  hd: z.string().optional(),
});
type Claims = z.infer<typeof claims>;

/** Who signed in, as far as the provider says. */
export type Person = { readonly address: string | null; readonly name: string | null };
const NOBODY: Person = { address: null, name: null };

/** What an id token has to agree with. It comes from the token endpoint over TLS, which stands for its signature (OpenID Connect Core §3.1.3.7). */
export type Expected = {
  readonly clientId: string;
  readonly nonce: string;
  readonly issuer: string;
  /** ms UTC */
  readonly now: number;
  /** Google Workspace's domain, where only that may sign in. */
  readonly hostedDomain?: string | undefined;
  /** The account is made of what it says, so that all of it is held against what was asked. */
  readonly strict: boolean;
};

/** Clocks differ; more than that and it is another sign-in's. */
const CLOCKS_DIFFER_MS = 5 * 60_000;

/**
 * Reads an id token that is for us and for this attempt; anybody else's says nothing.
 *
 * @throws Failure `sign-in-forged` when it is `strict` and another issuer's, run out, or of another organisation
 */
export function readIdToken(idToken: string | null, expected: Expected): Person {
  const said = claimsOf(idToken);
  if (said === null || said.nonce !== expected.nonce || ![said.aud].flat().includes(expected.clientId)) return NOBODY;
  if (expected.strict) hold(said, expected);
  const address = said.email_verified === false || said.email_verified === "false" ? null : mailAddress(said.email);
  return { address: address ?? mailAddress(said.preferred_username), name: said.name?.trim() || null };
}

function hold({ iss, aud, azp, exp, tid, hd }: Claims, { clientId, issuer, now, hostedDomain }: Expected): void {
  // Microsoft's common endpoints say that the issuer is the user's own tenant.
  const tenants = /^https:\/\/login\.microsoftonline\.[a-z]+\/(?:common|organizations|[\w.-]+)\/v2\.0$/u;
  const own = tenants.test(issuer) && tid !== undefined ? issuer.replace(/\/[^/]+\/v2\.0$/u, `/${tid}/v2.0`) : issuer;
  const wrong =
    iss !== own ||
    (Array.isArray(aud) && aud.length > 1 && azp !== clientId) ||
    exp === undefined ||
    exp * 1000 < now - CLOCKS_DIFFER_MS ||
    (hostedDomain !== undefined && hd?.toLowerCase() !== hostedDomain.toLowerCase());
  if (wrong) throw new Failure("sign-in-forged", { params: { host: new URL(issuer).host } });
}

function claimsOf(idToken: string | null): Claims | null {
  const payload = idToken?.split(".")[1];
  if (payload === undefined) return null;
  try {
    const read = claims.safeParse(JSON.parse(Buffer.from(payload, "base64url").toString("utf8")));
    return read.success ? read.data : null;
  } catch {
    return null;
  }
}

export function mailAddress(text: string | undefined): string | null {
  return text !== undefined && /^[^\s@]+@[^\s@]+$/u.test(text) ? text : null;
}
