import { randomUUID } from "node:crypto";
import { domainOf, looksLikeAddress } from "../../shared/address.ts";
import { Failure } from "../../shared/failure.ts";
import type { PlacementId } from "../../shared/ids.ts";
import { readSenders } from "../store/drafts.ts";
import type { Store } from "../store/open.ts";
import { insertOutboxItem } from "../store/outbox.ts";
import { neverSendReceiptsTo, type ReceiptRequest, readReceiptRequest, settleReceipt } from "../store/receipts.ts";
import type { ReceiptJob } from "./draft-jobs.ts";
import type { DraftWorker } from "./draft-worker.ts";
import type { Outbox } from "./outbox.ts";

export type ReceiptOptions = {
  readonly store: Store;
  readonly profileDir: string;
  readonly outbox: Pick<Outbox, "taken">;
  readonly worker: Pick<DraftWorker, "run">;
  /** The request on this message was answered or refused: the user's other devices are to know. */
  markAnswered(placementId: PlacementId): void;
};

/** What the user does about requests for receipts. Nothing of it happens by itself. */
export class Receipts {
  readonly #o: ReceiptOptions;

  constructor(options: ReceiptOptions) {
    this.#o = options;
  }

  /** @throws Failure `bad-address` when nobody can be answered, of kind storage; the request stays open then */
  async answer(placementId: PlacementId, answer: "send" | "ignore" | "never"): Promise<void> {
    const { store } = this.#o;
    const request = readReceiptRequest(store.db, placementId);
    if (request === null) return;
    if (answer === "send") await this.#send(request);
    else this.#refuse(request, answer);
    // RFC 3503 §3: set for a receipt that was sent, and for one that never will be.
    this.#o.markAnswered(placementId);
  }

  #refuse(request: ReceiptRequest, answer: "ignore" | "never"): void {
    const { store } = this.#o;
    store.db.write((tx) => {
      settleReceipt(tx, request.messageId, "ignored", store.clock());
      if (answer === "never" && request.from !== null) neverSendReceiptsTo(tx, request.from.address);
    });
    store.changes.messagesUpdated([request.messageId]);
  }

  async #send(request: ReceiptRequest): Promise<void> {
    const { store, worker, outbox } = this.#o;
    const job = this.#jobFor(request);
    const { hash, sizeBytes } = await worker.run({ kind: "receipt", job });
    const now = store.clock();
    const id = store.db.writeDurably((tx) => {
      // A second press, or another window.
      if (!settleReceipt(tx, request.messageId, "sent", now)) return null;
      const frozen = {
        accountId: request.accountId,
        draftId: null,
        // RFC 8098 §3: no receipt is ever answered by another.
        fromAddress: "",
        subject: job.subject,
        to: [{ name: "", address: job.to }],
        cc: [],
        bcc: [],
        rawHash: hash,
        sizeBytes,
        messageIdHeader: job.messageId,
        answers: null,
        bulkId: null,
      };
      return insertOutboxItem(tx, frozen, [job.to], {
        createdAt: now,
        undoUntil: now,
        sendAt: null,
        report: null,
        hold: null,
        requireTls: false,
      });
    });
    if (id !== null) outbox.taken(id);
    store.changes.messagesUpdated([request.messageId]);
  }

  #jobFor({ accountId, recipients, receiptTo, subject, messageIdHeader, lang }: ReceiptRequest): ReceiptJob {
    const senders = readSenders(this.#o.store.db).filter((one) => one.accountId === accountId);
    const written = recipients.map((address) => address.toLowerCase());
    const from = senders.find(({ address }) => written.includes(address.toLowerCase())) ?? senders[0];
    if (from === undefined) throw new Failure("account-gone");
    if (!looksLikeAddress(receiptTo)) throw new Failure("bad-address", { params: { address: receiptTo } });
    return {
      profileDir: this.#o.profileDir,
      from: { name: from.name, address: from.address },
      to: receiptTo,
      subject,
      originalId: messageIdHeader,
      messageId: `${randomUUID()}@${domainOf(from.address)}`,
      date: this.#o.store.clock(),
      lang,
    };
  }
}
