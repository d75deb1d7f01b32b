import type { LeaveOnServer } from "../../shared/contract/accounts.ts";
import { asFailure, Failure } from "../../shared/failure.ts";
import type { FolderId, MessageId } from "../../shared/ids.ts";
import { mayCome } from "../plan/limits.ts";
import { isDue, type LedgerEntry, type ListedMessage, lastingUids, type Match, planLook, proofBefore, whoseHeader } from "../plan/pop3.ts";
import type { Session } from "../pop3/session.ts";
import { noteBytesLost } from "../store/ingest-bodies.ts";
import { noteUnlisted, readLedger, recordRecognised, recordTaken, type StoredEntry } from "../store/pop3-ledger.ts";
import { inSlices } from "../store/slices.ts";
import type { AccountWork } from "./account-work.ts";
import type { Governor } from "./governor.ts";
import { type Fetched, fetchMessage, headerHashOf, isOnDisk, LARGEST_MESSAGE } from "./pop3-message.ts";

/** What is not here: to come in this round or, while mail in bulk has to wait, in a later one, or kept back by the server. For the readiness line. */
export type ToGo = { messages: number; bytes: number };

export type RoundOptions = {
  readonly work: AccountWork;
  readonly session: Session;
  readonly inbox: FolderId;
  readonly leave: LeaveOnServer;
  readonly toGo: ToGo;
  readonly trouble: Trouble;
};

/** What went wrong with single messages in this run, by what the server calls them, with the number of times. */
export class Trouble {
  /** The server would not give it. */
  readonly refused = new Map<string, number>();
  /** The line broke while it was on it. */
  readonly broke = new Map<string, number>();
  /** It gave another header of a message that is the same: its headers prove nothing. */
  headersVary = false;
}

/** A message on the server and what is known of it here. `proven`: its bytes were compared in this session. */
type Standing = { readonly message: ListedMessage; readonly entry: StoredEntry; readonly byUid: boolean };

/** At work on one message each; where the server allows it their commands travel together. */
const WORKERS = 8;
/** Tries after which a message that the server refuses to give is left alone until the next start. */
const MOST_TRIES = 3;
/** Messages at each end of a listing that are fetched in one visit because their headers are not what was expected. */
const MOST_DOUBTED = 3;
const BATCH_BYTES = 8 * 1024 * 1024;

/**
 * One visit to a mailbox: looks what is there, fetches what is new, takes away what may go, and says QUIT.
 *
 * The order is what keeps mail safe: a message is in the ledger after its file is fsynced, it is deleted after the ledger is on disk and after the
 * server was asked once more what stands under the number, and the server deletes with QUIT.
 */
export async function pop3Round(options: RoundOptions): Promise<void> {
  const round = new Round(options);
  await round.run();
}

class Round {
  readonly #o: RoundOptions;
  #lasting = new Set<string>();
  #headers = new Map<number, string>();
  readonly #standing: Standing[] = [];
  /** Numbers that may go, all of whose bytes are known to be here. */
  readonly #mayGo = new Set<number>();
  #ready: { message: ListedMessage; fetched: Fetched }[] = [];
  #readyBytes = 0;
  /** As it was when mail came last. */
  #pause: Governor["pause"] = null;
  #blamed = false;
  /** Numbers whose header was not that of the message that their id stands for. */
  readonly #doubtful = new Set<number>();

  constructor(options: RoundOptions) {
    this.#o = options;
  }

