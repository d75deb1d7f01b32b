import { z } from "zod";
import { type AccountSettings, accountSettings, proxySettings } from "./accounts.ts";
import { request } from "./define.ts";
import { oauthClients } from "./oauth-clients.ts";
import { settings } from "./settings.ts";

const domain = z
  .string()
  .min(1)
  .max(253)
  .regex(/^[^\s/@]+$/u)
  .toLowerCase();

const isEncrypted = ({ incoming, outgoing }: AccountSettings): boolean => incoming.security !== "plain" && outgoing.security !== "plain";

/** What an organisation sets for its computers (docs/policy.md). Unknown names are refused: a mistake in it must not pass for a rule. */
export const policy = z
  .strictObject({
    version: z.literal(1),
    /** As people know it; stands beside what is locked. */
    organisation: z.string().min(1).max(100),
    /** The address and name that a first account begins with; `${NAME}` is the environment variable. */
    address: z.string().max(320).optional(),
    personName: z.string().max(200).optional(),
    /** Servers by the domain of the address. `%EMAILADDRESS%`, `%EMAILLOCALPART%`, `%EMAILDOMAIN%` in user names. */
    accounts: z
      .array(
        z.strictObject({
          domains: z.array(domain).min(1).max(100),
          settings: accountSettings.refine(isEncrypted, "servers need encryption"),
        }),
      )
      .max(50)
      .default([]),
    /** No accounts but of the domains above. */
    onlyTheseDomains: z.boolean().default(false),
    /** The way of all accounts, whatever they were set to. */
    proxy: proxySettings.optional(),
    /** Client ids for signing in through the browser, before those of SATCHEL_OAUTH_CLIENTS. */
    oauthClients: oauthClients.default([]),
    /** The first account begins with the organisation's own sign-in, which says who it is: the `provider` or `issuer` of one of the client ids above. */
    signIn: z.strictObject({ provider: z.string().min(1).max(300) }).optional(),
    /** Settings of the window that have this value and no other. */
    settings: settings.partial().strict().default({}),
  })
  .refine(
    ({ signIn, oauthClients: clients }) =>
      signIn === undefined || clients.some((one) => ("provider" in one ? one.provider : one.issuer) === signIn.provider),
    { path: ["signIn"], message: "no client id is for this provider" },
  );
export type Policy = z.infer<typeof policy>;

/** A policy as it was found: `problem` says why it is not in force. */
export type FoundPolicy = { readonly place: string; readonly policy: Policy | null; readonly problem: string | null };

/** What the window shows of it. */
export const policySummary = z.object({
  organisation: z.string(),
  /** Names of locked settings. */
  locked: z.array(z.string()),
  proxy: proxySettings.nullable(),
  onlyDomains: z.array(z.string()).nullable(),
  address: z.string(),
  personName: z.string(),
  /** The first account begins with the organisation's sign-in (`signIn.organisation`). */
  signIn: z.boolean(),
  /** Where it lies. */
  place: z.string(),
  /** Why it is not in force; null when it is. */
  problem: z.string().nullable(),
});
export type PolicySummary = z.infer<typeof policySummary>;

export const policyRequests = {
  /** null where there is none. */
  "policy.read": request(z.object({}), z.object({ policy: policySummary.nullable() })),
};
