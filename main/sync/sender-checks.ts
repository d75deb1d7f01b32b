import type { Vouching } from "../../shared/contract/vouching.ts";
import { asFailure } from "../../shared/failure.ts";
import type { MessageId, PlacementId } from "../../shared/ids.ts";
import type { Log } from "../log.ts";
import { trustedWords } from "../plan/trusted-servers.ts";
import { mayChange, type ServerWord, vouchedByServer, vouchedHere } from "../plan/vouching.ts";
import type { TxtAnswer } from "../signed/answers.ts";
import { readAccount } from "../store/accounts.ts";
import type { Store } from "../store/open.ts";
import { type Checkable, checkableAt, keepSenderCheck, senderCheck, serversSeen, uncheckedArrivals } from "../store/sender-checks.ts";
import type { ParsePool } from "./parse-pool.ts";
import type { Timers } from "./timers.ts";

const HOUR = 60 * 60 * 1000;
/** What came earlier is looked at when it is opened. */
const ARRIVAL_MS = 48 * HOUR;
/** Keys are changed and taken away: older mail would look as if nobody stood for it. */
const OLDEST_MS = 30 * 24 * HOUR;
/** Arrivals of one sweep: a first synchronisation is not followed by hundreds of questions at once. */
const MOST_ARRIVALS = 30;
const SWEEP_AFTER_MS = 2000;
const AGAIN_AFTER_MS = 5 * 60 * 1000;
const MOST_BYTES = 32 * 1024 * 1024;
/** Names are known after three rounds: keys and policies, owners, a chain's keys. */
const MOST_ROUNDS = 6;
const SERVERS_LOOKED_AT = 30;

export type SenderChecksNeeds = {
  readonly store: Store;
  readonly pool: Pick<ParsePool, "vouch">;
  readonly timers: Timers;
  readonly log: Log;
  /** The TXT records of a name; never fails, `trouble` when nobody answered in time. */
  readonly resolveTxt: (name: string) => Promise<TxtAnswer>;
  /** False: nothing is asked of the network. */
  readonly mayAsk: () => boolean;
};

/**
 * Finds out who answers for the senders of new mail, at arrival where it can: a question then says nothing of when the message is read.
 * One message at a time; what is opened comes first.
 */
export class SenderChecks {
  readonly #needs: SenderChecksNeeds;
  readonly #queue: Checkable[] = [];
  readonly #triedAt = new Map<MessageId, number>();
  #working = false;
  #cancelSweep: (() => void) | null = null;
  #stopped = false;

  constructor(needs: SenderChecksNeeds) {
    this.#needs = needs;
  }

  /** What is known of a message that is being opened; if that is nothing yet, it is found out and told by `mail.updated`. */
  opened(placementId: PlacementId, messageId: MessageId): Vouching {
    const { store } = this.#needs;
    const { vouching, settled } = senderCheck(store.db, messageId);
    const message = settled ? undefined : checkableAt(store.db, placementId);
    if (message !== undefined && this.#worthIt(message)) this.#add(message, true);
    return vouching;
  }

  /** Bytes have come: those of new mail are looked at soon. */
  arrived(): void {
    // What is stored while the engine ends waits for the next start.
    if (this.#stopped) return;
    this.#cancelSweep ??= this.#needs.timers.after(SWEEP_AFTER_MS, () => {
      this.#cancelSweep = null;
      this.#sweep();
    });
  }

  /** What is under way ends by itself and keeps nothing. */
  stop(): void {
    this.#stopped = true;
    this.#cancelSweep?.();
    this.#queue.length = 0;
  }

  #sweep(): void {
    const { store, mayAsk } = this.#needs;
    if (!mayAsk()) return;
    const found = uncheckedArrivals(store.db, store.clock() - ARRIVAL_MS, MOST_ARRIVALS);
    for (const message of found) if (this.#worthIt(message)) this.#add(message, false);
  }

  #worthIt({ messageId, receivedAt, sizeBytes }: Checkable): boolean {
    const now = this.#needs.store.clock();
    const triedAt = this.#triedAt.get(messageId) ?? Number.NEGATIVE_INFINITY;
    return receivedAt > now - OLDEST_MS && sizeBytes <= MOST_BYTES && Math.abs(now - triedAt) >= AGAIN_AFTER_MS;
  }

  #add(message: Checkable, first: boolean): void {
    if (this.#stopped) return;
    this.#triedAt.set(message.messageId, this.#needs.store.clock());
    if (first) this.#queue.unshift(message);
    else this.#queue.push(message);
    if (!this.#working) void this.#work();
  }

  async #work(): Promise<void> {
    this.#working = true;
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
      try {
        await this.#check(next);
      } catch (error) {
        // Its file is not here any more, or the engine ends; the message can be read without this.
        this.#needs.log.debug("sender-check.failed", { code: asFailure(error).code });
      }
    }
    this.#working = false;
  }

  async #check(message: Checkable): Promise<void> {
    const { mayAsk } = this.#needs;
    const answers: Record<string, TxtAnswer> = {};
    for (let round = 0; round < MOST_ROUNDS; round++) {
      const { from, said, examined } = await this.#needs.pool.vouch({ hash: message.hash }, message.receivedAt, answers);
      if (this.#stopped) return;
      const server = said[0]?.server ?? "";
      const told = vouchedByServer(from, this.#trusted(message, said));
      if (told !== null) return this.#keep(message, { vouching: told, server, settled: true });
      if (examined.kind === "found") {
        const vouching = vouchedHere(examined.findings);
        return this.#keep(message, { vouching, server, settled: !mayChange(examined.findings, vouching) });
      }
      if (this.#stopped || !mayAsk()) {
        // Nothing was asked, so nothing is known: the next occasion is as good as this one.
        this.#triedAt.delete(message.messageId);
        return;
      }
      await Promise.all(
        examined.names.map(async (name) => {
          answers[name] = await this.#needs.resolveTxt(name);
        }),
      );
    }
    this.#needs.log.warn("sender-check.too-many-rounds", { messageId: message.messageId });
    this.#keep(message, { vouching: { kind: "unknown" }, server: "", settled: true });
  }

  #trusted({ accountId }: Checkable, said: readonly ServerWord[]): ServerWord[] {
    const { store } = this.#needs;
    const account = readAccount(store, accountId);
    if (account === undefined) return [];
    const { provider, settings } = account;
    return trustedWords(
      { provider, incomingHost: settings.incoming.host, seen: serversSeen(store.db, accountId, SERVERS_LOOKED_AT) },
      said,
    );
  }

  #keep(message: Checkable, found: { vouching: Vouching; server: string; settled: boolean }): void {
    if (this.#stopped) return;
    const { store } = this.#needs;
    const before = senderCheck(store.db, message.messageId).vouching;
    keepSenderCheck(store, message, found);
    if (found.settled) this.#triedAt.delete(message.messageId);
    if (JSON.stringify(before) !== JSON.stringify(found.vouching)) store.changes.messagesUpdated([message.messageId]);
  }
}
