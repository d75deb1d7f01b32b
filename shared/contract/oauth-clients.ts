import { z } from "zod";

const known = z.strictObject({
  provider: z.enum(["google", "microsoft", "yahoo"]),
  clientId: z.string().min(1).max(512),
  clientSecret: z.string().min(1).max(512).optional(),
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
});

/**
 * One client id (docs/oauth-client.md): of a provider that is known, or of one that publishes its metadata, with the addresses and servers that it is
 * for. It never crosses to the window.
 */
export const oauthClient = z.union([known, found]);
export type OAuthClient = z.infer<typeof oauthClient>;
export const oauthClients = z.array(oauthClient).max(200);
