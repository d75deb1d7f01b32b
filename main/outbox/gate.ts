import type { SendingServer } from "../../shared/contract/health.ts";
import { Failure, type FailureData } from "../../shared/failure.ts";
import type { AccountId } from "../../shared/ids.ts";
import { type Breaker, CLOSED, connecting, hurried, notAsked, unreached } from "../plan/breaker.ts";
import {
  type Bucket,
  bucketAfter,
  type HourSent,
  hourOf,
  type LearntSending,
  learnConnections,
  learnFaster,
  learnMessagesAConnection,
  learnSlower,
  planWait,
  type SenderRefusal,
  type SendingLimits,
  sendingLimits,
  takeToken,
  type Wait,
} from "../plan/pace.ts";
import type { Writer } from "../store/database.ts";
import {
  forgetHoursBefore,
  noteSent,
  readAcceptedSince,
  readHoursSent,
  readLearntSending,
  writeLearntSending,
} from "../store/sending-servers.ts";
import type { OutboxOptions } from "./options.ts";

const MINUTE = 60_000;
const KEPT_HOURS = 25;

/** The breakers of all outgoing servers: what one account finds out about a server holds for the others on it. */
export class Breakers {
  readonly #breakers = new Map<string, Breaker>();
  readonly #onChange: () => void;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  get(server: string): Breaker {
    return this.#breakers.get(server) ?? CLOSED;
  }

  set(server: string, breaker: Breaker): void {
    if (this.get(server) === breaker) return;
    this.#breakers.set(server, breaker);
    this.#onChange();
  }
}

/** What lets one account's messages through to its server: the server's breaker, and the account's pace there. */
export class Gate {
  readonly server: string;
  readonly #host: string;
  readonly #port: number;
  readonly #account: AccountId;
  readonly #o: OutboxOptions;
  readonly #breakers: Breakers;
  #learnt: LearntSending;
  #hours: HourSent[];
  #bucket: Bucket;
  /** Acceptances of the last minute, ms UTC. */
  #recent: number[];

  constructor(account: AccountId, { host, port }: { host: string; port: number }, options: OutboxOptions, breakers: Breakers) {
    this.server = `${host}:${port}`;
    this.#host = host;
    this.#port = port;
    this.#account = account;
    this.#o = options;
    this.#breakers = breakers;
    this.#learnt = readLearntSending(options.store.db, account, this.server);
    this.#hours = readHoursSent(options.store.db, account, this.server);
    const now = options.clock();
    this.#recent = readAcceptedSince(options.store.db, account, this.server, now - MINUTE).filter((at) => at <= now);
    this.#bucket = bucketAfter(this.#recent, this.limits.messagesAMinute);
  }

