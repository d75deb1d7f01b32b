import { z } from "zod";
import { accountId } from "../ids.ts";
import { request } from "./define.ts";
import { directorySettings } from "./directory.ts";
import { MOST_KEPT_MB } from "./offline.ts";

export const settings = z.object({
  theme: z.enum(["system", "light", "dark"]),
  language: z.enum(["system", "en", "zh-CN"]),
  density: z.enum(["comfortable", "compact"]),
  /** Conversations as one row. */
  grouped: z.boolean(),
  showSnippets: z.boolean(),
  bodyTextPx: z.number().int().min(12).max(24),
  plainTextMonospace: z.boolean(),
  /** Size of the open message, in percent of what it would be. */
  messageZoom: z.number().int().min(50).max(300),
  /** Seconds between Send and the first byte; 0 = none. */
  undoSendSeconds: z.number().int().min(0).max(60),
  /** Kilobytes (1,000 bytes) a second that may leave over all lines together; null = as fast as they are. */
  uploadKilobytes: z.literal([50, 200, 1000]).nullable(),
  /** How much of all accounts' mail may lie on this computer, in MB of 1,000,000 bytes; null = all of it. */
  keepAtMostMb: z.number().int().min(1).max(MOST_KEPT_MB).nullable(),
  /** Milliseconds a message is open before it counts as read; null = only by hand. */
  markReadAfterMs: z.number().int().min(0).max(60_000).nullable(),
  reduceMotion: z.enum(["system", "on"]),
  /** Widths of the panes in px; the window keeps them in range. */
  sidebarWidth: z.number().int(),
  listWidth: z.number().int(),
  sidebarHidden: z.boolean(),
  /** Thunderbird's provider list may be asked about the domain of a new account. */
  askProviderList: z.boolean(),
  /** Name servers may be asked whether the domains of recipients take mail. */
  askRecipientDomains: z.boolean(),
  /** How long an account may go without being compared with its server before that is told. */
  alertNoSyncMinutes: z.number().int().min(10).max(1440),
  /** How long a message that is due may wait in the outbox before that is told. */
  alertOutboxMinutes: z.number().int().min(5).max(1440),
  /** What the system tells of mail that comes while the window is not in front. */
  tellNewMail: z.enum(["off", "number", "words"]),
  /** Accounts whose new mail is not told. */
  quietAccounts: z.array(accountId).max(1000),
  /** The organisation's address book, asked when people are addressed; null = none. Its password is in the vault. */
  directory: directorySettings.nullable(),
  /** Another shortcut for a command: command → key, as the shortcut sheet writes it. */
  shortcuts: z.record(z.string().max(60), z.string().max(40)),
});
export type Settings = z.infer<typeof settings>;

export const DEFAULT_SETTINGS: Settings = {
  theme: "system",
  language: "system",
  density: "comfortable",
  grouped: true,
  showSnippets: true,
  bodyTextPx: 15,
  plainTextMonospace: false,
  messageZoom: 100,
  undoSendSeconds: 6,
  uploadKilobytes: null,
  keepAtMostMb: null,
  markReadAfterMs: 600,
  reduceMotion: "system",
  sidebarWidth: 240,
  listWidth: 384,
  sidebarHidden: false,
  askProviderList: false,
  askRecipientDomains: false,
  alertNoSyncMinutes: 30,
  alertOutboxMinutes: 15,
  tellNewMail: "words",
  quietAccounts: [],
  directory: null,
  shortcuts: {},
};

export const settingsRequests = {
  "settings.read": request(z.object({}), settings),
  "settings.write": request(settings.partial(), settings),
};

export const settingsEvents = {
  "settings.changed": z.object({ revision: z.number() }),
};
