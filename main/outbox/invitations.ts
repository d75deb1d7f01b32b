import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { domainOf, looksLikeAddress } from "../../shared/address.ts";
import type { Answer, CalendarEvent } from "../../shared/contract/calendar.ts";
import { asFailure, Failure } from "../../shared/failure.ts";
import type { OutboxId, PlacementId } from "../../shared/ids.ts";
import { answerSubject } from "../mime/answer-words.ts";
import { occurrenceOf } from "../plan/invitations.ts";
import { blobPath } from "../store/blobs.ts";
import type { Reader } from "../store/database.ts";
import { readSenders } from "../store/drafts.ts";
import { type AskingMessage, answersTo, askingMessage, type GivenAnswer, keepAnswer, versionsOf } from "../store/invitations.ts";
import type { Store } from "../store/open.ts";
import { insertOutboxItem } from "../store/outbox.ts";
import { lastingPlacement } from "../store/placements.ts";
import { readAsOf } from "../store/read-as.ts";
import type { AnswerJob } from "./draft-jobs.ts";
import type { DraftWorker } from "./draft-worker.ts";
import type { Outbox } from "./outbox.ts";

export type InvitationOptions = {
  readonly store: Store;
  readonly profileDir: string;
  readonly outbox: Pick<Outbox, "taken" | "cancel">;
  readonly worker: Pick<DraftWorker, "run">;
  readonly undoSeconds: () => number;
};

export type AnswerRequest = {
  readonly placementId: PlacementId;
  /** The part that is the message it stands in; null for the message itself. */
  readonly inside: string | null;
  /** As it was read from the message, where it is the one at `index`. */
  readonly event: CalendarEvent;
  readonly index: number;
  /** The user's address among those invited. */
  readonly you: string;
  readonly answer: Answer;
  readonly comment: string;
  /** Of the window. */
  readonly lang: string;
};
export type Answered = { readonly outboxId: OutboxId | null; readonly undoUntil: number };

/** Answers to invitations. Nothing of it happens by itself. */
export class Invitations {
  readonly #o: InvitationOptions;
  #before: Promise<unknown> = Promise.resolve();

  constructor(options: InvitationOptions) {
    this.#o = options;
  }

  /**
   * Queues the answer; it is on disk before this resolves. The answer that is given already is not sent again: `outboxId` is null then.
   *
   * @throws Failure `message-gone`, `not-here-yet`, `part-gone`, `account-gone`, `bad-address`, or of kind storage
   */
  answer(request: AnswerRequest): Promise<Answered> {
    // One after the other: a second press, or another window, finds what the first has answered.
    const answered = this.#before.then(() => this.#answer(request));
    this.#before = answered.catch(() => undefined);
    return answered;
  }

  async #answer(request: AnswerRequest): Promise<Answered> {
    const { store, worker, outbox } = this.#o;
    const asking = askingMessage(store.db, request.placementId);
    if (asking === undefined) throw new Failure("message-gone");
    if (this.#same(store.db, request) !== null) return { outboxId: null, undoUntil: 0 };
    const { job, accountId, to } = this.#jobFor(request, asking);
    const { hash, sizeBytes } = await worker.run({ kind: "answer", job });
    await this.#takeBack(request);
    const now = store.clock();
    const undoUntil = now + this.#o.undoSeconds() * 1000;
    const { event, you, answer, comment } = request;
    const outboxId = store.db.writeDurably((tx) => {
      const frozen = {
        accountId,
        draftId: null,
        fromAddress: job.from.address,
        subject: answerSubject(event, answer, request.lang),
        to: [to],
        cc: [],
        bcc: [],
        rawHash: hash,
        sizeBytes,
        messageIdHeader: job.messageId,
        answers: { placementId: lastingPlacement(tx, request.placementId), flag: "answered" as const },
        bulkId: null,
      };
      const how = { createdAt: now, undoUntil, sendAt: null, report: null, hold: null, requireTls: false };
      const id = insertOutboxItem(tx, frozen, [to.address], how);
      const given = { occurrence: occurrenceOf(event), address: you.toLowerCase(), answer, comment, sequence: event.sequence, at: now };
      keepAnswer(tx, accountId, event.uid, { ...given, outboxId: id });
      return id;
    });
    outbox.taken(outboxId);
    this.#tell(event.uid, asking);
    return { outboxId, undoUntil };
  }

  /** The standing answer, when it says what is asked for. */
  #same(reader: Reader, request: AnswerRequest): GivenAnswer | null {
    const last = this.#last(reader, request);
    if (last === undefined || last.answer !== request.answer || last.sequence < request.event.sequence) return null;
    return request.comment.trim() === "" || request.comment === last.comment ? last : null;
  }

  #last(reader: Reader, { event, you }: AnswerRequest): GivenAnswer | undefined {
    const occurrence = occurrenceOf(event);
    return answersTo(reader, event.uid).find((one) => one.occurrence === occurrence && one.address === you.toLowerCase());
  }

  /** Who changes their mind before the first answer has left sends one answer. */
  async #takeBack(request: AnswerRequest): Promise<void> {
    const last = this.#last(this.#o.store.db, request);
    if (last === undefined || last.undoUntil === null) return;
    try {
      await this.#o.outbox.cancel(last.outboxId);
    } catch (error) {
      // It is on its way or gone: the later one counts (RFC 5546 §2.1.5).
      const { code } = asFailure(error);
      if (code !== "already-sending" && code !== "already-sent" && code !== "message-gone") throw error;
    }
  }

  #jobFor(request: AnswerRequest, asking: AskingMessage): { job: AnswerJob; accountId: AskingMessage["accountId"]; to: AnswerTo } {
    const { inside, event, index, you, answer, comment, lang } = request;
    const { store, profileDir } = this.#o;
    const mine = readSenders(store.db).filter(({ address }) => address.toLowerCase() === you.toLowerCase());
    const sender = mine.find(({ accountId }) => accountId === asking.accountId) ?? mine[0];
    if (sender === undefined) throw new Failure("account-gone");
    if (asking.rawHash === null) throw new Failure("not-here-yet");
    const to = { name: event.organiser?.name ?? "", address: event.organiser?.address ?? "" };
    if (!looksLikeAddress(to.address)) throw new Failure("bad-address", { params: { address: to.address } });
    const job = {
      profileDir,
      path: blobPath(join(profileDir, "mail"), asking.rawHash),
      hash: asking.rawHash,
      readAs: readAsOf(store.db, asking.messageId),
      uid: event.uid,
      inside,
      index,
      answer,
      comment,
      from: { name: sender.name, address: sender.address },
      inReplyTo: asking.messageIdHeader,
      messageId: `${randomUUID()}@${domainOf(sender.address)}`,
      date: store.clock(),
      lang,
    };
    return { job, accountId: sender.accountId, to };
  }

  /** Whoever shows this event, in whichever message, looks again. */
  #tell(uid: string, { messageId }: AskingMessage): void {
    const { store } = this.#o;
    const others = versionsOf(store.db, uid).flatMap((one) => one.messageId ?? []);
    store.changes.messagesUpdated([...new Set([messageId, ...others])]);
  }
}

type AnswerTo = { readonly name: string; readonly address: string };
