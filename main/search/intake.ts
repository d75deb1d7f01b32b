import { type IndexText, indexText } from "../mime/index-text.ts";
import { Turns } from "../plan/turns.ts";
import type { Reader } from "../store/database.ts";
import { statement } from "../store/statement.ts";
import type { IndexDocument } from "./index-file.ts";

type Queued = { id: number; messageId: number; gone: number; accountId: number; settled: number };

// As little as can be: a flood is looked through to its end before any of it is taken in.
const queueAfter = statement<{ after: number; limit: number }, Queued>(
  `SELECT index_queue.id AS id, index_queue.message_id AS messageId, index_queue.gone AS gone, coalesce(message.account_id, 0) AS accountId,
     index_queue.gone <> 0 OR message.id IS NULL OR (message.bytes_here = 1 AND message.raw_hash IS NOT NULL)
       OR EXISTS (SELECT 1 FROM outline WHERE outline.message_id = message.id) AS settled
   FROM index_queue LEFT JOIN message ON message.id = index_queue.message_id
   WHERE index_queue.id > :after
   ORDER BY index_queue.id
   LIMIT :limit`,
);

type QueueRow = {
  rawHash: string | null;
  /** Of what is here of a message that is not. */
  outlineHash: string | null;
  readAs: string | null;
  vote: string | null;
  namesPdf: number;
  receivedAt: number;
};

// A document is told from the text of the list of parts, which is read once more when its turn comes. What else is known of a message is asked
// for where it is all that is known: most have their text at hand.
const rowOf = statement<{ messageId: number }, QueueRow>(
  `SELECT CASE message.bytes_here WHEN 1 THEN message.raw_hash END AS rawHash, outline.hash AS outlineHash, read_as.charset AS readAs,
     charset_vote.charset AS vote, message.received_at AS receivedAt,
     CASE WHEN message.parts_json LIKE '%application/pdf%' OR message.parts_json LIKE '%application/x-pdf%'
       OR message.parts_json LIKE '%.pdf"%' THEN 1 ELSE 0 END AS namesPdf
   FROM message
     LEFT JOIN outline ON outline.message_id = message.id
     LEFT JOIN read_as ON read_as.message_id = message.id
     LEFT JOIN charset_vote ON charset_vote.message_id = message.id
   WHERE message.id = :messageId`,
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
type ReadText = (
  place: { readonly hash: string } | { readonly outline: string },
  by: { readonly readAs: string | null; readonly vote: string | null },
) => Promise<IndexText | null>;

/** Texts that wait for their turn, in bytes. */
const OFFERED_AT_MOST = 64 * 1024 * 1024;

type Waiting = { readonly gone: boolean; readonly settled: boolean; readonly queueIds: readonly number[] };

/** Entries looked through for one group, and how many of them that are to be taken in are known at a time: some megabytes. */
const PIECE = 2000;
const PIECES = 5;
const MOST_KNOWN = 100_000;

/**
 * The search thread's side of the queue in the store: which messages are next, each once, however often it was queued. Accounts take turns, so that a message of
 * one can be found soon while thousands of another's are taken in.
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
  readonly #known = new Map<number, Waiting>();
  readonly #ready = new Turns<number, number>();
  /** Messages known by their headers only: their turn comes when nothing else is waiting. */
  readonly #headersOnly = new Turns<number, number>();

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

  /** Whether the texts that were offered are enough for a group. */
  offers(group: { readonly messages: number; readonly bytes: number }): boolean {
    return this.#offeredSize >= group.bytes || this.#offered.size >= group.messages;
  }

  /** What was handed out is not in the index after all: the queue is read again from its beginning. */
  startOver(): void {
    this.#after = 0;
    this.#known.clear();
    this.#ready.clear();
    this.#headersOnly.clear();
  }

  /** How many messages are known to wait. */
  get waiting(): number {
    return this.#known.size;
  }

  /**
   * At most `limit` turns with some `bytes` of text; header-only messages only when `idle`. Empty when there is nothing to do now.
   */
  async next(limit: number, bytes: number, idle: boolean): Promise<Turn[]> {
    for (let piece = 0; piece < PIECES && this.#ready.size < MOST_KNOWN; piece += 1) if (this.#read(PIECE) < PIECE) break;
    const turns: Turn[] = [];
    let size = 0;
    const take = async (source: Turns<number, number>, settled: boolean): Promise<void> => {
      while (turns.length < limit && size < bytes) {
        const messageId = source.take();
        if (messageId === undefined) return;
        const waiting = this.#known.get(messageId);
        // Queued again since, and done with the other entry, or to be done with it.
        if (waiting === undefined || waiting.settled !== settled) continue;
        this.#known.delete(messageId);
        const document = await this.#documentOf(messageId, waiting);
        size += document?.text.bytes.byteLength ?? 0;
        turns.push({ messageId, document, queueIds: waiting.queueIds });
      }
    };
    await take(this.#ready, true);
    if (turns.length === 0 && idle) await take(this.#headersOnly, false);
    return turns;
  }

  /** @returns how many there were */
  #read(limit: number): number {
    const rows = this.#store.all(queueAfter, { after: this.#after, limit });
    for (const { id, messageId, accountId, gone, settled } of rows) {
      this.#after = id;
      const earlier = this.#known.get(messageId);
      const isSettled = settled !== 0;
      this.#known.set(messageId, { gone: gone !== 0, settled: isSettled, queueIds: [...(earlier?.queueIds ?? []), id] });
      if (earlier?.settled !== isSettled) (isSettled ? this.#ready : this.#headersOnly).push(accountId, messageId);
    }
    return rows.length;
  }

  async #documentOf(messageId: number, { gone }: Waiting): Promise<IndexDocument | null> {
    const offered = this.#offered.get(messageId);
    this.#forget(messageId);
    const row = gone ? undefined : this.#store.get(rowOf, { messageId });
    if (row === undefined) return null;
    const { receivedAt } = row;
    const place = row.rawHash !== null ? { hash: row.rawHash } : row.outlineHash !== null ? { outline: row.outlineHash } : null;
    const whole = offered ?? (place === null ? null : await this.#readText(place, row));
    const text = whole ?? this.#envelopeText(messageId);
    // It went while it waited: the entry that says so is in the queue.
    if (text === null) return null;
    const unread = row.rawHash !== null && row.namesPdf !== 0;
    return { messageId, receivedAt, text, unread, ...(whole === null ? { headersOnly: true } : {}) };
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
