import { randomUUID } from "node:crypto";
import { type Address, domainOf } from "../../shared/address.ts";
import type { MessageHead } from "../../shared/contract/mail.ts";
import type { UnsubscribeRequest, UnsubscribeWay } from "../../shared/contract/unsubscribe.ts";
import { asFailure, Failure } from "../../shared/failure.ts";
import type { AccountId, PlacementId } from "../../shared/ids.ts";
import type { Log } from "../log.ts";
import type { ListFields } from "../mime/list-fields.ts";
import { textToHtml } from "../mime/text-html.ts";
import type { DraftWorker } from "../outbox/draft-worker.ts";
import type { Outbox } from "../outbox/outbox.ts";
import type { Via } from "../plan/proxy.ts";
import { afterPost, waitMs } from "../plan/unsubscribe.ts";
import type { TxtAnswer } from "../signed/answers.ts";
import { readSenders } from "../store/drafts.ts";
import type { Store } from "../store/open.ts";
import { insertOutboxItem } from "../store/outbox.ts";
import { readPlacement } from "../store/placements.ts";
import {
  addUnsubscribe,
  changeUnsubscribe,
  hurryUnsubscribes,
  lastUnsubscribe,
  recoverUnsubscribes,
  type WaitingUnsubscribe,
  waitingUnsubscribes,
} from "../store/unsubscribe.ts";
import { messageHead } from "../store/views.ts";
import type { ListResult } from "../sync/parse-jobs.ts";
import type { ParsePool } from "../sync/parse-pool.ts";
import type { Timers } from "../sync/timers.ts";
import type { OneClick } from "./one-click.ts";
import { unsubscribeWays } from "./unsubscribe-ways.ts";

export type UnsubscribingNeeds = {
  readonly store: Store;
  readonly profileDir: string;
  readonly pool: Pick<ParsePool, "list">;
  readonly worker: Pick<DraftWorker, "run">;
  readonly outbox: Pick<Outbox, "taken">;
  readonly timers: Timers;
  readonly log: Log;
  /** The TXT records of a name; never fails, `trouble` when nobody answered in time. */
  readonly resolveTxt: (name: string) => Promise<TxtAnswer>;
  readonly tell: OneClick;
  /** The way of an account's lines. */
  readonly viaFor: (account: AccountId) => Via | undefined;
  /** False: nothing is asked of the network. */
  readonly mayAsk: () => boolean;
  /** In [0, 1). */
  readonly random: () => number;
};

/** Keys of the signatures: their names are all known in the first round. */
const MOST_ROUNDS = 3;
const LONGEST_TIMER_MS = 15 * 60_000;

/** Leaves lists for the user: once each, whatever happens to this program meanwhile. */
export class Unsubscribing {
  readonly #o: UnsubscribingNeeds;
  #working = false;
  #again = false;
  #stopped = false;
  #cancelTimer = (): void => {};

  constructor(needs: UnsubscribingNeeds) {
    this.#o = needs;
    recoverUnsubscribes(needs.store);
  }

