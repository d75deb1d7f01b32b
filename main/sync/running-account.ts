import type { AccountSummary, Credential } from "../../shared/contract/accounts.ts";
import type { AccountHealth } from "../../shared/contract/health.ts";
import type { Failure } from "../../shared/failure.ts";
import type { FolderId, OperationId } from "../../shared/ids.ts";
import type { Log } from "../log.ts";
import type { Via } from "../plan/proxy.ts";
import type { Store } from "../store/open.ts";
import type { OnIndexText, ParsePool } from "./account-work.ts";
import type { Filing, Found, ToFile } from "./file-sent.ts";
import type { ArrivalHints } from "./parse-jobs.ts";
import type { FinishedRound } from "./round-watch.ts";
import type { Timers } from "./timers.ts";

/** What an account tells of its work, to be counted and traced. */
export type AccountNews =
  /** A line was opened; a try ended in a failure; all is as on the server; something came or went. */
  | { readonly kind: "connected" | "failed" | "compared" | "progressed" }
  /** A synchronisation came to its end, with where its time went. */
  | { readonly kind: "round"; readonly round: FinishedRound }
  /** Operations of the user went to the server, or came to an end there. `step`: what was asked of it; `code`: of a failure. */
  | { readonly kind: "sent" | "answered"; readonly operations: readonly OperationId[]; readonly step: string; readonly code: string };

/** What an account needs to run. */
export type AccountOptions = {
  readonly store: Store;
  readonly account: Pick<AccountSummary, "id" | "settings" | "paused">;
  readonly log: Log;
  /**
   * Asked for every connection, so that tokens may be refreshed in between.
   * @param refused the one that the server did not take; asked for anew once after that
   */
  readonly credential: (refused: Credential | null) => Promise<Credential>;
  readonly parsePool: ParsePool;
  /** As the pool's own, for what is listed before it arrives; left out = nothing is known. */
  readonly arrivalHints?: (() => ArrivalHints) | undefined;
  readonly clock: () => number;
  /** In [0, 1). */
  readonly random: () => number;
  readonly timers?: Timers;
  readonly onHealth?: (health: AccountHealth) => void;
  readonly onIndexText?: OnIndexText;
  readonly onNews?: ((news: AccountNews) => void) | undefined;
  /** For the ID command. */
  readonly version?: string;
  /** PEM of an authority trusted besides the built-in ones. */
  readonly ca?: string | undefined;
  readonly silenceMs?: number;
  /** The way to its server; left out = directly. */
  readonly via?: Via | undefined;
};

/** An account that runs, whatever its server speaks. */
export interface RunningAccount {
  health(): AccountHealth;
  /** The network has changed, or the computer has woken up. */
  wake(): void;
  /** How the computer is powered and what its network costs. */
  setConditions(conditions: { onBattery: boolean; metered: boolean }): void;
  /** The user's work-offline switch. */
  setOffline(on: boolean): void;
  setPaused(on: boolean): void;
  /** The disk refuses what is written (null: it takes again): fetching would only try it again and again. */
  setStorage(trouble: Failure | null): void;
  /** Looks at everything now; resolves when all folders have been compared, rejects when the server cannot be reached. */
  syncNow(): Promise<void>;
  /** There are new rows in the download table. */
  downloadsAsked(): void;
  /** Seconds that so much mail takes over its line, with its provider's limits; null while nobody can know. */
  secondsFor(bytes: number): number | null;
  /** More or less is to be kept here. */
  policyChanged(): void;
  /** There are new operations. */
  operationsAsked(): void;
  /** Files a sent message, unless Sent has it already. */
  appendSent(message: ToFile): Promise<Filing>;
  /** @param toSelf it was addressed to this account as well: the inbox may have it */
  findInSent(messageIdHeader: string, toSelf?: boolean): Promise<Found>;
  /** What emptying this folder would take besides what is shown in it. */
  emptyPreview(folderId: FolderId): Promise<{ others: number }>;
  /** After the operations that empty the folder: the EXPUNGE for servers that cannot remove single messages. */
  finishEmptying(folderId: FolderId): Promise<void>;
  stop(): Promise<void>;
}
