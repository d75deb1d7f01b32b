import { Failure } from "../../shared/failure.ts";
import type { Log } from "../log.ts";
import { type CharsetHints, NO_HINTS } from "../mime/charset-hints.ts";
import { Turns } from "../plan/turns.ts";
import type { TxtAnswer } from "../signed/answers.ts";
import { MessageMemory } from "./message-memory.ts";
import type {
  Answer,
  ArrivalHints,
  Arrived,
  CalendarResult,
  FrontResult,
  Job,
  JobResult,
  ListResult,
  LookResult,
  MessagePlace,
  Numbered,
  OutlineOf,
  PartResult,
  Quotable,
  ReadAgain,
  ReadOptions,
  ReadResult,
  SourceResult,
  VouchResult,
} from "./parse-jobs.ts";
import { bytesOf, ParseWorker } from "./parse-worker.ts";

/**
 * The threads that read mail: several for what arrives, one for what is being looked at, so that opening a message never
 * waits behind a first synchronisation.
 */
export interface ParsePool {
  /** Much mail is about to arrive: the thread that reads it loads what it needs while the server is still being called. */
  prepare(): void;
  /** Memory for a message that will be given to `arrive`: then it need not be copied. */
  memoryFor(sizeBytes: number): Uint8Array;
  /**
   * Accounts take turns. Takes the bytes over, writes them as a blob and reads what the list, the threads and the index want. The promise is the back-pressure:
   * keep no more under way than memory allows (`inFlightBytes`).
   * @throws Failure `disk-full`, `read-only`
   */
  arrive(message: Arriving): Promise<Taken>;
  /**
   * As `arrive`, for what is fetched of a large message: it is kept apart, and is never the message itself.
   * @throws Failure `part-gone` where it lacks a part that it should have
   */
  arriveOutline(message: Arriving, outline: OutlineOf): Promise<Taken & { readonly cut: string }>;
  /** @throws Failure `not-here-yet` when the blob is missing or damaged */
  read(place: MessagePlace, options: ReadOptions): Promise<ReadResult>;
  /** What the first bytes of a large message show, before its files are read and its hash is checked. */
  front(hash: string, options: ReadOptions): Promise<FrontResult>;
  quotable(place: MessagePlace): Promise<Quotable>;
  /** What the list, the threads and the index want of a message that is here, in another charset. @throws Failure `not-here-yet` */
  again(place: MessagePlace, hints: CharsetHints): Promise<ReadAgain>;
  /** @throws Failure `part-gone` */
  part(place: MessagePlace, part: string, hints?: CharsetHints): Promise<PartResult>;
  /** How a part can be looked at, by its bytes. @throws Failure `part-gone` */
  look(place: MessagePlace, part: string, hints: CharsetHints): Promise<LookResult>;
  /** The raw message as text, at most `limit` bytes of it. */
  source(place: MessagePlace, limit: number): Promise<SourceResult>;
  /**
   * Who answers for the message's sender, as far as `answers` (TXT records by name) tell.
   * @param arrivedAt ms UTC
   * @throws Failure `not-here-yet`
   */
  vouch(place: MessagePlace, arrivedAt: number, answers: Readonly<Record<string, TxtAnswer>>): Promise<VouchResult>;
  /** How to leave the message's list, and whether a signature covers that, as far as `answers` tell. @throws Failure `not-here-yet` */
  list(place: MessagePlace, arrivedAt: number, answers: Readonly<Record<string, TxtAnswer>>): Promise<ListResult>;
  /** Calendars and contact cards that came with a message. @throws Failure `not-here-yet` */
  /** `inside` is the part that is the message to be read in its place. */
  calendars(place: MessagePlace, inside: string | null, hints: CharsetHints): Promise<CalendarResult>;
  /** Gets the reader ready before the first message is opened. */
  warm(): Promise<unknown>;
  /** Bytes given to `arrive` whose promise is not settled yet. */
  readonly inFlightBytes: number;
  /** Ends the threads; what was under way fails as `engine-restarted`. */
  close(): Promise<void>;
}

/** A message on its way from the line; left out, `account` is nobody's. */
export type Arriving = { readonly bytes: Uint8Array; readonly durable: boolean; readonly account?: number };

/** An arrived message; `vote` is the charset of its sender's history, where that decided, `learnt` what it adds to that. */
export type Taken = Omit<Arrived, "cut"> & { readonly vote: string | null; readonly learnt: string | null };

export type ParsePoolOptions = {
  readonly size: number;
  readonly blobDir: string;
  readonly log: Log;
  readonly threadUrl?: URL;
  readonly maxHeapMb?: number;
  /** A thread that is at one message for so long is ended, as if the message had killed it. */
  readonly stuckMs?: number;
  /** Asked for each batch of messages that arrive. */
  readonly arrivalHints?: () => ArrivalHints;
  /** The charset that an address's mail is known to be in where no label says so. Asked only where the bytes fit several. */
  readonly senderHistory?: (address: string) => string | null;
};

