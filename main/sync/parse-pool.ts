import { Failure } from "../../shared/failure.ts";
import type { Log } from "../log.ts";
import { type CharsetHints, NO_HINTS } from "../mime/charset-hints.ts";
import type { TxtAnswer } from "../signed/answers.ts";
import { type MemoryPlace, MessageMemory } from "./message-memory.ts";
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
  PartResult,
  Quotable,
  ReadAgain,
  ReadOptions,
  ReadResult,
  SourceResult,
  VouchResult,
} from "./parse-jobs.ts";
import { ParseWorker } from "./parse-worker.ts";

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
   * Takes the bytes over, writes them as a blob and reads what the list, the threads and the index want. The promise is the back-pressure:
   * keep no more under way than memory allows (`inFlightBytes`).
   * @throws Failure `disk-full`, `read-only`
   */
  arrive(message: { bytes: Uint8Array; durable: boolean }): Promise<Taken>;
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

/** An arrived message; `vote` is the charset of its sender's history, where that decided, `learnt` what it adds to that. */
export type Taken = Arrived & { readonly vote: string | null; readonly learnt: string | null };

export type ParsePoolOptions = {
  readonly size: number;
  readonly blobDir: string;
  readonly log: Log;
  readonly threadUrl?: URL;
  readonly maxHeapMb?: number;
  /** Asked for each batch of messages that arrive. */
  readonly arrivalHints?: () => ArrivalHints;
  /** The charset that an address's mail is known to be in where no label says so. Asked only where the bytes fit several. */
  readonly senderHistory?: (address: string) => string | null;
};

const NOTHING_KNOWN: ArrivalHints = { likely: [], senders: new Map() };

/** One message to a thread costs some 30 µs whatever is in it; more in one only makes the first wait. */
const BATCH_JOBS = 24;
const BATCH_BYTES = 512 * 1024;
/** Three times what is under way at once: there is nearly always a stretch that is long enough. */
const MEMORY_BYTES = 24 * 1024 * 1024;
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
  #arriving: Numbered[] = [];
  #reading: Numbered[] = [];
  #lastId = 0;
  #inFlight = 0;
  #dispatching = false;
  #closed = false;
  readonly #arrivalHints: () => ArrivalHints;
  readonly #senderHistory: (address: string) => string | null;

  constructor({ size, blobDir, log, threadUrl, maxHeapMb, arrivalHints, senderHistory }: ParsePoolOptions) {
    this.#arrivalHints = arrivalHints ?? (() => NOTHING_KNOWN);
    this.#senderHistory = senderHistory ?? (() => null);
    const worker = () =>
      new ParseWorker({
        threadUrl: threadUrl ?? new URL("./parse-thread.ts", import.meta.url),
        blobDir,
        memory: this.#memory.buffer,
        log,
        maxHeapMb: maxHeapMb ?? 512,
        answered: (answers) => this.#answered(answers),
        died: (guilty, others) => this.#died(guilty, others),
      });
    this.#arrivals = Array.from({ length: size }, worker);
    this.#reader = worker();
  }

  get inFlightBytes(): number {
    return this.#inFlight;
  }

  async arrive(message: { bytes: Uint8Array; durable: boolean }): Promise<Taken> {
    const arrived = await this.#arrived(message);
    const { heard, readAs } = arrived;
    const taken = { ...arrived, vote: null, learnt: readAs === null ? heard.sure : null };
    const address = arrived.from[0]?.address ?? "";
    const history = heard.unsure === null || readAs !== null ? null : this.#senderHistory(address);
    if (history === null || history === heard.unsure) return taken;
    const again = await this.again({ hash: arrived.hash }, { chosen: "", likely: this.#arrivalHints().likely, history });
    // It had a say only where that made a difference.
    return again.heard.unsure === history || again.heard.sure === history ? { ...taken, ...again, vote: history } : taken;
  }

  #arrived({ bytes, durable }: { bytes: Uint8Array; durable: boolean }): Promise<Arrived> {
    const place = this.#memory.claim(bytes);
    const arrived = this.#ask({ kind: "arrive", bytes: place ?? bytes, durable, parse: true }, bytes.byteLength);
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
    this.#arriving = [];
    this.#reading = [];
    for (const id of this.#waiting.keys()) this.#settle(id, (waiting) => waiting.reject(new Failure("engine-restarted")));
  }

  #ask<K extends Job["kind"]>(job: Extract<Job, { kind: K }>, bytes: number): Promise<JobResult[K]> {
    if (this.#closed) return Promise.reject(new Failure("engine-restarted"));
    const id = ++this.#lastId;
    this.#inFlight += bytes;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve: resolve as Waiting["resolve"], reject, bytes });
      (job.kind === "arrive" ? this.#arriving : this.#reading).push({ id, job });
      if (job.kind === "arrive") this.#dispatchSoon();
      else this.#dispatch();
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
    while (this.#arriving.length > 0) {
      const worker = this.#arrivals.find((candidate) => candidate.idle) ?? this.#arrivals.find((candidate) => candidate.canTake);
      if (worker === undefined) break;
      worker.send({ jobs: takeBatch(this.#arriving), hints: this.#arrivalHints() });
    }
    // One at a time: what is looked at last is wanted first, and a death then has one suspect.
    while (this.#reading.length > 0 && this.#reader.idle) {
      const next = this.#reading.shift();
      if (next) this.#reader.send({ jobs: [next], hints: NOTHING_KNOWN });
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
    for (const entry of others.toReversed()) (entry.job.kind === "arrive" ? this.#arriving : this.#reading).unshift(entry);
    if (guilty !== null) this.#retryRaw(guilty);
    this.#dispatch();
  }

  /** The one that killed a thread is kept unparsed; a reading of it fails. */
  #retryRaw({ id, job }: Numbered): void {
    if (job.kind === "arrive" && job.parse) this.#arriving.unshift({ id, job: { ...job, parse: false } });
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

function takeBatch(queue: Numbered[]): Numbered[] {
  let bytes = 0;
  let count = 0;
  while (count < queue.length && count < BATCH_JOBS && (count === 0 || bytes < BATCH_BYTES)) {
    const job = queue[count]?.job;
    bytes += job?.kind === "arrive" ? sizeOf(job.bytes) : 0;
    count++;
  }
  return queue.splice(0, count);
}

function sizeOf(bytes: Uint8Array | MemoryPlace): number {
  return bytes instanceof Uint8Array ? bytes.byteLength : bytes.sizeBytes;
}
