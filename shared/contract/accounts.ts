import { z } from "zod";
import { accountId, identityId, outgoingServerId } from "../ids.ts";
import { request } from "./define.ts";
import { failureData } from "./failure-data.ts";
import { offlinePolicy } from "./offline.ts";

const host = z
  .string()
  .min(1)
  .max(253)
  .regex(/^[^\s/@]+$/u);
const port = z.number().int().min(1).max(65_535);

/** SHA-256 of a certificate, in lower-case hex. */
export const fingerprint = z.string().regex(/^[0-9a-f]{64}$/u);

/** One server. `tls` = TLS from the first byte; `starttls` = plain greeting, then TLS or nothing; `plain` only for loopback addresses. */
export const serverSettings = z.object({
  host,
  port,
  security: z.enum(["tls", "starttls", "plain"]),
  user: z.string().min(1).max(320),
  /** The one certificate that the user trusts for this host and port beside what authorities vouch for, after having seen it. */
  pinned: z.object({ sha256: fingerprint, pem: z.string().max(16_384) }).optional(),
});
export type ServerSettings = z.infer<typeof serverSettings>;

/** POP3: how long the server keeps what was fetched. 0 days = only until it is safe here. */
export const leaveOnServer = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("forever") }),
  z.object({ kind: z.literal("days"), days: z.number().int().min(0).max(3650) }),
  /** Until it is deleted for good here. */
  z.object({ kind: z.literal("until-deleted") }),
]);
export type LeaveOnServer = z.infer<typeof leaveOnServer>;

/**
 * How the account's lines leave this computer: left out or `none` = directly; `system` = as the system or its environment says. `http` is asked
 * with CONNECT, `socks5` looks names up itself. The password for `user` goes into the vault.
 */
export const proxySettings = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("none") }),
  z.object({ kind: z.literal("system") }),
  z.object({ kind: z.enum(["http", "socks5"]), host, port, user: z.string().min(1).max(255).nullable() }),
]);
export type ProxySettings = z.infer<typeof proxySettings>;

export const accountSettings = z.object({
  protocol: z.enum(["imap", "pop3"]),
  incoming: serverSettings,
  outgoing: serverSettings,
  /** POP3 only; left out = forever. */
  leaveOnServer: leaveOnServer.optional(),
  proxy: proxySettings.optional(),
  /** The provider whose sign-in in the browser it uses (contract/sign-in); left out = a password. */
  browser: z.string().min(1).max(300).optional(),
});
export type AccountSettings = z.infer<typeof accountSettings>;

const password = z.object({ kind: z.literal("password"), password: z.string().min(1).max(4096) });

/** Where and as whom a token is refreshed and taken back. */
export const grant = z.object({
  provider: z.string().max(300),
  issuer: z.url(),
  tokenEndpoint: z.url(),
  revocationEndpoint: z.url().optional(),
  clientId: z.string(),
  clientSecret: z.string().optional(),
  scope: z.string(),
});
export type Grant = z.infer<typeof grant>;

/** A secret as the vault keeps it and the servers get it. It never crosses the contract. */
export const credential = z.discriminatedUnion("kind", [
  password,
  z.object({
    kind: z.literal("token"),
    accessToken: z.string().min(1).max(16_384),
    refreshToken: z.string().max(16_384).optional(),
    /** Milliseconds UTC. */
    expiresAt: z.number().optional(),
    grant: grant.optional(),
  }),
]);
export type Credential = z.infer<typeof credential>;

/** A secret on its way into the vault: a password, or a sign-in in the browser, whose tokens the engine has and the window never sees. */
export const givenCredential = z.discriminatedUnion("kind", [
  password,
  z.object({ kind: z.literal("browser"), signInId: z.string().min(8).max(64) }),
]);
export type GivenCredential = z.infer<typeof givenCredential>;

export const identity = z.object({
  id: identityId,
  accountId,
  name: z.string().max(200),
  address: z.string().max(320),
  /** Plain text; the composer puts it below "-- ". */
  signature: z.string().max(20_000),
  isDefault: z.boolean(),
});
export type Identity = z.infer<typeof identity>;

/**
 * What the user has agreed to: mail goes over the next outgoing server never, when the one before cannot be reached, or also when that one
 * takes no more for now (a limit, a locked sender).
 */
