import { type IndexText, indexText } from "../mime/index-text.ts";
import type { Reader } from "../store/database.ts";
import { statement } from "../store/statement.ts";
import type { IndexDocument } from "./index-file.ts";

type QueueRow = {
  id: number;
  messageId: number;
  gone: number;
  rawHash: string | null;
  readAs: string | null;
  vote: string | null;
  namesPdf: number;
  receivedAt: number | null;
};

// A document is told from the text of the list of parts, which is read once more when its turn comes. What else is known of a message is asked
// for where it is all that is known: most have their text at hand, and millions of rows may wait here.
const queueAfter = statement<{ after: number; limit: number }, QueueRow>(
  `SELECT index_queue.id AS id, index_queue.message_id AS messageId, index_queue.gone AS gone,
     CASE message.bytes_here WHEN 1 THEN message.raw_hash END AS rawHash, read_as.charset AS readAs,
     charset_vote.charset AS vote, message.received_at AS receivedAt,
     CASE WHEN message.parts_json LIKE '%application/pdf%' OR message.parts_json LIKE '%application/x-pdf%'
       OR message.parts_json LIKE '%.pdf"%' THEN 1 ELSE 0 END AS namesPdf
   FROM index_queue LEFT JOIN message ON message.id = index_queue.message_id
     LEFT JOIN read_as ON read_as.message_id = index_queue.message_id
     LEFT JOIN charset_vote ON charset_vote.message_id = index_queue.message_id
   WHERE index_queue.id > :after
   ORDER BY index_queue.id
   LIMIT :limit`,
);

type Envelope = { subject: string; fromJson: string; toJson: string; ccJson: string; partsJson: string };
const envelopeOf = statement<{ id: number }, Envelope>(
  `SELECT subject, from_json AS fromJson, to_json AS toJson, cc_json AS ccJson, parts_json AS partsJson
   FROM message
   WHERE id = :id`,
);

/** One message's turn: what to write for it, or that it is to go; and the queue entries that are settled by it. */
export type Turn = { readonly messageId: number; readonly document: IndexDocument | null; readonly queueIds: readonly number[] };

/** Reads a message's words in the charsets that it is read in elsewhere: the one chosen for it, or the one its sender is known for. */
type ReadText = (hash: string, by: { readonly readAs: string | null; readonly vote: string | null }) => Promise<IndexText | null>;

/** Texts that wait for their turn, in bytes. */
const OFFERED_AT_MOST = 20 * 1024 * 1024;

type Waiting = QueueRow & { queueIds: number[] };

/**
 * The search thread's side of the queue in the store: which messages are next, each once, however often it was queued.
 *
 * Texts that the parse workers had at hand are offered in passing and save reading the file again; they are dropped when they
 * grow over `offeredAtMost` bytes, because the file can always be read.
 */
export class Intake {
  readonly #store: Reader;
  readonly #readText: ReadText;
  readonly #offered = new Map<number, IndexText>();
  readonly #offeredAtMost: number;
  #offeredSize = 0;
  #after = 0;
  /** Messages known by their headers only: their turn comes when nothing else is waiting. */
  readonly #headersOnly = new Map<number, Waiting>();
  readonly #ready = new Map<number, Waiting>();

  constructor(store: Reader, readText: ReadText, offeredAtMost = OFFERED_AT_MOST) {
    this.#store = store;
    this.#readText = readText;
    this.#offeredAtMost = offeredAtMost;
  }

  offer(messageId: number, text: IndexText): void {
    const size = text.bytes.byteLength;
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

  /**
   * At most `limit` turns with some `bytes` of text; header-only messages only when `idle`. Empty when there is nothing to do now.
   */
  async next(limit: number, bytes: number, idle: boolean): Promise<Turn[]> {
    if (this.#ready.size < limit) this.#read(Math.max(500, limit));
    const source = this.#ready.size > 0 || !idle ? this.#ready : this.#headersOnly;
    const turns: Turn[] = [];
    let size = 0;
    for (const [messageId, row] of source) {
      if (turns.length === limit || size >= bytes) break;
      source.delete(messageId);
      const document = await this.#documentOf(row);
      size += document?.text.bytes.byteLength ?? 0;
      turns.push({ messageId, document, queueIds: row.queueIds });
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
    const text = offered ?? (row.rawHash === null ? null : await this.#readText(row.rawHash, row)) ?? this.#envelopeText(messageId);
    // It went while it waited: the entry that says so is in the queue.
    return text === null ? null : { messageId, receivedAt, text, unread: row.rawHash !== null && row.namesPdf !== 0 };
  }

  #envelopeText(messageId: number): IndexText | null {
    const envelope = this.#store.get(envelopeOf, { id: messageId });
    if (envelope === undefined) return null;
    const { subject, fromJson, toJson, ccJson, partsJson } = envelope;
    return indexText({
      subject,
      from: people(fromJson),
      to: `${people(toJson)} ${people(ccJson)}`,
      body: "",
      attachmentNames: fileNames(partsJson),
    });
  }

  #forget(messageId: number): void {
    const text = this.#offered.get(messageId);
    if (text === undefined) return;
    this.#offered.delete(messageId);
    this.#offeredSize -= text.bytes.byteLength;
  }
}

/** The server names the files of a message before its bytes are here. */
function fileNames(json: string): string {
  const list: unknown = JSON.parse(json);
  if (!Array.isArray(list)) return "";
  return list.map((one: { name?: unknown }) => String(one.name ?? "")).join("\n");
}

function people(json: string): string {
  const list: unknown = JSON.parse(json);
  if (!Array.isArray(list)) return "";
  return list.map((one: { name?: unknown; address?: unknown }) => `${String(one.name ?? "")} ${String(one.address ?? "")}`).join(" ");
}
