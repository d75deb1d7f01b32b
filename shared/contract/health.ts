import { z } from "zod";
import { accountId } from "../ids.ts";
import { request } from "./define.ts";
import { failureData } from "./failure-data.ts";

export const accountHealth = z.object({
  accountId,
  state: z.enum(["up-to-date", "working", "offline", "stopped", "paused"]),
  /** What it does now: for the readiness popover. */
  phase: z.enum(["idle", "connecting", "folders", "headers", "bodies", "operations"]),
  /** Messages that should be readable offline: those that are, and all. */
  done: z.number().int(),
  total: z.number().int(),
  bytesToGo: z.number(),
  /** Messages whose text stays on the server until they are opened, as the account is set. */
  onDemand: z.number().int(),
  /** Messages larger than the limit: how many can be read here without their large parts, and what is on the server of them. */
  large: z.object({ messages: z.number().int(), bytes: z.number() }).optional(),
  /** What its message files take here, and what they may; `by`: whose limit that is, null without one. `full`: it is why messages stay on the server. */
  kept: z.object({
    bytes: z.number(),
    limitBytes: z.number().nullable(),
    by: z.enum(["account", "profile"]).nullable(),
    full: z.boolean(),
  }),
  /** Operations that wait for the server. */
  pending: z.number().int(),
  /** Since when it is in this state, ms UTC. */
  since: z.number(),
  /** Last time everything was known to agree with the server, or null. */
  syncedAt: z.number().nullable(),
  nextTryAt: z.number().nullable(),
  /** Why the rest waits though there is a line; it goes on by itself. `until` is null where nobody can know. */
  pause: z
    .object({ why: z.enum(["bytes-a-day", "server", "metered"]), until: z.number().nullable(), bytesADay: z.number().nullable() })
    .nullable(),
  /** When all of it will be here as far as that can be told, ms UTC; `bytesADay`: what the provider gives, where that is why it takes so long. */
  eta: z.object({ finishAt: z.number(), bytesADay: z.number().nullable() }).nullable(),
  /** Why it is offline or stopped. */
  failure: failureData.nullable(),
});
export type AccountHealth = z.infer<typeof accountHealth>;

/** An outgoing server on which something waits, or was sent of late. */
export const sendingServer = z.object({
  accountId,
  /** host:port */
  server: z.string(),
  /** `open`: it could not be had and is left alone until `tryAt`; `half-open`: one connection is trying it. */
  breaker: z.enum(["closed", "open", "half-open"]),
  tryAt: z.number().nullable(),
  /** Why it could not be had. */
  failure: failureData.nullable(),
  /** Why nothing is offered to it though it could be had: the messages of a minute or of a day, or what it said itself. */
  wait: z.object({ why: z.enum(["minute", "day", "server"]), until: z.number(), failure: failureData.nullable() }).nullable(),
  /** Why nothing goes over it until the user has done something: a sign-in, a certificate, a vault that is locked. */
  stopped: failureData.nullable(),
  /** The pace that is kept, or null without a limit. */
  messagesAMinute: z.number().nullable(),
  acceptedLastMinute: z.number().int(),
  acceptedLastDay: z.number().int(),
});
export type SendingServer = z.infer<typeof sendingServer>;

export const healthStatus = z.object({
  /** The user's own switch. */
  workOffline: z.boolean(),
  accounts: z.array(accountHealth),
  outbox: z.object({
    waiting: z.number().int(),
    sending: z.number().int(),
    needsUser: z.number().int(),
    /** When the oldest that is not accepted was handed over, ms UTC; null when there is none. */
    oldestAt: z.number().nullable(),
    servers: z.array(sendingServer),
  }),
  index: z.object({ indexed: z.number().int(), toIndex: z.number().int() }),
  /** What the message files of all accounts take, each file once, and what they may. */
  kept: z.object({ bytes: z.number(), limitBytes: z.number().nullable() }),
  /** Bytes a second over the last seconds; 0 when idle. */
  bytesPerSecond: z.number(),
  storage: failureData.nullable(),
});
export type HealthStatus = z.infer<typeof healthStatus>;

