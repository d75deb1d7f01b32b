import { z } from "zod";

const name = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9.-]{0,252}$/u)
  .toLowerCase();
/** What leads to the organisation's own sign-in (kc_idp_hint, domain_hint …); nothing that the sign-in itself is made of. */
const hints = z.record(
  z
    .string()
    .regex(/^[a-z][a-z_]{0,40}$/u)
    .refine((key) => !RESERVED.has(key), "this one is Satchel's own"),
  z.string().min(1).max(200),
);
const RESERVED: ReadonlySet<string> = new Set(
  "client_id client_secret response_type response_mode redirect_uri scope state nonce code_challenge code_challenge_method login_hint request request_uri".split(
    " ",
  ),
);

const known = z.strictObject({
  provider: z.enum(["google", "microsoft", "yahoo"]),
  clientId: z.string().min(1).max(512),
  clientSecret: z.string().min(1).max(512).optional(),
  /** Microsoft: the organisation's tenant, by its id or one of its domains. Nobody else's accounts sign in then. */
  tenant: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9.-]{0,99}$/u)
    .optional(),
  /** The organisation's domain: Google asks for its accounts only (hd), Microsoft leads to its own sign-in (domain_hint). */
  organisationDomain: name.optional(),
});
const found = z.strictObject({
  issuer: z.url({ protocol: /^https?$/u }).max(300),
  name: z.string().min(1).max(200).optional(),
  clientId: z.string().min(1).max(512),
  clientSecret: z.string().min(1).max(512).optional(),
  scope: z.string().min(1).max(2000).optional(),
  domains: z.array(z.string().toLowerCase()).max(500).default([]),
  hosts: z.array(z.string().toLowerCase()).max(500).default([]),
  redirectHost: z.enum(["127.0.0.1", "localhost"]).default("127.0.0.1"),
  redirectPort: z.number().int().min(1024).max(65_535).optional(),
  hints: hints.optional(),
});

/**
 * One client id (docs/oauth-client.md): of a provider that is known, or of one that publishes its metadata, with the addresses and servers that it is
 * for. It never crosses to the window.
 */
export const oauthClient = z.union([known, found]);
export type OAuthClient = z.infer<typeof oauthClient>;
export const oauthClients = z.array(oauthClient).max(200);
