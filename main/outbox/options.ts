import type { Address } from "../../shared/address.ts";
import type { Credential, Fallback, ServerSettings } from "../../shared/contract/accounts.ts";
import type { Notice } from "../../shared/contract/health.ts";
import type { FailureData } from "../../shared/failure.ts";
import type { AccountId, OutgoingServerId } from "../../shared/ids.ts";
import type { ByteSource } from "../line/byte-source.ts";
import type { UploadLimit } from "../line/upload-limit.ts";
import type { Log } from "../log.ts";
import type { Via } from "../plan/proxy.ts";
import type { Deadlines } from "../smtp/connection.ts";
import type { Database } from "../store/database.ts";
import type { Answers } from "../store/outbox.ts";
import type { DraftWorker } from "./draft-worker.ts";

/** Time that passes, given in so that tests can make it pass. */
export type Timers = {
  /** Runs `work` once after `ms`; the answer takes it back. */
  after(ms: number, work: () => void): () => void;
};

export type SendingSettings = {
  readonly server: ServerSettings;
  /** Servers that may take over, in their order, and from what; left out: none. */
  readonly further?: {
    readonly fallback: Fallback;
    readonly servers: readonly { readonly id: OutgoingServerId; readonly server: ServerSettings }[];
  };
  /** Connections at a time, 1 to 5; 2 when not said. */
  readonly connections?: number;
  /** The account was reached before: who answers otherwise now is not its server (a network's sign-in page). */
  readonly hasWorked?: boolean;
};

/** What the outbox asks of everything around it. */
export type OutboxOptions = {
  readonly store: { readonly db: Database };
  /** Frozen messages lie in its folder `outbox`, the files of drafts in `drafts`. */
  readonly profileDir: string;
  /** The store was repaired or begun anew at this start: files that no row names may be all that is left of a message, and stay. */
  readonly rowsLost?: boolean;
  readonly log: Log;
  /** Composes and freezes; whoever made it stops it. */
  readonly worker: Pick<DraftWorker, "run">;
  readonly clock: () => number;
  /** In [0, 1). */
  readonly random: () => number;
  readonly timers: Timers;
  /**
   * Fails with a Failure of kind auth.
   * @param refused what a server did not take; asked for anew once after that
   * @param server one of the further ones; null = the account's own
   */
  credentialFor(accountId: AccountId, refused: Credential | null, server: OutgoingServerId | null): Promise<Credential>;
  /** null when the account is gone or paused. */
  settingsFor(accountId: AccountId): SendingSettings | null;
  /**
   * Puts a copy into Sent unless one with this Message-ID (without angle brackets) lies there already; asking again is safe. Neither `filed`
   * nor `already`: the account keeps no Sent, or its provider may file by itself within `laterMs`. null = nothing is filed.
   * `sentBy`: host:port of the server that took it, null when not known.
   */
  readonly fileInSent:
    | ((
        accountId: AccountId,
        copy: ByteSource,
        messageIdHeader: string,
        acceptedAt: number,
        sentBy: string | null,
      ) => Promise<{ filed: boolean; already: boolean; laterMs?: number }>)
    | null;
  /**
   * Whether Sent has it; `inbox`: only the inbox has, which is looked at with `toSelf`; null = could not look.
   * @param toSelf the account's own address is among the recipients
   */
  findInSent(accountId: AccountId, messageIdHeader: string, toSelf: boolean): Promise<boolean | "inbox" | null>;
  isOnline(): boolean;
  /** Something in the list is different. Called often; the receiver merges. */
  onChange(): void;
  notice(code: Notice["code"], params: Record<string, string | number>, failure: FailureData | null): void;
  /** Seconds between Send and the first byte. */
  undoSeconds(): number;
  /** The original was answered or forwarded: flags it. */
  markOriginal?(answers: Answers): void;
  /** These people were written to. */
  noteWritten?(people: readonly Address[], at: number): void;
  /** The way to the servers of an account; left out = directly. */
  viaFor?(accountId: AccountId): Via | undefined;
  /** The pace of all lines together; left out = as fast as they are. */
  readonly uploads?: UploadLimit;
  readonly deadlines?: Partial<Deadlines>;
  /** PEM certificates trusted besides the system's. */
  readonly trust?: string | undefined;
};
