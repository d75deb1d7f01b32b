import { z } from "zod";
import { accountId } from "../ids.ts";
import { proxySettings } from "./accounts.ts";
import { request } from "./define.ts";
import { failureData } from "./failure-data.ts";

/** Somebody who can be signed in to in the browser, as seen from one address. */
export const signInProvider = z.object({
  /** "google", "microsoft", "yahoo"; of all others the issuer's address. */
  key: z.string().min(1).max(300),
  name: z.string().max(200),
  /** Whose client id is used: the user's own, that of the configuration, or there is none yet and nobody can sign in. */
  client: z.enum(["own", "configured", "none"]),
  /** It takes no password from mail programs. */
  only: z.boolean(),
  /** The redirect address to register where a client id is made. */
  redirect: z.string().max(300),
});
export type SignInProvider = z.infer<typeof signInProvider>;

/**
 * `waiting`: the browser has the word. `checking`: it came back, and the tokens are being fetched. `other`: somebody else than the address
 * signed in; the user says whether that is meant. `done`: the sign-in may be used as a credential.
 */
export const SIGN_IN_STATES = ["waiting", "checking", "other", "done", "failed", "cancelled"] as const;

export const signInState = z.object({
  state: z.enum(SIGN_IN_STATES),
  /** The provider's page, to be copied into a browser by hand. Null once it is of no use. */
  url: z.string().nullable(),
  /** False: the system opened no browser. */
  opened: z.boolean(),
  /** Who signed in, if the provider says. */
  chosen: z.string().nullable(),
  chosenName: z.string().nullable(),
  failure: failureData.nullable(),
});
export type SignInState = z.infer<typeof signInState>;

const address = z.string().max(320);
const signInId = z.string().min(8).max(64);
const provider = signInProvider.shape.key;
/** The way that the account's lines are to take, so that its provider is asked on the same. */
const way = {
  proxy: proxySettings.optional(),
  /** Left out: the one that is kept for `accountId`. */
  proxyPassword: z.string().max(255).nullable().optional(),
  accountId: accountId.optional(),
};

export const signInRequests = {
  /** @param host the incoming server of the settings, which names the provider where the address does not */
  "signIn.provider": request(z.object({ address, host: z.string().max(253) }), z.object({ provider: signInProvider.nullable() })),
  /** Keeps a client id of the user's own in the vault. `issuer` for a provider that is found by its metadata (RFC 8414), null for one that is known. */
  "signIn.saveClient": request(
    z.object({
      address,
      provider: provider.nullable(),
      issuer: z
        .url({ protocol: /^https?$/u })
        .max(300)
        .nullable(),
      clientId: z.string().trim().min(1).max(512),
      clientSecret: z.string().trim().min(1).max(512).nullable(),
      ...way,
    }),
    z.object({ provider: signInProvider }),
  ),
  "signIn.forgetClient": request(z.object({ provider }), z.object({})),
  /** Whom the organisation signs in to before there is an address; null where it has not said so. */
  "signIn.organisation": request(z.object({}), z.object({ provider: signInProvider.nullable() })),
  /** `address` "": the organisation's sign-in says who it is. Opens the browser and returns at once; `signIn.changed` says that there is more to read with `signIn.state`. */
  "signIn.begin": request(z.object({ address, provider, ...way }), z.object({ signInId })),
  "signIn.state": request(z.object({ signInId }), signInState),
  "signIn.openAgain": request(z.object({ signInId }), z.object({})),
  /** The user means the account that signed in, though it has another address. */
  "signIn.accept": request(z.object({ signInId }), z.object({})),
  "signIn.cancel": request(z.object({ signInId }), z.object({})),
};

export const signInEvents = {
  "signIn.changed": z.object({ signInId, revision: z.number() }),
};
