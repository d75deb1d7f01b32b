import type { SendingServer } from "../../shared/contract/health.ts";
import { asFailure, type Failure, type FailureData } from "../../shared/failure.ts";
import type { AccountId, OutboxId } from "../../shared/ids.ts";
import { stopsAccount, type World } from "../plan/outbox-item.ts";
import { afterNoConnection, beginAttempt, planSending, turnOf } from "../plan/sending.ts";
import { openSession, type SmtpSession } from "../smtp/session.ts";
import type { StoredItem } from "../store/outbox.ts";
import { noteOffers } from "../store/sending-offers.ts";
import { Attempts, stoppedBy } from "./attempt.ts";
import type { Breakers } from "./gate.ts";
import type { Items } from "./items.ts";
import type { OutboxOptions } from "./options.ts";
import { type Next, type Way, Ways } from "./ways.ts";

/** How long a connection waits for the next message before it is closed. */
const IDLE_MS = 15_000;
/** A second connection costs a sign-in: worth it from the third message on. */
const WORTH_A_CONNECTION = 3;
const MOST_CONNECTIONS = 5;

type Surroundings = Omit<World, "connectNotBefore" | "stopped">;

/** One connection and what it leads to. */
type Line = { way: Way | null; session: SmtpSession | null; served: number };

/** Sends the open items of one account, over a few connections that stay open while there is something to send, and a moment longer. */
export class Sender {
  readonly ways: Ways;
  readonly #account: AccountId;
  readonly #items: Items;
  readonly #o: OutboxOptions;
  readonly #world: () => Surroundings;
  readonly #attempts: Attempts;
  readonly #inFlight = new Map<OutboxId, AbortController>();
  readonly #connections = new Set<Promise<void>>();
  readonly #lines = new Set<Line>();
  /** Connections without work; each is woken by its function, and told whether to look again or to close. */
  readonly #idle = new Map<(goOn: boolean) => void, Way | null>();
  readonly #onRest: () => void;
  /** Connections that see whether a server is back, while others go on over the next one. */
  #probes = 0;
  #stopped: FailureData | null = null;

  constructor(account: AccountId, items: Items, options: OutboxOptions, breakers: Breakers, world: () => Surroundings, onRest: () => void) {
    this.#account = account;
    this.#items = items;
    this.#o = options;
    this.ways = new Ways(account, options, breakers);
    this.#attempts = new Attempts(items, options);
    this.#world = world;
    this.#onRest = onRest;
  }

  /** As a message meets it that would need a connection, or that finds one idle. */
  get world(): World {
    return this.#worldWith(this.ways.next((gate) => this.#idle.size > 0 && [...this.#idle.values()].some((way) => way?.gate === gate)));
  }

  #worldWith(next: Next): World {
    return { ...this.#world(), connectNotBefore: next.kind === "use" ? 0 : next.until, stopped: this.#stopped !== null };
  }