  /** What the user last did about the list that this message came over. */
  asked(head: Pick<MessageHead, "accountId" | "messageId" | "from">, list: ListFields): UnsubscribeRequest | null {
    return lastUnsubscribe(this.#o.store.db, head.accountId, listKey(head, list), head.messageId);
  }

  /** @throws Failure `message-gone`, `not-here-yet` */
  async look(placementId: PlacementId): Promise<{ ways: UnsubscribeWay[]; checked: boolean; discussion: boolean }> {
    const { head, list, signed } = await this.#read(placementId);
    if (list === null) return { ways: [], checked: true, discussion: false };
    const ways = unsubscribeWays(list, this.#writer(head), signed !== "no");
    return { ways, checked: signed !== "unknown", discussion: list.discussion };
  }

  /**
   * On disk before it resolves. What was asked for already is not asked for again.
   * @throws Failure `message-gone`, `not-here-yet`, `invalid-input` when the message offers no such way
   */
  async ask(placementId: PlacementId, way: "post" | "mail"): Promise<void> {
    const { store } = this.#o;
    const { head, list, signed, hash, receivedAt } = await this.#read(placementId);
    const found = list === null ? undefined : unsubscribeWays(list, this.#writer(head), signed !== "no").find(({ kind }) => kind === way);
    if (list === null || found === undefined || found.kind === "page") throw new Failure("invalid-input", { params: { what: "way" } });
    const now = store.clock();
    const { accountId, messageId } = head;
    const common = { accountId, messageId, list: listKey(head, list), hash, receivedAt, at: now };
    if (found.kind === "mail") await this.#write(found, common);
    else {
      const request = { ...common, way: "post", target: found.host, url: found.url, state: "waiting" } as const;
      store.db.writeDurably((tx) => addUnsubscribe(tx, request));
      void this.#work();
    }
    store.changes.messagesUpdated([messageId]);
  }

  /** The network may be back: what waits is tried at once. */
  wake(): void {
    if (waitingUnsubscribes(this.#o.store.db).length === 0) return;
    hurryUnsubscribes(this.#o.store, this.#o.store.clock());
    void this.#work();
  }

  /** What is being told ends by itself; it is written down. */
  stop(): void {
    this.#stopped = true;
    this.#cancelTimer();
  }

  async #read(placementId: PlacementId): Promise<ReadMessage> {
    const { store } = this.#o;
    const placement = readPlacement(store.db, placementId);
    if (placement === undefined) throw new Failure("message-gone");
    const { rawHash: hash, receivedAt, here } = placement;
    if (hash === null || here === 0) throw new Failure("not-here-yet");
    return { head: messageHead(store, placementId), hash, receivedAt, ...(await this.#examine(hash, receivedAt)) };
  }

  /** `unknown`: nobody could be asked yet. */
  async #examine(hash: string, receivedAt: number): Promise<{ list: ListFields | null; signed: "yes" | "no" | "unknown" }> {
    const answers: Record<string, TxtAnswer> = {};
    for (let round = 0; round < MOST_ROUNDS; round++) {
      const { list, covered }: ListResult = await this.#o.pool.list({ hash }, receivedAt, answers);
      if (covered.kind === "found") return { list, signed: covered.by !== null ? "yes" : covered.doubt ? "unknown" : "no" };
      if (!this.#o.mayAsk()) return { list, signed: "unknown" };
      await Promise.all(
        covered.names.map(async (name) => {
          answers[name] = await this.#o.resolveTxt(name);
        }),
      );
    }
    return { list: null, signed: "no" };
  }

  /** The address that the list writes to, else the account's own. */
  #writer({ accountId, to, cc }: MessageHead): Address {
    const senders = readSenders(this.#o.store.db).filter((one) => one.accountId === accountId);
    const written = [...to, ...cc].map(({ address }) => address.toLowerCase());
    const from = senders.find(({ address }) => written.includes(address.toLowerCase())) ?? senders[0];
    if (from === undefined) throw new Failure("account-gone");
    // A name is more than the list needs to know.
    return { name: "", address: from.address };
  }

  async #write({ from, to, subject, text }: Extract<UnsubscribeWay, { kind: "mail" }>, common: CommonRequest): Promise<void> {
    const { store, worker, outbox, profileDir } = this.#o;
    const messageId = `${randomUUID()}@${domainOf(from.address)}`;
    const people = { from, to: [{ name: "", address: to }], cc: [] };
    const job = {
      profileDir,
      ...people,
      subject,
      html: textToHtml(text),
      quotePath: null,
      inReplyTo: null,
      references: [],
      messageId,
      date: common.at,
      askReceipt: false,
      listUnsubscribe: null,
      attachments: [],
    };
    const { hash, sizeBytes } = await worker.run({ kind: "freeze", job });
    const now = store.clock();
    const id = store.db.writeDurably((tx) => {
      if (!addUnsubscribe(tx, { ...common, way: "mail", target: to, url: "", state: "told" })) return null;
      const frozen = { accountId: common.accountId, draftId: null, fromAddress: from.address, subject, to: people.to, cc: [], bcc: [] };
      return insertOutboxItem(tx, { ...frozen, rawHash: hash, sizeBytes, messageIdHeader: messageId, answers: null, bulkId: null }, [to], {
        createdAt: now,
        undoUntil: now,
        sendAt: null,
        report: null,
        hold: null,
        requireTls: false,
      });
    });
    if (id !== null) outbox.taken(id);
  }

  /** One after the other, until nothing is due. */
  async #work(): Promise<void> {
    if (this.#working) {
      this.#again = true;
      return;
    }
    this.#working = true;
    try {
      do {
        this.#again = false;
        for (const request of this.#due()) await this.#tell(request);
      } while (this.#again);
    } catch (error) {
      this.#o.log.error("unsubscribe.failed", error);
    }
    this.#working = false;
    this.#plan();
  }

  #due(): WaitingUnsubscribe[] {
    if (this.#stopped || !this.#o.mayAsk()) return [];
    return waitingUnsubscribes(this.#o.store.db).filter(({ nextAt }) => nextAt <= this.#o.store.clock());
  }

  #plan(): void {
    this.#cancelTimer();
    const { store, timers, mayAsk } = this.#o;
    const [next] = waitingUnsubscribes(store.db);
    // Offline nothing ticks: whoever ends that wakes this.
    if (next === undefined || this.#stopped || !mayAsk()) return;
    this.#cancelTimer = timers.after(Math.min(LONGEST_TIMER_MS, Math.max(60_000, next.nextAt - store.clock())), () => void this.#work());
  }

  async #tell(request: WaitingUnsubscribe): Promise<void> {
    const { store, tell, viaFor, random, log } = this.#o;
    const attempts = request.attempts + 1;
    const later = (until: number): void => changeUnsubscribe(store, { ...request, attempts, nextAt: until }, "waiting");
    const signed = await this.#signed(request);
    if (this.#stopped) return;
    if (signed === "unknown") later(store.clock() + waitMs(attempts, random()));
    else if (signed !== "yes") changeUnsubscribe(store, request, signed === "no" ? "unsigned" : "lost");
    else {
      const sending = (): void => changeUnsubscribe(store, { ...request, attempts }, "telling");
      const answer = await tell(request.url, sending, viaFor(request.accountId));
      const step = afterPost(answer, attempts, request.askedAt, store.clock(), random());
      log.info("unsubscribe.answered", { request: request.id, answer: answer.kind, step: step.kind });
      if (step.kind === "wait") later(step.until);
      else if (step.kind === "refused") changeUnsubscribe(store, { ...request, attempts }, "refused", step);
      else changeUnsubscribe(store, { ...request, attempts }, step.kind);
    }
    store.changes.messagesUpdated([request.messageId]);
  }

  async #signed({ hash, receivedAt }: WaitingUnsubscribe): Promise<"yes" | "no" | "unknown" | "gone"> {
    try {
      return (await this.#examine(hash, receivedAt)).signed;
    } catch (error) {
      if (asFailure(error).code === "not-here-yet") return "gone";
      throw error;
    }
  }
}

type ReadMessage = {
  readonly head: MessageHead;
  readonly hash: string;
  readonly receivedAt: number;
  readonly list: ListFields | null;
  readonly signed: "yes" | "no" | "unknown";
};

type CommonRequest = Pick<Parameters<typeof addUnsubscribe>[1], "accountId" | "messageId" | "list" | "hash" | "receivedAt" | "at">;

/** Lists that do not say their name are known by their sender. */
function listKey({ from }: Pick<MessageHead, "from">, { id }: ListFields): string {
  return id === "" ? (from[0]?.address.toLowerCase() ?? "") : id;
}