/** Work for which nobody sits before the window: it waits for what somebody opens. */
const ASIDE: ReadonlySet<Job["kind"]> = new Set<Job["kind"]>(["again", "vouch"]);

const NOTHING_KNOWN: ArrivalHints = { likely: [], senders: new Map() };

/** One message to a thread costs some 30 µs whatever is in it; more in one only makes the first wait. */
const BATCH_JOBS = 24;
const BATCH_BYTES = 512 * 1024;
/** Three times what is under way at once: there is nearly always a stretch that is long enough. */
const MEMORY_BYTES = 24 * 1024 * 1024;
/** The largest message takes some seconds on a slow disk. */
const STUCK_MS = 60_000;
type Waiting = {
  readonly resolve: (result: JobResult[Job["kind"]]) => void;
  readonly reject: (failure: Failure) => void;
  readonly bytes: number;
};

export function startParsePool(options: ParsePoolOptions): ParsePool {
  return new Pool(options);
}

class Pool implements ParsePool {
  readonly #arrivals: readonly ParseWorker[];
  readonly #reader: ParseWorker;
  readonly #waiting = new Map<number, Waiting>();
  readonly #memory = new MessageMemory(MEMORY_BYTES);
  readonly #arriving = new Turns<number, Numbered>();
  /** Somebody looks at it. */
  readonly #reading: Numbered[] = [];
  /** Nobody waits for it in front of the window. */
  readonly #aside = new Turns<number, Numbered>();
  #lastId = 0;
  #inFlight = 0;
  #dispatching = false;
  #closed = false;
  readonly #arrivalHints: () => ArrivalHints;
  readonly #senderHistory: (address: string) => string | null;

  constructor({ size, blobDir, log, threadUrl, maxHeapMb, stuckMs, arrivalHints, senderHistory }: ParsePoolOptions) {
    this.#arrivalHints = arrivalHints ?? (() => NOTHING_KNOWN);
    this.#senderHistory = senderHistory ?? (() => null);
    const worker = () =>
      new ParseWorker({
        threadUrl: threadUrl ?? new URL("./parse-thread.ts", import.meta.url),
        blobDir,
        memory: this.#memory.buffer,
        log,
        maxHeapMb: maxHeapMb ?? 512,
        stuckMs: stuckMs ?? STUCK_MS,
        answered: (answers) => this.#answered(answers),
        died: (guilty, others) => this.#died(guilty, others),
      });
    this.#arrivals = Array.from({ length: size }, worker);
    this.#reader = worker();
  }

  get inFlightBytes(): number {
    return this.#inFlight;
  }

  arrive(message: Arriving): Promise<Taken> {
    return this.#take(message, null);
  }

  arriveOutline(message: Arriving, outline: OutlineOf): Promise<Taken & { readonly cut: string }> {
    return this.#take(message, outline);
  }

  async #take(message: Arriving, outline: OutlineOf | null): Promise<Taken & { readonly cut: string }> {
    const arrived = await this.#arrived(message, outline);
    const { heard, readAs } = arrived;
    const taken = { ...arrived, vote: null, learnt: readAs === null ? heard.sure : null };
    const address = arrived.from[0]?.address ?? "";
    const history = heard.unsure === null || readAs !== null ? null : this.#senderHistory(address);
    if (history === null || history === heard.unsure) return taken;
    const hints = { chosen: "", likely: this.#arrivalHints().likely, history };
    const place = outline === null ? { hash: arrived.hash } : { outline: arrived.hash };
    const again = await this.#ask({ kind: "again", place, hints }, 0, message.account);
    // It had a say only where that made a difference.
    return again.heard.unsure === history || again.heard.sure === history ? { ...taken, ...again, vote: history } : taken;
  }

  #arrived({ bytes, durable, account }: Arriving, outline: OutlineOf | null): Promise<Arrived> {
    const place = this.#memory.claim(bytes);
    const arrived = this.#ask({ kind: "arrive", bytes: place ?? bytes, durable, parse: true, outline }, bytes.byteLength, account);
    return place === null ? arrived : arrived.finally(() => this.#memory.giveBack(place));
  }

