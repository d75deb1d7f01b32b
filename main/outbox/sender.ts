import { asFailure, type Failure, type FailureData } from "../../shared/failure.ts";
import type { AccountId, OutboxId } from "../../shared/ids.ts";
import { Stranger } from "../plan/captive-portal.ts";
import { afterNoConnection, beginAttempt, planSending, stopsAccount, turnOf, type World } from "../plan/sending.ts";
import { openSession, type SmtpSession } from "../smtp/session.ts";
import type { StoredItem } from "../store/outbox.ts";
import { noteOffers } from "../store/sending-offers.ts";
import { Attempts, stoppedBy } from "./attempt.ts";
import { type Breakers, Gate } from "./gate.ts";
import type { Items } from "./items.ts";
import type { OutboxOptions } from "./options.ts";

/** How long a connection waits for the next message before it is closed. */
const IDLE_MS = 15_000;
/** A second connection costs a sign-in: worth it from the third message on. */
const WORTH_A_CONNECTION = 3;
const MOST_CONNECTIONS = 5;

type Surroundings = Omit<World, "connectNotBefore" | "stopped">;

/** Sends the open items of one account, over a few connections that stay open while there is something to send, and a moment longer. */
export class Sender {
  readonly #account: AccountId;
  readonly #items: Items;
  readonly #o: OutboxOptions;
  readonly #world: () => Surroundings;
  readonly #breakers: Breakers;
  readonly #attempts: Attempts;
  readonly #inFlight = new Map<OutboxId, AbortController>();
  readonly #connections = new Set<Promise<void>>();
  /** Connections without work; each is woken by its function, and told whether to look again or to close. */
  readonly #idle = new Set<(goOn: boolean) => void>();
  readonly #onRest: () => void;
  readonly #stranger = new Stranger();
  #gate: Gate | null = null;
  #stopped: FailureData | null = null;

  constructor(account: AccountId, items: Items, options: OutboxOptions, breakers: Breakers, world: () => Surroundings, onRest: () => void) {
    this.#account = account;
    this.#items = items;
    this.#o = options;
    this.#breakers = breakers;
    this.#attempts = new Attempts(items, options);
    this.#world = world;
    this.#onRest = onRest;
  }

  /** As a message meets it that would need a connection, or that finds one idle. */
  get world(): World {
    return this.#worldOver(this.#idle.size > 0);
  }

  #worldOver(connected: boolean): World {
    return { ...this.#world(), connectNotBefore: this.gate?.notBefore(connected) ?? 0, stopped: this.#stopped !== null };
  }