  /** How the account's servers stand. */
  health(): SendingServer[] {
    return this.ways.health(this.#stopped);
  }

  /** The network is back: no more waiting for the servers. */
  tryNow(): void {
    this.ways.hurry();
  }

  /** The account has a new password or other settings, or the user asks: whatever kept mail back is put aside. */
  mended(): void {
    this.#stopped = null;
    this.ways.force();
  }

  /** Breaks off what is under way and not yet finishing. */
  abort(id?: OutboxId): void {
    for (const [one, controller] of this.#inFlight) if (id === undefined || one === id) controller.abort();
    if (id === undefined) this.#wakeIdle(false);
  }

  /** Opens as many connections as the queue is worth. */
  pump(): void {
    const next = this.ways.next(() => false);
    this.#wakeIdle(true);
    if (next.kind === "wait") return;
    const connections = this.#o.settingsFor(this.#account)?.connections ?? 2;
    const most = Math.min(MOST_CONNECTIONS, next.way.gate.limits.connections ?? MOST_CONNECTIONS, Math.max(1, connections));
    const world = this.#worldWith(next);
    let ready = 0;
    for (const item of this.#items.open()) {
      if (this.#isReady(item, world)) ready += 1;
      if (ready >= most * WORTH_A_CONNECTION) break;
    }
    const wanted = Math.min(most, Math.ceil(ready / WORTH_A_CONNECTION));
    while (this.#connections.size - this.#probes < wanted) {
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
    for (const wake of this.#idle.keys()) wake(goOn);
  }

  #isReady(item: StoredItem, world: World): boolean {
    return (
      item.accountId === this.#account &&
      !this.#inFlight.has(item.id) &&
      planSending(item, this.#items.worldOf(item, world)).kind === "send"
    );
  }

  /** The message whose turn it is: what the user has just sent before what is tried again, each in the order of sending. */
  #nextItem(world: World): StoredItem | null {
    let best: StoredItem | null = null;
    for (const item of this.#items.open()) {
      if (!this.#isReady(item, world) || (best !== null && turnOf(item) >= turnOf(best))) continue;
      best = item;
      if (turnOf(item) === 0) break;
    }
    return best;
  }

  #take(next: Next): StoredItem | null {
    if (next.kind === "wait") return null;
    const item = this.#nextItem(this.#worldWith(next));
    if (item === null) return null;
    const taken = this.#items.changeNow(
      item.id,
      (now) => (now.state === "queued" ? beginAttempt(now) : null),
      { stage: "connecting", server: next.way.gate.server },
      { instead: next.instead },
    );
    if (taken === null) return null;
    this.#inFlight.set(item.id, new AbortController());
    return taken;
  }

  async #drain(): Promise<void> {
    const line: Line = { way: null, session: null, served: 0 };
    this.#lines.add(line);
    // The acceptance before, on its way to the disk. Meanwhile the next message may say whom it is for: commits keep their order, so the one
    // that lets its end go comes with this one or after it.
    let writing: Promise<unknown> = Promise.resolve();
    try {
      for (;;) {
        const next = this.ways.next((gate) => line.session?.usable === true && line.way?.gate === gate);
        if (isSpent(line, next)) hangUp(line);
        const item = this.#take(next);
        if (next.kind === "wait" || item === null) {
          await writing;
          if (line.session?.usable === true && (await this.#idles(line.session, line.way))) continue;
          break;
        }
        const { way, last } = next;
        try {
          const session = line.session?.usable === true ? line.session : await this.#connect(item, line, next);
          if (session === null) {
            this.#inFlight.delete(item.id);
            break;
          }
          way.gate.letGo();
          const about = { gate: way.gate, served: line.served, last, further: way.id === null ? null : way.server };
          const { writeDown, accepted, aside } = await this.#attempts.run(session, item, about, this.#inFlight.get(item.id)?.signal);
          this.#stopIfNeeded(way, aside);
          line.served += 1;
          const { id } = item;
          const written = writeDown()
            .then((after) => this.#stopIfNeeded(way, stoppedBy(after, stopsAccount)))
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
      hangUp(line);
      this.#lines.delete(line);
    }
  }

  /** Keeps a connection for the next message. @returns whether to look for one; false when it is to be closed */
  #idles(session: SmtpSession, way: Way | null): Promise<boolean> {
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
      this.#idle.set(wake, way);
      // Time to go on may have come while the last acceptance was written.
      this.#onRest();
    });
  }

  /** null when the server could not be had; the item has been told. */
  async #connect(item: StoredItem, line: Line, { way, last }: Next & { kind: "use" }): Promise<SmtpSession | null> {
    hangUp(line);
    line.way = way;
    const { gate, stranger } = way;
    gate.connecting();
    const probes = !last && gate.standing.breaker.kind === "half-open" ? 1 : 0;
    this.#probes += probes;
    try {
      line.session = await this.#open(item.id, way);
      gate.reached();
      const { hold, requireTls } = line.session.capabilities;
      noteOffers(this.#o.store.db, this.#account, gate.server, { hold, requireTls });
      stranger.gone();
    } catch (error) {
      const hasWorked = this.#o.settingsFor(this.#account)?.hasWorked === true;
      const failure = stranger.told(asFailure(error), hasWorked, this.#o.clock());
      this.#o.log.warn("outbox.no-connection", { account: this.#account, code: failure.code, kind: failure.kind });
      this.#unreachable(failure, way);
      await this.#attempts.settle(item.id, (now) => afterNoConnection(now, failure.data(), way.id !== null));
    } finally {
      this.#probes -= probes;
    }
    return line.session;
  }

  async #open(id: OutboxId, { id: further, server }: Way): Promise<SmtpSession> {
    let credential = await this.#o.credentialFor(this.#account, null, further);
    const open = async (): Promise<SmtpSession> =>
      await openSession({
        server,
        credential,
        onStage: (stage) => this.#items.progress(id, stage, 0),
        trust: this.#o.trust,
        via: this.#o.viaFor?.(this.#account),
        uploads: this.#o.uploads,
        ...(this.#o.deadlines ? { deadlines: this.#o.deadlines } : {}),
      });
    try {
      return await open();
    } catch (error) {
      if (asFailure(error).code !== "token-expired") throw error;
      credential = await this.#o.credentialFor(this.#account, credential, further);
      return await open();
    }
  }

  #unreachable(failure: Failure, way: Way): void {
    const data = failure.data();
    const others = [...this.#lines].filter((line) => line.way?.gate === way.gate).length - 1;
    way.gate.unreached(data, others);
    if (stopsAccount(data)) this.#stopIfNeeded(way, data);
  }

  #stopIfNeeded(way: Way, failure: FailureData | null): void {
    if (failure === null) return;
    if (way.id !== null) {
      if (this.ways.stop(way, failure)) this.#o.notice("server-stopped", { server: way.server.host }, failure);
      return;
    }
    if (this.#stopped === null) this.#o.notice("account-stopped", { account: this.#account }, failure);
    this.#stopped = failure;
  }
}

/** It has carried as many as its server likes, or the next message goes over another server. */
function isSpent({ way, served }: Line, next: Next): boolean {
  if (way === null) return false;
  return served >= (way.gate.limits.messagesAConnection ?? Number.POSITIVE_INFINITY) || (next.kind === "use" && next.way.gate !== way.gate);
}

function hangUp(line: Line): void {
  line.session?.close();
  line.session = null;
  line.served = 0;
}
