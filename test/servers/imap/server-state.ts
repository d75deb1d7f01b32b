import type { SecureContext } from "node:tls";
import type { Gmail } from "./gmail.ts";
import type { MailStore } from "./mail-store.ts";
import type { Mailbox } from "./mailbox.ts";
import type { Personality } from "./personality.ts";

export interface ServerUser {
  address: string;
  password: string;
  /** Bearer tokens that log this user in (XOAUTH2, OAUTHBEARER). */
  tokens: Set<string>;
  store: MailStore;
}

export interface HookedCommand {
  /** Upper case; `UID FETCH` and so on for the UID forms. */
  name: string;
  /** The whole line, literals as `{size}`. */
  line: string;
}

export interface HookContext {
  /** Counts connections from 1. */
  session: number;
  user: string | null;
  /** The selected folder's wire name. */
  folder: string | null;
  clientId: Readonly<Record<string, string | null>> | null;
  tag: string;
  literals: readonly Buffer[];
}

/**
 * What happens to a command in place of, or around, its execution. Nothing = it is executed.
 *
 * - `drop`: the connection dies, the command was never executed
 * - `drop-after`: executed, and the connection dies before a byte of the answer
 * - `hang`: no answer ever, the connection stays
 * - `no`, `bad`: refused with this text
 * - `raw`: these bytes and nothing else; `{tag}` in text stands for the tag
 * - `cutAfter`: executed, but the connection dies after so many bytes of the answer
 */
export type Verdict = "drop" | "drop-after" | "hang" | Instead | { cutAfter: number } | undefined;
export type Instead = { no: string } | { bad: string } | { raw: string | Buffer };

export interface Hooks {
  /** Before the greeting: `hang` says nothing ever, `drop` closes, `greeting` is said in place of the usual one (then the end, if it is BYE). */
  onConnect?: (session: number) => "drop" | "hang" | { greeting: string } | undefined;
  onCommand?: (command: HookedCommand, context: HookContext) => Verdict | Promise<Verdict>;
}

export interface RecordedCommand {
  session: number;
  name: string;
  /** Without passwords and tokens. */
  line: string;
}

/** What all sessions of one server share. */
export interface ServerState {
  users: Map<string, ServerUser>;
  capabilities: string[];
  tls: SecureContext | null;
  hooks: Hooks;
  /** Announced with ID. */
  name: string;
  record(command: RecordedCommand): void;
  folderName(store: MailStore, mailbox: Mailbox): string | null;
  personality: Personality | null;
  /** Rules of the users' mail where the server is Gmail. */
  gmail: Map<MailStore, Gmail>;
}
