import { asFailure, type Failure, type FailureData } from "../../shared/failure.ts";
import type { AccountId, OutboxId } from "../../shared/ids.ts";
import { backoffMs } from "../plan/backoff.ts";
import {
  type AttemptOutcome,
  afterAttempt,
  afterNoConnection,
  beginAttempt,
  beginFinishing,
  type Item,
  planSending,
  remaining,
  stopsAccount,
  type World,
} from "../plan/sending.ts";
import { openSession, type SmtpSession } from "../smtp/session.ts";
import type { StoredItem } from "../store/outbox.ts";
import { type FrozenBytes, openFrozenBytes } from "./frozen-bytes.ts";
import type { Items } from "./items.ts";
import type { OutboxOptions } from "./options.ts";
import { tellAccepted } from "./tell-accepted.ts";

const COMMIT_AGAIN_MS = 2000;

/** Replies that a server gives to a connection it has had enough of, not to the message. */
const TIRED = new Set(["line-closed", "server-unavailable", "too-many-connections"]);

type Reach = { failures: number; notBefore: number; failure: FailureData | null };

/** Sends the open items of one account, over a few connections that stay open while there is something to send. */
export class Sender {
  readonly #account: AccountId;
  readonly #items: Items;
  readonly #o: OutboxOptions;
  readonly #world: () => Omit<World, "connectNotBefore" | "stopped">;
  readonly #inFlight = new Map<OutboxId, AbortController>();
  readonly #connections = new Set<Promise<void>>();
  readonly #onRest: () => void;
  #reach: Reach = { failures: 0, notBefore: 0, failure: null };
  #stopped: FailureData | null = null;

  constructor(
    account: AccountId,
    items: Items,
    options: OutboxOptions,
    world: () => Omit<World, "connectNotBefore" | "stopped">,
    onRest: () => void,
  ) {
    this.#account = account;
    this.#items = items;
    this.#o = options;
    this.#world = world;
    this.#onRest = onRest;
  }

  get world(): World {
    return { ...this.#world(), connectNotBefore: this.#reach.notBefore, stopped: this.#stopped !== null };
  }

  /** Why nothing of this account is sent until the user does something, or null. */
  get stopped(): FailureData | null {
    return this.#stopped;
  }

  /** The network is back, or the user asks: no more waiting for the server. */
  tryNow(): void {
    this.#reach = { ...this.#reach, failures: 0, notBefore: 0 };
  }

  /** The account has a new password or other settings. */
  mended(): void {
    this.#stopped = null;
    this.tryNow();
  }

  /** Breaks off what is under way and not yet finishing. */
  abort(id?: OutboxId): void {
    for (const [one, controller] of this.#inFlight) if (id === undefined || one === id) controller.abort();
  }

  /** Opens as many connections as the queue is worth. */
  pump(): void {
    const settings = this.#o.settingsFor(this.#account);
    if (!settings) return;
    const most = Math.min(5, Math.max(1, settings.connections ?? 2));
    let ready = 0;
    for (const item of this.#items.open()) {
      if (this.#isReady(item)) ready += 1;
      if (ready >= most * 3) break;
    }
    // A second connection costs a sign-in: worth it from the third message on.
    const wanted = Math.min(most, Math.ceil(ready / 3));
    while (this.#connections.size < wanted) {
      const connection: Promise<void> = this.#drain().finally(() => {
        this.#connections.delete(connection);
        this.#onRest();
      });
      this.#connections.add(connection);
    }
  }

  async rest(): Promise<void> {
    await Promise.all(this.#connections);
  }

  #isReady(item: StoredItem): boolean {
    return item.accountId === this.#account && !this.#inFlight.has(item.id) && planSending(item, this.world).kind === "send";
  }

  #take(): StoredItem | null {
    for (const item of this.#items.open()) {
      if (!this.#isReady(item)) continue;
      const taken = this.#items.changeNow(item.id, (now) => (now.state === "queued" ? beginAttempt(now) : null), { stage: "connecting" });
      if (taken) {
        this.#inFlight.set(item.id, new AbortController());
        return taken;
      }
    }
    return null;
  }

  async #drain(): Promise<void> {
    let session: SmtpSession | null = null;
    let served = 0;
    try {
      for (let item = this.#take(); item !== null; item = this.#take()) {
        try {
          if (!session?.usable) {
            session?.close();
            session = await this.#connect(item);
            served = 0;
          }
          if (session === null) return;
          await this.#attempt(session, item, served > 0);
          served += 1;
        } finally {
          this.#inFlight.delete(item.id);
        }
      }
    } catch (error) {
      this.#o.log.error("outbox.sender-failed", error, { account: this.#account });
    } finally {
      session?.close();
    }
  }

