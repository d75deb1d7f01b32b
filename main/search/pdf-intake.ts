import type { CharsetHints } from "../mime/charset-hints.ts";
import { indexText } from "../mime/index-text.ts";
import { parseArrived } from "../mime/parse-arrived.ts";
import { extractPart } from "../mime/part-bytes.ts";
import { isPdf } from "../mime/pdf-parts.ts";
import type { Database, Reader } from "../store/database.ts";
import { statement } from "../store/statement.ts";
import { hasDocument, writeDocument } from "./index-file.ts";
import type { PdfReader } from "./pdf-reader.ts";

/** Documents of one message, and bytes of each. */
const MOST_DOCUMENTS = 8;
const LARGEST = 24 * 1024 * 1024;
/** After so many tries that ended with the thread the message is left as it is. */
const MOST_TRIES = 2;
/** Between two messages: it is work for a quiet time. */
const PAUSE_MS = 20;

type Waiting = { messageId: number; tries: number };
// The newest first: what came today is looked for today.
const nextWaiting = statement<Record<never, never>, Waiting>(
  "SELECT message_id AS messageId, tries FROM pdf_waiting ORDER BY message_id DESC LIMIT 1",
  "search",
);
const noteTry = statement<{ messageId: number }>("UPDATE pdf_waiting SET tries = tries + 1 WHERE message_id = :messageId", "search");
const settle = statement<{ messageId: number }>("DELETE FROM pdf_waiting WHERE message_id = :messageId", "search");

type Source = { rawHash: string | null; receivedAt: number; readAs: string | null; vote: string | null };
const sourceOf = statement<{ id: number }, Source>(
  `SELECT CASE message.bytes_here WHEN 1 THEN message.raw_hash END AS rawHash, message.received_at AS receivedAt, read_as.charset AS readAs,
     charset_vote.charset AS vote
   FROM message LEFT JOIN read_as ON read_as.message_id = message.id LEFT JOIN charset_vote ON charset_vote.message_id = message.id
   WHERE message.id = :id`,
);

export type PdfIntakeOptions = {
  readonly database: Database;
  readonly store: Reader;
  readonly reader: Pick<PdfReader, "read" | "close">;
  readonly load: (hash: string) => Promise<Buffer | null>;
  readonly likelyCharsets: readonly string[];
  /** Messages wait that have not been taken in at all: they come first. */
  readonly busy: () => boolean;
};

/** Adds the words of attached PDF documents to messages that are in the index already, when nothing else is to be done. */
export class PdfIntake {
  readonly #o: PdfIntakeOptions;
  #working = false;
  #closed = false;

  constructor(options: PdfIntakeOptions) {
    this.#o = options;
  }

  /** All else is done. Resolves when nothing waits any more, or something else does. */
  async rested(): Promise<void> {
    if (this.#working) return;
    this.#working = true;
    try {
      while (!this.#closed && !this.#o.busy() && (await this.#next())) await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    } finally {
      this.#working = false;
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#o.reader.close();
  }

  async #next(): Promise<boolean> {
    const { database, store } = this.#o;
    const waiting = database.get(nextWaiting, {});
    if (waiting === undefined) return false;
    const { messageId, tries } = waiting;
    const source = store.get(sourceOf, { id: messageId });
    if (tries >= MOST_TRIES || source === undefined || source.rawHash === null || !hasDocument(database, messageId)) {
      database.write((tx) => tx.run(settle, { messageId }));
      return true;
    }
    // A document that takes the whole program with it is not met a third time.
    database.write((tx) => tx.run(noteTry, { messageId }));
    const bytes = await this.#o.load(source.rawHash);
    const hints: CharsetHints = { chosen: source.readAs ?? "", likely: this.#o.likelyCharsets, history: source.vote ?? "" };
    const { words, summary } = bytes === null ? { words: null, summary: null } : parseArrived(bytes, hints);
    const inside: string[] = [];
    for (const { part } of summary?.parts.filter((one) => isPdf(one) && one.sizeBytes <= LARGEST).slice(0, MOST_DOCUMENTS) ?? []) {
      if (this.#closed || bytes === null) return false;
      // A copy of its own, which the thread may keep.
      inside.push(await this.#o.reader.read(new Uint8Array(extractPart(bytes, part, hints).bytes)));
    }
    if (this.#closed) return false;
    database.write((tx) => {
      // It may have been deleted meanwhile, and what was read of it with it.
      if (words !== null && inside.some((text) => text.trim() !== "") && hasDocument(tx, messageId)) {
        const text = indexText({ ...words, attachmentNames: [words.attachmentNames, ...inside].join("\n") });
        writeDocument(tx, { messageId, receivedAt: source.receivedAt, text, unread: false });
      }
      tx.run(settle, { messageId });
    });
    return true;
  }
}