  /** What lets messages through to the server of the account's present settings; null without any. */
  get gate(): Gate | null {
    const server = this.#o.settingsFor(this.#account)?.server;
    if (server === undefined) return null;
    if (this.#gate?.server !== `${server.host}:${server.port}`) this.#gate = new Gate(this.#account, server, this.#o, this.#breakers);
    return this.#gate;
  }

  /** Why nothing of this account is sent until the user does something, or null. */
  get stopped(): FailureData | null {
    return this.#stopped;
  }

  /** The network is back: no more waiting for the server. */
  tryNow(): void {
    this.gate?.hurry();
  }

  /** The account has a new password or other settings, or the user asks: whatever kept mail back is put aside. */
  mended(): void {
    this.#stopped = null;
    this.gate?.force();
  }

  /** Breaks off what is under way and not yet finishing. */
  abort(id?: OutboxId): void {
    for (const [one, controller] of this.#inFlight) if (id === undefined || one === id) controller.abort();
    if (id === undefined) this.#wakeIdle(false);
  }

  /** Opens as many connections as the queue is worth. */
  pump(): void {
    const settings = this.#o.settingsFor(this.#account);
    const gate = this.gate;
    if (!settings || !gate) return;
    this.#wakeIdle(true);
    const most = Math.min(MOST_CONNECTIONS, gate.limits.connections ?? MOST_CONNECTIONS, Math.max(1, settings.connections ?? 2));
    const world = this.#worldOver(false);
    let ready = 0;
    for (const item of this.#items.open()) {
      if (this.#isReady(item, world)) ready += 1;
      if (ready >= most * WORTH_A_CONNECTION) break;
    }
    const wanted = Math.min(most, Math.ceil(ready / WORTH_A_CONNECTION));
    while (this.#connections.size < wanted) {
      const connection: Promise<void> = this.#drain().finally(() => {
        this.#connections.delete(connection);
        this.#onRest();
      });
      this.#connections.add(connection);
    }
  }

  async rest(): Promise<void> {
    this.#wakeIdle(false);
    await Promise.all(this.#connections);
  }

  #wakeIdle(goOn: boolean): void {
    for (const wake of this.#idle) wake(goOn);
  }

  #isReady(item: StoredItem, world: World): boolean {
    return (
      item.accountId === this.#account &&
      !this.#inFlight.has(item.id) &&
      planSending(item, this.#items.worldOf(item, world)).kind === "send"
    );
  }

  /** The message whose turn it is: what the user has just sent before what is tried again, each in the order of sending. */
  #next(world: World): StoredItem | null {
    let best: StoredItem | null = null;
    for (const item of this.#items.open()) {
      if (!this.#isReady(item, world) || (best !== null && turnOf(item) >= turnOf(best))) continue;
      best = item;
      if (turnOf(item) === 0) break;
    }
    return best;
  }

  #take(connected: boolean): StoredItem | null {
    const world = this.#worldOver(connected);
    const item = this.#next(world);
    if (item === null) return null;
    const taken = this.#items.changeNow(item.id, (now) => (now.state === "queued" ? beginAttempt(now) : null), { stage: "connecting" });
    if (taken === null) return null;
    this.#inFlight.set(item.id, new AbortController());
    return taken;
  }

  async #drain(): Promise<void> {
    let session: SmtpSession | null = null;
    let served = 0;
    // The acceptance before, on its way to the disk. Meanwhile the next message may say whom it is for: commits keep their order, so the one
    // that lets its end go comes with this one or after it.
    let writing: Promise<unknown> = Promise.resolve();
    try {
      for (;;) {
        const { gate } = this;
        if (session !== null && served >= (gate?.limits.messagesAConnection ?? Number.POSITIVE_INFINITY)) {
          session.close();
          session = null;
        }
        const item: StoredItem | null = gate && this.#take(session?.usable === true);
        if (gate === null || item === null) {
          await writing;
          if (session?.usable === true && (await this.#idles(session))) continue;
          break;
        }
        try {
          if (!session?.usable) {
            session?.close();
            session = await this.#connect(item, gate);
            served = 0;
          }
          if (session === null) {
            this.#inFlight.delete(item.id);
            break;
          }
          gate.letGo();
          const { writeDown, accepted } = await this.#attempts.run(session, item, gate, served, this.#inFlight.get(item.id)?.signal);
          served += 1;
          const { id } = item;
          const written = writeDown()
            .then((after) => this.#stopIfNeeded(stoppedBy(after, stopsAccount)))
            .finally(() => this.#inFlight.delete(id));
          await writing;
          writing = written;
          if (!accepted) await writing;
        } catch (error) {
          this.#inFlight.delete(item.id);
          throw error;
        }
      }
      await writing;
    } catch (error) {
      this.#o.log.error("outbox.sender-failed", error, { account: this.#account });
    } finally {
      session?.close();
    }
  }

  /** Keeps a connection for the next message. @returns whether to look for one; false when it is to be closed */
  #idles(session: SmtpSession): Promise<boolean> {
    const { online, paused } = this.#world();
    if (!online || paused || this.#stopped !== null) return Promise.resolve(false);
    return new Promise((resolve) => {
      const wake = (goOn: boolean): void => {
        cancel();
        this.#idle.delete(wake);
        session.onEnd = () => {};
        resolve(goOn);
      };
      const cancel = this.#o.timers.after(IDLE_MS, () => wake(false));
      session.onEnd = () => wake(false);
      this.#idle.add(wake);
      // Time to go on may have come while the last acceptance was written.
      this.#onRest();
    });
  }

  /** null when the server could not be had; the item has been told. */
  async #connect(item: StoredItem, gate: Gate): Promise<SmtpSession | null> {
    const open = this.#connections.size - 1;
    gate.connecting();
    try {
      const session = await this.#open(item.id);
      gate.reached();
      const { hold, requireTls } = session.capabilities;
      noteOffers(this.#o.store.db, this.#account, gate.server, { hold, requireTls });
      this.#stranger.gone();
      return session;
    } catch (error) {
      const hasWorked = this.#o.settingsFor(this.#account)?.hasWorked === true;
      const failure = this.#stranger.told(asFailure(error), hasWorked, this.#o.clock());
      this.#o.log.warn("outbox.no-connection", { account: this.#account, code: failure.code, kind: failure.kind });
      this.#unreachable(failure, gate, open);
      await this.#attempts.settle(item.id, (now) => afterNoConnection(now, failure.data()));
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

  #unreachable(failure: Failure, gate: Gate, open: number): void {
    const data = failure.data();
    gate.unreached(data, open);
    if (stopsAccount(data)) this.#stopIfNeeded(data);
  }

  #stopIfNeeded(failure: FailureData | null): void {
    if (failure === null) return;
    if (this.#stopped === null) this.#o.notice("account-stopped", { account: this.#account }, failure);
    this.#stopped = failure;
  }
}
