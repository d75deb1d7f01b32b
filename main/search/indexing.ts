import type { Database } from "../store/database.ts";
import { breathe } from "../store/slices.ts";
import { checkpoint, documentCount, inRowOrder, mergeStep, removeDocument, writeDocument } from "./index-file.ts";
import type { Intake, Turn } from "./intake.ts";

/** After so long searches are let through. */
const SLICE_MS = 25;
/**
 * Messages and bytes of text that are put in order and written one behind the other. Each group makes one segment of the index: larger ones
 * are fewer and cheaper, but writing one out takes a millisecond for every 100 KB.
 */
const GROUP = { messages: 1000, bytes: 4 * 1024 * 1024 };
/** How long to wait for more when a group is not full; while texts keep coming, at most so long in all. */
const GATHER_MS = 100;
const GATHER_AT_MOST_MS = 1000;
/** How long a transaction stays open over several groups. Searches see what is in it. */
const TRANSACTION_MS = 500;
/** How long nothing new must have come before messages known by their headers only are taken in, and segments are merged. */
const IDLE_MS = 3000;
/** Pages of 4 KiB in one step of merging. Each step begins with a look into every segment: small ones cost several times as much in all. */
const MERGE_PAGES = { fewest: 100, first: 100, most: 1000 };
/** Segments after which merging does not wait for a quiet moment: every one costs each search a look. */
const MOST_SEGMENTS = 128;

type Told = {
  /** These entries of the store's queue are in the index file. */
  readonly committed: (queueIds: number[]) => void;
  readonly failed: (error: unknown) => void;
  /** Nothing is left to be done. */
  readonly rested: () => void;
};

/** Takes in what waits, group by group and slice by slice, so that a search never waits long; merges segments when all is quiet. */
export class Indexing {
  readonly #database: Database;
  readonly #intake: Intake;
  readonly #told: Told;
  #indexed: number;
  #working = false;
  #askedAgain = false;
  #timer: NodeJS.Timeout | null = null;
  /** The timer is for the quiet time. */
  #resting = false;
  #closed = false;
  /** When texts came last, and when the last group was taken. */
  #offeredAt = Number.NEGATIVE_INFINITY;
  #tookAt = Number.NEGATIVE_INFINITY;
  #openSince: number | null = null;
  /** Queue entries whose documents are in the open transaction. */
  #uncommitted: number[] = [];
  #segments = 0;
  #mergePages = MERGE_PAGES.first;

  constructor(database: Database, intake: Intake, told: Told) {
    this.#database = database;
    this.#intake = intake;
    this.#told = told;
    this.#indexed = documentCount(database);
  }

  /** Documents in the index. */
  get indexed(): number {
    return this.#indexed;
  }

  /** Texts came along with what is new in the queue: more of them mostly follow. */
  offered(): void {
    this.#offeredAt = performance.now();
    if (!this.#working && this.#timer !== null && this.#intake.offers(GROUP)) void this.#work(false);
    else this.wake();
  }

  /** There is something new in the queue. */
  wake(): void {
    if (this.#working) this.#askedAgain = true;
    else if (this.#timer === null || this.#resting) this.#later(GATHER_MS, false);
  }

  close(): void {
    this.#commit();
    this.#closed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  #later(ms: number, idle: boolean): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#resting = idle;
    this.#timer = setTimeout(() => void this.#work(idle), ms);
  }

  /** While mail comes in bulk, each group would be what has come within some milliseconds: twice as many segments, and half of the work is writing them. */
  #shouldGather(): boolean {
    return this.#gathersUntil() > performance.now() && !this.#intake.offers(GROUP);
  }

  #gathersUntil(): number {
    return Math.min(this.#offeredAt + GATHER_MS, this.#tookAt + GATHER_AT_MOST_MS);
  }

  async #work(idle: boolean): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#working = true;
    this.#askedAgain = false;
    try {
      while (!this.#closed) {
        if (this.#shouldGather()) {
          this.#askedAgain = true;
          break;
        }
        const turns = await this.#intake.next(GROUP.messages, GROUP.bytes, idle);
        this.#tookAt = performance.now();
        if (turns.length === 0 || this.#closed) break;
        await this.#writeGroup(turns);
        if (this.#segments >= MOST_SEGMENTS) await this.#merge();
      }
      this.#commit();
      if (idle) {
        await this.#merge();
        if (!this.#askedAgain) this.#told.rested();
      }
    } catch (error) {
      this.#rollBack();
      this.#told.failed(error);
    }
    this.#working = false;
    if (this.#closed) return;
    if (this.#askedAgain) this.#later(this.#shouldGather() ? this.#gathersUntil() - performance.now() : GATHER_MS, false);
    else if (!idle) this.#later(IDLE_MS, true);
  }

  async #writeGroup(turns: readonly Turn[]): Promise<void> {
    this.#begin();
    let sliceEnds = performance.now() + SLICE_MS;
    for (const { messageId, document } of turns) {
      if (document === null && this.#database.write((tx) => removeDocument(tx, messageId))) this.#indexed -= 1;
    }
    for (const document of inRowOrder(turns.flatMap((turn) => turn.document ?? []))) {
      if (this.#database.write((tx) => writeDocument(tx, document))) this.#indexed += 1;
      if (performance.now() < sliceEnds) continue;
      await breathe();
      if (this.#closed) return;
      sliceEnds = performance.now() + SLICE_MS;
    }
    this.#segments += 1;
    this.#uncommitted.push(...turns.flatMap(({ queueIds }) => queueIds));
    if (this.#openSince !== null && performance.now() - this.#openSince > TRANSACTION_MS) this.#commit();
    await breathe();
  }

  async #merge(): Promise<void> {
    this.#commit();
    while (!this.#closed && !(this.#askedAgain && this.#segments < MOST_SEGMENTS)) {
      const began = performance.now();
      const more = mergeStep(this.#database, this.#mergePages);
      const tookMs = performance.now() - began;
      if (tookMs > SLICE_MS) this.#mergePages = Math.max(MERGE_PAGES.fewest, this.#mergePages >> 1);
      else if (tookMs < SLICE_MS / 2) this.#mergePages = Math.min(MERGE_PAGES.most, this.#mergePages + 50);
      if (!more) {
        this.#segments = 0;
        checkpoint(this.#database);
        return;
      }
      await breathe();
    }
  }

  #begin(): void {
    if (this.#openSince !== null) return;
    this.#database.connection.exec("BEGIN");
    this.#openSince = performance.now();
  }

  #commit(): void {
    if (this.#openSince === null) return;
    this.#database.connection.exec("COMMIT");
    this.#openSince = null;
    const queueIds = this.#uncommitted;
    this.#uncommitted = [];
    this.#told.committed(queueIds);
  }

  #rollBack(): void {
    if (this.#closed) return;
    if (this.#openSince !== null && this.#database.connection.inTransaction) this.#database.connection.exec("ROLLBACK");
    this.#openSince = null;
    this.#uncommitted = [];
    this.#indexed = documentCount(this.#database);
    this.#intake.startOver();
  }
}

/** Lets messages to this thread through. */