  /** null when the server could not be had; the item has been told. */
  async #connect(item: StoredItem): Promise<SmtpSession | null> {
    try {
      const session = await this.#open(item.id);
      this.#reach = { failures: 0, notBefore: 0, failure: null };
      return session;
    } catch (error) {
      const failure = asFailure(error);
      this.#o.log.warn("outbox.no-connection", { account: this.#account, code: failure.code, kind: failure.kind });
      this.#unreachable(failure);
      await this.#settle(item.id, (now) => afterNoConnection(now, failure.data()));
      return null;
    }
  }

  async #open(id: OutboxId): Promise<SmtpSession> {
    const settings = this.#o.settingsFor(this.#account);
    if (!settings) throw asFailure(new Error("the account has no settings to send with"));
    const open = async (renew: boolean): Promise<SmtpSession> =>
      await openSession({
        server: settings.server,
        credential: await this.#o.credentialFor(this.#account, renew),
        onStage: (stage) => this.#items.progress(id, stage, 0),
        trust: this.#o.trust,
        ...(this.#o.deadlines ? { deadlines: this.#o.deadlines } : {}),
      });
    try {
      return await open(false);
    } catch (error) {
      if (asFailure(error).code !== "token-expired") throw error;
      return await open(true);
    }
  }

  #unreachable(failure: Failure): void {
    const data = failure.data();
    if (stopsAccount(data)) {
      if (this.#stopped === null) this.#o.notice("account-stopped", { account: this.#account }, data);
      this.#stopped = data;
      return;
    }
    const { failures } = this.#reach;
    this.#reach = { failures: failures + 1, notBefore: this.#o.clock() + backoffMs(failures, this.#o.random()), failure: data };
  }

  async #attempt(session: SmtpSession, item: StoredItem, reused: boolean): Promise<void> {
    let bytes: FrozenBytes;
    try {
      bytes = await openFrozenBytes(this.#o.profileDir, item.rawHash, item.sizeBytes);
    } catch (error) {
      const failure = asFailure(error).data();
      await this.#settle(item.id, (now) => ({ ...now, state: "held", failure, nextTryAt: null }));
      this.#o.notice("message-held", { subject: item.subject, item: item.id }, failure);
      return;
    }
    let reached: "recipients" | "later" = "recipients";
    let trouble: Failure | null = null;
    const signal = this.#inFlight.get(item.id)?.signal;
    let outcome: AttemptOutcome;
    let stage: Parameters<Items["progress"]>[1] = "signed-in";
    try {
      outcome = await session.send(
        { from: item.fromAddress, to: remaining(item), source: bytes },
        {
          onStage: (now) => {
            stage = now;
            if (now !== "recipients") reached = "later";
            this.#items.progress(item.id, now, now === "finishing" || now === "answered" ? item.sizeBytes : 0);
          },
          onBytes: (sent) => this.#items.progress(item.id, stage, sent),
          release: async (turnedAway) => {
            try {
              const at = this.#o.clock();
              const patch = { stage: "finishing", finishingAt: at } as const;
              const ready = await this.#items.change(
                item.id,
                (now) => (now.state === "sending" ? beginFinishing(now, turnedAway) : null),
                patch,
              );
              if (!ready) throw asFailure(new Error("it was taken back"));
            } catch (error) {
              trouble = asFailure(error);
              throw error;
            }
          },
          ...(signal ? { signal } : {}),
        },
      );
    } finally {
      await bytes.close();
    }
    if (trouble !== null) outcome = { ...outcome, failure: (trouble as Failure).data() };
    await this.#tell(item, outcome, reused && reached === "recipients", stage);
  }

  async #tell(item: StoredItem, outcome: AttemptOutcome, early: boolean, stage: Parameters<Items["progress"]>[1]): Promise<void> {
    const tired = early && outcome.verdict === "retryable" && TIRED.has(outcome.failure?.code ?? "");
    const change = (now: Item): Item => {
      // The server had enough of this connection before it heard of the message: a new one, and no attempt counted.
      if (tired) return { ...now, state: "queued", nextTryAt: null };
      return afterAttempt(now, outcome, this.#o.clock(), this.#o.random());
    };
    const after = await this.#settle(item.id, change, stage);
    this.#o.log.info("outbox.attempt", { item: item.id, verdict: outcome.verdict, code: outcome.failure?.code, state: after?.state });
    if (outcome.failure && outcome.verdict === "permanent" && stopsAccount(outcome.failure)) {
      this.#stopped = outcome.failure;
      this.#o.notice("account-stopped", { account: this.#account }, outcome.failure);
    }
    if (!after) return;
    if (item.acceptedAt === null && after.acceptedAt !== null) tellAccepted(this.#o, after);
    if (after.state === "held") this.#o.notice("message-held", { subject: item.subject, item: item.id }, after.failure);
  }

  /** What came of it, on disk. While the disk refuses, it is asked again: an acceptance must not be forgotten. */
  async #settle(id: OutboxId, change: (item: StoredItem) => Item, stage?: Parameters<Items["progress"]>[1]): Promise<StoredItem | null> {
    const busy = (item: StoredItem): Item | null => (item.state === "sending" || item.state === "finishing" ? change(item) : null);
    for (;;) {
      try {
        return await this.#items.change(id, busy, stage ? { stage, finishingAt: null } : {});
      } catch (error) {
        this.#o.log.error("outbox.outcome-not-kept", error, { item: id });
        if (asFailure(error).kind !== "storage") throw error;
        await new Promise<void>((resolve) => void this.#o.timers.after(COMMIT_AGAIN_MS, resolve));
      }
    }
  }
}