  get limits(): SendingLimits {
    return sendingLimits(this.#host, this.#learnt, this.#o.clock());
  }

  get #wait(): Wait | null {
    return planWait(this.#bucket, this.#hours, this.limits, this.#learnt, this.#o.clock());
  }

  /** What plan/ways decides on. */
  get standing(): { readonly breaker: Breaker; readonly wait: Wait | null } {
    return { breaker: this.#breakers.get(this.server), wait: this.#wait };
  }

  /** What keeps messages from it, or null. */
  get obstacle(): FailureData | null {
    const { breaker, wait } = this.standing;
    if (breaker.kind !== "closed") return breaker.failure;
    return wait === null ? null : this.#blockedFor(wait);
  }

  /** A connection is about to be tried. */
  connecting(): void {
    this.#breakers.set(this.server, connecting(this.#breakers.get(this.server)));
  }

  reached(): void {
    this.#breakers.set(this.server, CLOSED);
  }

  /** @param open connections that go on working */
  unreached(failure: FailureData, open: number): void {
    if (failure.code === "sending-limit" || failure.code === "sending-locked") {
      this.reached();
      this.refused({ code: failure.code, words: failure.serverWords ?? "", ofSender: true });
    } else if (failure.code === "too-many-connections" && open > 0) {
      this.reached();
      this.#learn(learnConnections(this.#learnt, open, this.#o.clock()));
    } else if (failure.kind === "auth" || failure.kind === "untrusted") this.notAsked();
    else this.#breakers.set(this.server, unreached(this.#breakers.get(this.server), failure, this.#o.clock(), this.#o.random()));
  }

  /** The try ended without a word about the server. */
  notAsked(): void {
    this.#breakers.set(this.server, notAsked(this.#breakers.get(this.server), this.#o.clock()));
  }

  /** The network is back: the server may be there again. */
  hurry(): void {
    this.#breakers.set(this.server, hurried(this.#breakers.get(this.server), this.#o.clock()));
  }

  /** The user asks: what the server asked for is put aside once. */
  force(): void {
    this.hurry();
    if (this.#learnt.blockedUntil !== null) this.#learn({ ...this.#learnt, blockedUntil: null });
  }

  /** A message is let through. */
  letGo(): void {
    this.#bucket = takeToken(this.#bucket, this.limits.messagesAMinute, this.#o.clock());
  }

  /** Joins the transaction that writes the acceptance down. */
  accepted(tx: Writer, bytes: number): void {
    const now = this.#o.clock();
    const hour = hourOf(now);
    noteSent(tx, this.#account, this.server, hour, bytes);
    const last = this.#hours.at(-1);
    if (last?.hour === hour) this.#hours[this.#hours.length - 1] = { hour, messages: last.messages + 1, bytes: last.bytes + bytes };
    else {
      this.#hours = [...this.#hours.filter((one) => one.hour > hour - KEPT_HOURS), { hour, messages: 1, bytes }];
      forgetHoursBefore(tx, hour - KEPT_HOURS);
    }
    this.#recent.push(now);
    if (this.#recent.length > 2000) this.#lastMinute();
    const learnt = learnFaster(this.#learnt, now);
    // A pace that grows by a fraction is not worth a row.
    const worthIt =
      learnt.blockedUntil !== this.#learnt.blockedUntil ||
      learnt.refusals !== this.#learnt.refusals ||
      learnt.grownAt !== this.#learnt.grownAt ||
      Math.floor(learnt.messagesAMinute ?? 0) !== Math.floor(this.#learnt.messagesAMinute ?? 0);
    this.#learnt = learnt;
    if (worthIt) writeLearntSending(tx, this.#account, this.server, learnt);
  }

  /** The server wants less. */
  refused(refusal: SenderRefusal): void {
    this.#learn(learnSlower(this.#learnt, this.limits, this.#hours, refusal, this.#lastMinute(), this.#o.clock()));
  }

  /** The server closed a connection that had carried this many. */
  tired(served: number): void {
    this.#learn(learnMessagesAConnection(this.#learnt, served, this.#o.clock()));
  }

  #learn(learnt: LearntSending): void {
    if (learnt === this.#learnt) return;
    this.#learnt = learnt;
    this.#o.store.db.write((tx) => writeLearntSending(tx, this.#account, this.server, learnt));
    this.#o.log.info("outbox.learnt", { account: this.#account, code: learnt.blockedFor?.code ?? null, until: learnt.blockedUntil ?? 0 });
  }

  #lastMinute(): number {
    const since = this.#o.clock() - MINUTE;
    this.#recent = this.#recent.filter((at) => at > since && at <= since + MINUTE);
    return this.#recent.length;
  }

  /**
   * How the server stands, for the engine's health and the outbox page.
   *
   * @param stopped why nothing goes over it until the user has done something
   */
  health(stopped: FailureData | null): SendingServer {
    const now = this.#o.clock();
    const breaker = this.#breakers.get(this.server);
    const wait = this.#wait;
    const day = hourOf(now) - 24;
    const { messagesAMinute } = this.limits;
    return {
      accountId: this.#account,
      server: this.server,
      breaker: breaker.kind,
      tryAt: breaker.kind === "open" ? breaker.until : null,
      failure: breaker.kind === "closed" ? null : breaker.failure,
      wait: wait === null ? null : { why: wait.why, until: wait.until, failure: this.#blockedFor(wait) },
      stopped,
      messagesAMinute: messagesAMinute === null ? null : Math.floor(messagesAMinute),
      acceptedLastMinute: this.#lastMinute(),
      acceptedLastDay: this.#hours.reduce((sum, one) => (one.hour > day ? sum + one.messages : sum), 0),
    };
  }

  #blockedFor({ why }: Wait): FailureData | null {
    if (why === "minute") return null;
    const params = { host: this.#host, port: this.#port };
    const { blockedFor } = this.#learnt;
    if (why === "day" || blockedFor === null) return new Failure("sending-limit", { params }).data();
    return new Failure(blockedFor.code, { params, serverWords: blockedFor.words }).data();
  }
}