export const FALLBACKS = ["none", "unreachable", "limits"] as const;
export const fallback = z.enum(FALLBACKS);
export type Fallback = z.infer<typeof fallback>;

export const outgoingServer = z.object({ id: outgoingServerId, settings: serverSettings });
export type OutgoingServer = z.infer<typeof outgoingServer>;

export const accountSummary = z.object({
  id: accountId,
  /** What the folder tree calls it. */
  name: z.string(),
  address: z.string(),
  settings: accountSettings,
  /** Outgoing servers besides the one of the settings, in the order in which they are taken. */
  furtherOutgoing: z.array(outgoingServer),
  fallback,
  identities: z.array(identity),
  paused: z.boolean(),
  /** Key of the provider whose walkthrough applies, if one is known. */
  provider: z.string().nullable(),
  offline: offlinePolicy,
  /** How much of its mail may lie here, in MB of 1,000,000 bytes; null = no limit of its own. */
  keepAtMostMb: z.number().int().nullable(),
});
export type AccountSummary = z.infer<typeof accountSummary>;

/**
 * Where settings were found: set by the organisation; our own list of providers; the domain's configuration file; Thunderbird's list that comes with Satchel, or as it stands today
 * (`online`); any of them by whoever takes the domain's mail; the domain's SRV records; nowhere.
 */
export const SETTINGS_SOURCES = ["policy", "preset", "autoconfig", "database", "online", "exchanger", "srv", "guess"] as const;
export type SettingsSource = (typeof SETTINGS_SOURCES)[number];

/**
 * What came of looking there: `untrusted` = whoever answered could not show to be that host (a network's sign-in page); `elsewhere` = it leads to where
 * nothing is asked for; `unreadable` = no such file; `unusable` = it names no server with encryption.
 */
export const LOOK_OUTCOMES = ["found", "none", "unreachable", "slow", "untrusted", "elsewhere", "unreadable", "unusable"] as const;
export const looked = z.object({ source: z.enum(SETTINGS_SOURCES), host: z.string().max(300), outcome: z.enum(LOOK_OUTCOMES) });
export type Looked = z.infer<typeof looked>;

/** What is known about an address before anything is typed twice. */
export const lookup = z.object({
  provider: z.string().nullable(),
  /** Candidates, the likeliest first; the window tests the first and offers the others. Those of POP3 stand last and are only taken when asked for. */
  settings: z.array(
    z.object({
      source: z.enum(SETTINGS_SOURCES),
      /** The host or domain that said so; empty where nobody was asked. */
      from: z.string().max(300),
      /** It rests on what anybody on the way could have said: nothing is tried before the user has agreed. */
      confirm: z.boolean(),
      settings: accountSettings,
    }),
  ),
  secret: z.enum(["password", "app-password", "authorization-code", "browser"]),
  /** Where the provider makes app passwords or authorization codes. */
  helpUrl: z.string().nullable(),
  /** Where was looked, in the order of what it is worth. */
  looked: z.array(looked),
});
export type Lookup = z.infer<typeof lookup>;

/** What a test looks at; which of it and in what order depends on the protocol and the kind of TLS. */
export const TEST_STAGES = [
  "dns",
  "proxy",
  "tcp",
  "tls",
  "chain",
  "greeting",
  "clock",
  "abilities",
  "login",
  "folders",
  /** The inbox is opened for reading. */
  "select",
  /** A message is put into a scratch folder, and both are taken away again. */
  "append",
  "mailbox",
  /** The account's own address as sender, then as recipient; nothing is sent. */
  "sender",
  "recipient",
] as const;
export const testStep = z.object({
  side: z.enum(["incoming", "outgoing"]),
  stage: z.enum(TEST_STAGES),
  state: z.enum(["waiting", "running", "done", "warned", "failed", "skipped"]),
  /** Plain fact for the second column: an address, a certificate's end, a folder count. Already safe to show. */
  detail: z.string(),
  tookMs: z.number().nullable(),
  failure: failureData.nullable(),
});
export type TestStep = z.infer<typeof testStep>;

export const testState = z.object({
  state: z.enum(["running", "passed", "failed"]),
  steps: z.array(testStep),
  /** Settings that work where those asked for do not (587 instead of 465). */
  alternative: accountSettings.nullable(),
  /** The dialogue with secrets cut out. */
  transcript: z.string(),
});
export type TestState = z.infer<typeof testState>;