  prepare(): void {
    if (!this.#closed) this.#arrivals[0]?.prepare();
  }

  memoryFor(sizeBytes: number): Uint8Array {
    return this.#memory.take(sizeBytes);
  }

  read(place: MessagePlace, options: ReadOptions): Promise<ReadResult> {
    return this.#ask({ kind: "read", place, options }, 0);
  }

  front(hash: string, options: ReadOptions): Promise<FrontResult> {
    return this.#ask({ kind: "front", hash, options }, 0);
  }

  quotable(place: MessagePlace): Promise<Quotable> {
    return this.#ask({ kind: "quotable", place }, 0);
  }

  again(place: MessagePlace, hints: CharsetHints): Promise<ReadAgain> {
    return this.#ask({ kind: "again", place, hints }, 0);
  }

  part(place: MessagePlace, part: string, hints = NO_HINTS): Promise<PartResult> {
    return this.#ask({ kind: "part", place, part, hints }, 0);
  }

  look(place: MessagePlace, part: string, hints: CharsetHints): Promise<LookResult> {
    return this.#ask({ kind: "look", place, part, hints }, 0);
  }

  source(place: MessagePlace, limit: number): Promise<SourceResult> {
    return this.#ask({ kind: "source", place, limit }, 0);
  }

  vouch(place: MessagePlace, arrivedAt: number, answers: Readonly<Record<string, TxtAnswer>>): Promise<VouchResult> {
    return this.#ask({ kind: "vouch", place, arrivedAt, answers }, 0);
  }

  list(place: MessagePlace, arrivedAt: number, answers: Readonly<Record<string, TxtAnswer>>): Promise<ListResult> {
    return this.#ask({ kind: "list", place, arrivedAt, answers }, 0);
  }

  calendars(place: MessagePlace, inside: string | null, hints: CharsetHints): Promise<CalendarResult> {
    return this.#ask({ kind: "calendars", place, inside, hints }, 0);
  }

  warm(): Promise<unknown> {
    return this.#ask({ kind: "warm" }, 0);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#arrivals, this.#reader].map((worker) => worker.close()));
    this.#arriving.clear();
    this.#aside.clear();
    this.#reading.length = 0;
    for (const id of this.#waiting.keys()) this.#settle(id, (waiting) => waiting.reject(new Failure("engine-restarted")));
  }

  #ask<K extends Job["kind"]>(job: Extract<Job, { kind: K }>, bytes: number, owner = 0): Promise<JobResult[K]> {
    if (this.#closed) return Promise.reject(new Failure("engine-restarted"));
    const id = ++this.#lastId;
    this.#inFlight += bytes;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve: resolve as Waiting["resolve"], reject, bytes });
      const entry = { id, owner, job };
      if (job.kind === "arrive") {
        this.#arriving.push(owner, entry);
        this.#dispatchSoon();
        return;
      }
      if (ASIDE.has(job.kind)) this.#aside.push(owner, entry);
      else this.#reading.push(entry);
      this.#dispatch();
    });
  }

  /** What arrives in one turn of the loop goes together: waking a thread costs as much as reading a short message. */
  #dispatchSoon(): void {
    if (this.#dispatching) return;
    this.#dispatching = true;
    setImmediate(() => {
      this.#dispatching = false;
      this.#dispatch();
    });
  }

  /** An idle thread gets what there is at once; a busy one gets a batch, so batches grow with the load. */
  #dispatch(): void {
    while (this.#arriving.size > 0) {
      // Behind the least: a message of a hundred megabytes is nobody's to wait for while another thread is free.
      const [worker] = this.#arrivals.filter(({ canTake }) => canTake).toSorted((a, b) => a.waitingBytes - b.waitingBytes);
      if (worker === undefined) break;
      worker.send({ jobs: takeBatch(this.#arriving), hints: this.#arrivalHints() });
    }
    // One at a time: what is looked at last is wanted first, and a death then has one suspect.
    while (this.#reader.idle) {
      const next = this.#reading.shift() ?? this.#aside.take();
      if (next === undefined) break;
      this.#reader.send({ jobs: [next], hints: NOTHING_KNOWN });
    }
  }

  #answered(answers: readonly Answer[]): void {
    for (const answer of answers) {
      this.#settle(answer.id, (waiting) => {
        if ("failure" in answer) waiting.reject(Failure.from(answer.failure));
        else waiting.resolve(answer.result);
      });
    }
    this.#dispatch();
  }

  #died(guilty: Numbered | null, others: readonly Numbered[]): void {
    // Behind one another as they came; blobs are named by their contents, so doing one twice does no harm.
    for (const entry of others.toReversed()) {
      if (entry.job.kind === "arrive") this.#arriving.pushFirst(entry.owner, entry);
      else this.#reading.unshift(entry);
    }
    if (guilty !== null) this.#retryRaw(guilty);
    this.#dispatch();
  }

  /** The one that killed a thread is kept unparsed; a reading of it fails. */
  #retryRaw({ id, owner, job }: Numbered): void {
    if (job.kind === "arrive" && job.parse) this.#arriving.pushFirst(owner, { id, owner, job: { ...job, parse: false } });
    else this.#settle(id, (waiting) => waiting.reject(new Failure("bug")));
  }

  #settle(id: number, how: (waiting: Waiting) => void): void {
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) return;
    this.#waiting.delete(id);
    this.#inFlight -= waiting.bytes;
    how(waiting);
  }
}

function takeBatch(queue: Turns<number, Numbered>): Numbered[] {
  const batch: Numbered[] = [];
  let bytes = 0;
  while (batch.length < BATCH_JOBS && (batch.length === 0 || bytes < BATCH_BYTES)) {
    const next = queue.take();
    if (next === undefined) break;
    batch.push(next);
    bytes += bytesOf(next);
  }
  return batch;
}
