import type { Reader } from "../store/database.ts";
import { statement } from "../store/statement.ts";
import type { IndexDocument, IndexText } from "./index-file.ts";

type QueueRow = {
  id: number;
  messageId: number;
  gone: number;
  rawHash: string | null;
  subject: string | null;
  fromJson: string | null;
  toJson: string | null;
  ccJson: string | null;
  receivedAt: number | null;
};

const queueAfter = statement<{ after: number; limit: number }, QueueRow>(
  `SELECT index_queue.id AS id, index_queue.message_id AS messageId, index_queue.gone AS gone,
     CASE message.bytes_here WHEN 1 THEN message.raw_hash END AS rawHash, message.subject AS subject,
     message.from_json AS fromJson, message.to_json AS toJson, message.cc_json AS ccJson, message.received_at AS receivedAt
   FROM index_queue LEFT JOIN message ON message.id = index_queue.message_id
   WHERE index_queue.id > :after
   ORDER BY index_queue.id
   LIMIT :limit`,
);

/** One message's turn: what to write for it, or that it is to go; and the queue entries that are settled by it. */
export type Turn = { readonly messageId: number; readonly document: IndexDocument | null; readonly queueIds: readonly number[] };

type Waiting = QueueRow & { queueIds: number[] };

/**
 * The search thread's side of the queue in the store: which messages are next, each once, however often it was queued.
 *
 * Texts that the parse workers had at hand are offered in passing and save reading the file again; they are dropped when they
 * grow over `offeredAtMost` characters, because the file can always be read.
 */
export class Intake {
  readonly #store: Reader;
  readonly #readText: (hash: string) => Promise<IndexText | null>;
  readonly #offered = new Map<number, IndexText>();
  readonly #offeredAtMost: number;
  #offeredSize = 0;
  #after = 0;
  /** Messages known by their headers only: their turn comes when nothing else is waiting. */
  readonly #headersOnly = new Map<number, Waiting>();
  readonly #ready = new Map<number, Waiting>();

  constructor(store: Reader, readText: (hash: string) => Promise<IndexText | null>, offeredAtMost = 10_000_000) {
    this.#store = store;
    this.#readText = readText;
    this.#offeredAtMost = offeredAtMost;
  }

  offer(messageId: number, text: IndexText): void {
    const size = sizeOf(text);
    if (this.#offeredSize + size > this.#offeredAtMost) return;
    this.#forget(messageId);
    this.#offered.set(messageId, text);
    this.#offeredSize += size;
  }

  /** What was handed out is not in the index after all: the queue is read again from its beginning. */
  startOver(): void {
    this.#after = 0;
    this.#ready.clear();
    this.#headersOnly.clear();
  }

  /** How many messages are known to wait. */
  get waiting(): number {
    return this.#ready.size + this.#headersOnly.size;
  }

  /** At most `limit` turns; header-only messages only when `idle`. Empty when there is nothing to do now. */
  async next(limit: number, idle: boolean): Promise<Turn[]> {
    if (this.#ready.size < limit) this.#read(Math.max(500, limit));
    const source = this.#ready.size > 0 || !idle ? this.#ready : this.#headersOnly;
    const turns: Turn[] = [];
    for (const [messageId, row] of source) {
      if (turns.length === limit) break;
      source.delete(messageId);
      turns.push({ messageId, document: await this.#documentOf(row), queueIds: row.queueIds });
    }
    return turns;
  }

  #read(limit: number): void {
    for (const row of this.#store.all(queueAfter, { after: this.#after, limit })) {
      this.#after = row.id;
      const earlier = this.#ready.get(row.messageId) ?? this.#headersOnly.get(row.messageId);
      const entry: Waiting = { ...row, queueIds: [...(earlier?.queueIds ?? []), row.id] };
      this.#headersOnly.delete(row.messageId);
      const settled = row.gone !== 0 || row.receivedAt === null || row.rawHash !== null;
      (settled ? this.#ready : this.#headersOnly).set(row.messageId, entry);
    }
  }

  async #documentOf(row: Waiting): Promise<IndexDocument | null> {
    const { messageId, receivedAt } = row;
    const offered = this.#offered.get(messageId);
    this.#forget(messageId);
    if (row.gone !== 0 || receivedAt === null) return null;
    const text = offered ?? (row.rawHash === null ? null : await this.#readText(row.rawHash)) ?? envelopeText(row);
    return { messageId, receivedAt, text };
  }

  #forget(messageId: number): void {
    const text = this.#offered.get(messageId);
    if (text === undefined) return;
    this.#offered.delete(messageId);
    this.#offeredSize -= sizeOf(text);
  }
}

function sizeOf(text: IndexText): number {
  return text.subject.length + text.from.length + text.to.length + text.body.length + text.attachmentNames.length;
}

function envelopeText(row: QueueRow): IndexText {
  return {
    subject: row.subject ?? "",
    from: people(row.fromJson),
    to: `${people(row.toJson)} ${people(row.ccJson)}`,
    body: "",
    attachmentNames: "",
  };
}

function people(json: string | null): string {
  const list: unknown = JSON.parse(json ?? "[]");
  if (!Array.isArray(list)) return "";
  return list.map((one: { name?: unknown; address?: unknown }) => `${String(one.name ?? "")} ${String(one.address ?? "")}`).join(" ");
}