export const vaultState = z.object({
  kind: z.enum(["system", "passphrase", "key-file", "none"]),
  locked: z.boolean(),
  /** Where secrets lie, for Settings: "Keychain", "GNOME keyring", a file's folder. */
  place: z.string(),
  warning: z.enum(["none", "key-file-beside-profile", "basic-text", "unavailable"]),
});
export type VaultState = z.infer<typeof vaultState>;

const testId = z.string().min(8).max(64);
/** Of the proxy that the settings name. Left out: the one that is kept, if any; null: none. */
const proxyPassword = z.string().min(1).max(255).nullable().optional();

export const accountsRequests = {
  "accounts.list": request(z.object({}), z.object({ accounts: z.array(accountSummary), vault: vaultState, canDemo: z.boolean() })),
  /** @param accountId of an account that exists: its proxy is the way on which anybody is asked */
  "accounts.lookup": request(z.object({ address: z.string().max(320), accountId: accountId.optional() }), lookup),
  /** Starts a test and returns at once; `accounts.tested` says that there is more to read with `accounts.testState`. */
  "accounts.test": request(
    z.object({
      settings: accountSettings,
      credential: givenCredential,
      address: z.string().max(320),
      proxyPassword,
      /** The account that is being changed: its proxy password counts where none is given. */
      accountId: accountId.optional(),
    }),
    z.object({ testId }),
  ),
  /** Tests an existing account with the secret in the vault. */
  "accounts.retest": request(z.object({ accountId }), z.object({ testId })),
  "accounts.testState": request(z.object({ testId }), testState),
  "accounts.add": request(
    z.object({
      address: z.string().max(320),
      accountName: z.string().max(200),
      personName: z.string().max(200),
      settings: accountSettings,
      credential: givenCredential,
      proxyPassword,
    }),
    z.object({ accountId }),
  ),
  "accounts.update": request(
    z.object({
      accountId,
      accountName: z.string().max(200).optional(),
      settings: accountSettings.optional(),
      proxyPassword,
      paused: z.boolean().optional(),
    }),
    z.object({}),
  ),
  "accounts.setCredential": request(z.object({ accountId, credential: givenCredential }), z.object({})),
  /** Adds a further outgoing server (`id` null; then with a credential), or changes one; without a credential it keeps its own. */
  "accounts.saveOutgoing": request(
    z.object({ accountId, id: outgoingServerId.nullable(), settings: serverSettings, credential: givenCredential.nullable() }),
    z.object({ id: outgoingServerId }),
  ),
  "accounts.removeOutgoing": request(z.object({ id: outgoingServerId }), z.object({})),
  "accounts.orderOutgoing": request(z.object({ accountId, ids: z.array(outgoingServerId).max(20) }), z.object({})),
  "accounts.setFallback": request(z.object({ accountId, fallback }), z.object({})),
  /** As `accounts.test`, of an outgoing server alone; without a credential with the one of `id`. It is reached as the account's own are. */
  "accounts.testOutgoing": request(
    z.object({ accountId, id: outgoingServerId.nullable(), settings: serverSettings, credential: givenCredential.nullable() }),
    z.object({ testId }),
  ),
  "accounts.remove": request(z.object({ accountId }), z.object({})),
  "accounts.saveIdentity": request(
    z.object({
      id: identityId.nullable(),
      accountId,
      name: z.string().max(200),
      address: z.string().max(320),
      signature: z.string().max(20_000),
      isDefault: z.boolean(),
    }),
    z.object({ identityId }),
  ),
  "accounts.removeIdentity": request(z.object({ identityId }), z.object({})),
  /** Adds the demo mailbox; only where `canDemo`. */
  "accounts.openDemo": request(z.object({}), z.object({ accountId })),
  "accounts.unlockVault": request(z.object({ passphrase: z.string().min(1).max(1024) }), vaultState),
  /** First use in a host without a key store. */
  "accounts.createVault": request(z.object({ passphrase: z.string().min(1).max(1024).nullable() }), vaultState),
};

export const accountsEvents = {
  "accounts.changed": z.object({ revision: z.number() }),
  "accounts.tested": z.object({ testId, revision: z.number() }),
};