/** Something the user should hear once: a refused operation, a bounce, a repair. */
export const notice = z.object({
  id: z.number().int(),
  at: z.number(),
  failure: failureData.nullable(),
  /** A sentence of i18n `notice.CODE`. */
  code: z.enum([
    "operation-refused",
    "copy-refused",
    /** `folder`: its server keeps no keywords; what is marked there stands on this computer only. */
    "keyword-kept-here",
    /** `account`: its id; `count`: messages that its POP3 server keeps, too large to fetch or not given. */
    "left-on-server",
    /** `reason` of the journal. */
    "operation-parked",
    /** `subject`: moved to another account, and its old one will not let the original go. */
    "original-stays",
    /** `folder`: where the message was to go, and which another program has deleted. */
    "target-gone",
    /** `folder`: its name; `change`: what was done to it and is taken back. */
    "folder-refused",
    "message-sent",
    /** `at`: its server has it and sends it then, ms UTC. */
    "message-scheduled",
    /** `at`: its server cannot hold it; it goes from here then. */
    "kept-here",
    "message-held",
    "message-unknown",
    /** `subject`, `accepted`, `open`: how many the server took, and of how many it did not or nobody knows. */
    "bulk-ended",
    /** `subject`: too many were refused in a row. */
    "bulk-paused",
    /** `subject`: accepted, and the server refuses its copy for Sent. */
    "not-filed",
    "store-repaired",
    /** `folder`: what of the profile lies there now. */
    "store-set-aside",
    /** As `store-set-aside`; `drafts`, `unsent`: what its spare copy brought back, besides the accounts. */
    "store-renewed",
    /** `count`: messages of which only the file was left, now in `folder`. */
    "mail-recovered",
    "engine-restarted",
    "account-stopped",
    /** `server`: a further outgoing server that lets nothing through until the user has done something. */
    "server-stopped",
    "bounce-arrived",
    /** `name`: an account; `minutes`: for how long it has not been compared with its server. */
    "health-no-sync",
    /** `name`: an account; `minutes`: for how long each of its synchronisations has taken longer than usual. */
    "health-slow-sync",
    /** `minutes`: for how long a message has waited. */
    "health-outbox-old",
    /** `bytes`: what is free of the disk. */
    "health-disk-low",
    /** `count`: several of these at once. */
    "health-several",
  ]),
  params: z.record(z.string(), z.union([z.string(), z.number()])),
});
export type Notice = z.infer<typeof notice>;

export const healthRequests = {
  /** The window's first question. */
  "health.hello": request(
    z.object({}),
    z.object({
      version: z.string(),
      host: z.enum(["electron", "loopback"]),
      platform: z.enum(["mac", "windows", "linux"]),
      /** Language of the system as BCP 47, or what --lang asked for. */
      language: z.string(),
      /** Changes with every start of the engine: all that the window cached is void. */
      engineRun: z.string(),
    }),
  ),
  "health.status": request(z.object({}), healthStatus),
  "health.workOffline": request(z.object({ on: z.boolean() }), z.object({})),
  /** The window heard that the network came or went. */
  "health.networkChanged": request(z.object({}), z.object({})),
  /** Tries all servers again now. */
  "health.syncNow": request(z.object({}), z.object({})),
  "health.notices": request(z.object({ afterId: z.number().int() }), z.object({ notices: z.array(notice) })),
  /** The redacted log for a problem report. */
  "health.report": request(z.object({}), z.object({ text: z.string() })),
  /** Opens in the system's browser: http, https and mailto only. */
  "health.openLink": request(z.object({ url: z.url().max(10_000) }), z.object({ opened: z.boolean() })),
  /** Makes the index anew from the message files. */
  /** Opens the system's settings of date and time. `opened` false: this host cannot, and the user is told where they are. */
  "health.openDateSettings": request(z.object({}), z.object({ opened: z.boolean() })),
  "health.rebuildIndex": request(z.object({}), z.object({})),
};

export const healthEvents = {
  "health.changed": z.object({ revision: z.number() }),
  "health.noticed": z.object({ id: z.number().int() }),
};