  async run(): Promise<void> {
    const { work, session, toGo } = this.#o;
    const { round } = work;
    const listing = await round.while("list", () => this.#list());
    this.#pause = work.governor.pause;
    const ledger = await readLedger(work.store, work.accountId);
    const byId = new Map(ledger.map((entry) => [entry.id, entry]));
    const full = (entry: LedgerEntry): StoredEntry | undefined => byId.get(entry.id);
    const look = await inSlices(planLook(listing, ledger, session.capabilities.top));
    const unknown = [...look.fetch];
    const identify = round.stage("compare");
    const doubted = await this.#doubted(look.known);
    for (const { message, entry } of look.known) {
      if (doubted.has(message.number)) unknown.push(message);
      else this.#stands(message, full(entry), true);
    }
    await inParallel(look.identify, async ({ message, candidates }) => {
      const headerHash = await this.#headerOf(message);
      const entry = headerHash === null ? undefined : whoseHeader(headerHash, message, candidates);
      const found = entry && full(entry);
      if (found === undefined) return void unknown.push(message);
      const uid = this.#lastingUid(message);
      recordRecognised(work.store, work.accountId, found, uid, message.sizeBytes);
      this.#stands(message, found, uid !== null && found.uid === uid && found.listed);
    }).finally(identify);
    await this.#noteUnlisted(listing, ledger);
    await round.while("bodies", () => this.#fetchAll(unknown));
    const left = unknown.filter((message) => this.#isLeft(message)).length;
    work.store.changes.leftOnServer(work.accountId, left);
    // It is not here, though nobody waits for its bytes.
    const waiting = { ...toGo, messages: toGo.messages + left };
    await round.while("leave", async () => {
      await this.#remove();
      Object.assign(toGo, waiting);
      await session.quit();
    });
    work.log.info("pop3.round", { listed: listing.length, fetched: unknown.length, removed: this.#mayGo.size });
  }

  async #list(): Promise<ListedMessage[]> {
    const { session } = this.#o;
    const { uidl, top } = session.capabilities;
    // Without either nothing tells one message from another before it is fetched, at every visit again.
    if (!uidl && !top) throw new Failure("not-supported", { params: { what: "UIDL" } });
    const [uids, sizes] = await Promise.all([uidl ? this.#uids() : null, session.sizes()]);
    const listing = [...sizes].map(([number, sizeBytes]): ListedMessage => ({ number, sizeBytes, uid: uids?.get(number) ?? null }));
    const [first] = listing;
    if (uids === null && first !== undefined && (await this.#headerOf(first)) === null)
      throw new Failure("not-supported", { params: { what: "UIDL" } });
    this.#lasting = lastingUids(listing);
    return listing;
  }

  /** Null: a server without CAPA that does not know the command. */
  async #uids(): Promise<Map<number, string> | null> {
    try {
      return await this.#o.session.uids();
    } catch (error) {
      if (this.#isFatal(error)) throw error;
      return null;
    }
  }

  #lastingUid({ uid }: ListedMessage): string | null {
    return uid !== null && this.#lasting.has(uid) ? uid : null;
  }

  #stands(message: ListedMessage, entry: StoredEntry | undefined, byUid: boolean): void {
    if (entry !== undefined) this.#standing.push({ message, entry, byUid });
  }

  /**
   * What arrived since the last visit stands at one end of the listing, also where it has the id and the size of a message that went meanwhile. So headers are looked at from both ends inwards, as far as one that is as
   * it was: what lies behind that was there before. As a rule two headers a visit.
   *
   * @returns the numbers of those that are not what their ids say; they are fetched, and compared byte for byte
   */
  async #doubted(known: readonly Match[]): Promise<ReadonlySet<number>> {
    const doubted = new Set<number>();
    const { session, trouble } = this.#o;
    if (!session.capabilities.top || trouble.headersVary) return doubted;
    const inOrder = known.toSorted((a, b) => a.message.number - b.message.number);
    const inwards = async (from: readonly Match[]): Promise<void> => {
      for (const { message, entry } of from.slice(0, MOST_DOUBTED)) {
        const hash = await this.#headerOf(message);
        if (hash === null || hash === entry.headerHash) return;
        doubted.add(message.number);
      }
    };
    await Promise.all([inwards(inOrder.toReversed()), ...(inOrder.length > 1 ? [inwards(inOrder)] : [])]);
    for (const number of doubted) this.#doubtful.add(number);
    return doubted;
  }

  async #noteUnlisted(listing: readonly ListedMessage[], ledger: readonly StoredEntry[]): Promise<void> {
    const listed = new Set(listing.map(({ uid }) => uid));
    const gone = ledger.filter((entry) => entry.listed && entry.uid !== null && !listed.has(entry.uid));
    await noteUnlisted(
      this.#o.work.store,
      gone.map(({ id }) => id),
    );
  }

  /** Null: the server does not say. */
  async #headerOf({ number }: ListedMessage): Promise<string | null> {
    const known = this.#headers.get(number);
    if (known !== undefined) return known;
    try {
      const hash = headerHashOf(await this.#o.session.header(number));
      this.#headers.set(number, hash);
      return hash;
    } catch (error) {
      if (this.#isFatal(error)) throw error;
      return null;
    }
  }

  async #fetchAll(messages: readonly ListedMessage[]): Promise<void> {
    const { work, toGo, trouble } = this.#o;
    // One that breaks the line whenever it comes must not keep those behind it.
    const broke = (message: ListedMessage): number => trouble.broke.get(nameOf(message)) ?? 0;
    const wanted = messages.filter((message) => !this.#isLeft(message)).toSorted((a, b) => broke(a) - broke(b) || b.number - a.number);
    toGo.messages = wanted.length;
    toGo.bytes = wanted.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    const held: ToGo = { messages: 0, bytes: 0 };
    work.progressed();
    work.speed.begin();
    try {
      await inParallel(wanted, (message) => {
        if (mayCome(message.sizeBytes, this.#pause)) return this.#fetch(message);
        // It stays unknown, and is among the new ones of a later visit.
        held.messages += 1;
        held.bytes += message.sizeBytes;
        return Promise.resolve();
      });
    } finally {
      work.speed.end();
      // What came before the line broke is kept.
      this.#commit();
      Object.assign(toGo, held);
      work.progressed();
    }
  }

  /** It stays on the server: too large, or not given however often it is asked for. */
  #isLeft(message: ListedMessage): boolean {
    return message.sizeBytes > LARGEST_MESSAGE || (this.#o.trouble.refused.get(nameOf(message)) ?? 0) >= MOST_TRIES;
  }

  async #fetch(message: ListedMessage): Promise<void> {
    const { work, session, toGo } = this.#o;
    const { sizeBytes } = message;
    const entering = work.gate.enter(sizeBytes);
    if (entering !== undefined) await work.round.while("held", () => entering);
    try {
      const fetched = await fetchMessage(work, session, message, this.#headers.get(message.number));
      this.#ready.push({ message, fetched });
      this.#readyBytes += fetched.body.sizeBytes;
      if (this.#ready.length >= work.pace.most || this.#readyBytes >= BATCH_BYTES) this.#commit();
    } catch (error) {
      if (asFailure(error).kind !== "storage") this.#blame(message);
      if (this.#isFatal(error)) throw error;
      work.log.warn("pop3.not-given", { code: asFailure(error).code, sizeBytes });
    } finally {
      work.gate.leave(sizeBytes);
      toGo.messages = Math.max(0, toGo.messages - 1);
      toGo.bytes = Math.max(0, toGo.bytes - sizeBytes);
    }
  }

  /** Of several that were asked for when the line broke, the first to fail was on it. */
  #blame(message: ListedMessage): void {
    const { session, trouble } = this.#o;
    if (this.#blamed) return;
    this.#blamed ||= session.closed;
    const counts = session.closed ? trouble.broke : trouble.refused;
    counts.set(nameOf(message), (counts.get(nameOf(message)) ?? 0) + 1);
  }

  /** In the store and on disk, file and row, when it returns. */
  #commit(): void {
    const { work, inbox, leave } = this.#o;
    const ready = this.#ready;
    this.#ready = [];
    this.#readyBytes = 0;
    if (ready.length === 0) return;
    const began = performance.now();
    const taken = ready.map(({ message, fetched }) => ({ ...fetched, uid: this.#lastingUid(message) }));
    const recorded = work.round.during("store", () => recordTaken(work.store, work.accountId, inbox, taken));
    work.round.came(
      taken.length,
      taken.reduce((sum, { body }) => sum + body.sizeBytes, 0),
    );
    work.store.changes.arrived(recorded.flatMap(({ placementId, isNew }) => (isNew && placementId !== null ? [placementId] : [])));
    work.governor.arrived(
      taken.reduce((sum, { body }) => sum + body.sizeBytes, 0),
      taken.length,
    );
    this.#pause = work.governor.pause;
    work.pace.took(performance.now() - began);
    const texts: { messageId: MessageId; text: Fetched["body"]["indexText"] }[] = [];
    for (const [index, { messageId, isNew, takenAt, deletedAt }] of recorded.entries()) {
      const one = ready[index];
      if (one === undefined) continue;
      if (!isNew && this.#doubtful.has(one.message.number)) this.#o.trouble.headersVary = true;
      if (isDue({ here: messageId !== null, takenAt, deletedAt }, leave, work.clock())) this.#mayGo.add(one.message.number);
      if (isNew && messageId !== null) texts.push({ messageId, text: one.fetched.body.indexText });
    }
    work.round.during("index", () => work.onIndexText?.(texts));
    work.progressed();
  }

  /** Marks what may go. Whatever is not certain to be the message of the ledger is fetched and compared first. */
  async #remove(): Promise<void> {
    const { work, session, leave } = this.#o;
    const now = work.clock();
    const due = this.#standing.filter(({ entry }) => isDue(entry, leave, now));
    const doubtful: ListedMessage[] = [];
    await inParallel(due, async (standing) => {
      if (await this.#isProven(standing)) this.#mayGo.add(standing.message.number);
      else doubtful.push(standing.message);
    });
    await this.#fetchAll(doubtful);
    await Promise.all([...this.#mayGo].map((number) => this.#delete(session, number)));
  }

  async #isProven(standing: Standing): Promise<boolean> {
    const { work } = this.#o;
    const { entry, message } = standing;
    if (entry.deletedAt === null && !(await isOnDisk(work, entry.rawHash, entry.messageBytes))) {
      if (entry.messageId !== null) noteBytesLost(work.store, entry.messageId);
      return false;
    }
    return proofBefore(standing) === "header" && (await this.#headerOf(message)) === entry.headerHash;
  }

  async #delete(session: Session, number: number): Promise<void> {
    try {
      await session.delete(number);
    } catch (error) {
      // One that is gone already, or may not be deleted: the others still may.
      if (this.#isFatal(error)) throw error;
      this.#o.work.log.warn("pop3.not-deleted", { code: asFailure(error).code });
    }
  }

  /** Not about one message: the line is gone, the disk is full, or the server wants a pause. */
  #isFatal(error: unknown): boolean {
    const { kind } = asFailure(error);
    return this.#o.session.closed || (kind !== "refused" && kind !== "gone");
  }
}

const nameOf = ({ uid, number, sizeBytes }: ListedMessage): string => uid ?? `${number} ${sizeBytes}`;

/** Several at a time, in their order. Rejects with the first failure, after the others have ended. */
async function inParallel<T>(all: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  let next = 0;
  let failed: { error: unknown } | null = null;
  const worker = async (): Promise<void> => {
    for (let one = all[next++]; one !== undefined && failed === null; one = all[next++]) {
      try {
        await work(one);
      } catch (error) {
        failed ??= { error };
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(WORKERS, all.length) }, worker));
  if (failed !== null) throw (failed as { error: unknown }).error;
}
