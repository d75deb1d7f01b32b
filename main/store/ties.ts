import type { AccountId, ConversationId } from "../../shared/ids.ts";
import { type Referring, tiesOf } from "../plan/threads.ts";
import type { Reader, Writer } from "./database.ts";
import { statement } from "./statement.ts";

const selectTies = statement<{ accountId: number; references: string }, { reference: string; conversationId: ConversationId }>(
  `SELECT conversation_reference.reference AS reference, conversation_reference.conversation_id AS conversationId
   FROM json_each(:references) AS asked
   CROSS JOIN conversation_reference
     ON conversation_reference.account_id = :accountId AND conversation_reference.reference = asked.value`,
);
const selectTie = statement<{ accountId: number; reference: string }, { conversationId: ConversationId }>(
  "SELECT conversation_id AS conversationId FROM conversation_reference WHERE account_id = :accountId AND reference = :reference",
);
const insertTie = statement<{ accountId: number; reference: string; conversationId: number }>(
  `INSERT INTO conversation_reference (account_id, reference, conversation_id) VALUES (:accountId, :reference, :conversationId)
   ON CONFLICT (account_id, reference) DO NOTHING`,
);
const moveTies = statement<{ from: number; to: number }>(
  "UPDATE conversation_reference SET conversation_id = :to WHERE conversation_id = :from",
);

/** SQLite's JSON and its columns keep these differently. */
const ODD = /[\0\p{Cs}]/u;

/**
 * What ties messages of an account to conversations, for one transaction: looked up once for a whole batch. Whoever ties or merges conversations
 * meanwhile does it here.
 */
export class Ties {
  readonly #accountId: AccountId;
  /** Null: none has it. */
  readonly #known = new Map<string, ConversationId | null>();

  constructor(reader: Reader, accountId: AccountId, messages: readonly Referring[]) {
    this.#accountId = accountId;
    for (const reference of messages.flatMap(tiesOf)) if (!ODD.test(reference)) this.#known.set(reference, null);
    const references = JSON.stringify([...this.#known.keys()]);
    for (const { reference, conversationId } of reader.all(selectTies, { accountId, references }))
      this.#known.set(reference, conversationId);
  }

  conversationOf(reader: Reader, reference: string): ConversationId | null {
    const known = this.#known.get(reference);
    if (known !== undefined) return known;
    return reader.get(selectTie, { accountId: this.#accountId, reference })?.conversationId ?? null;
  }

  /** A reference that nothing had is now this conversation's. */
  tie(tx: Writer, reference: string, conversationId: ConversationId): void {
    tx.run(insertTie, { accountId: this.#accountId, reference, conversationId });
    this.#known.set(reference, conversationId);
  }

  merged(tx: Writer, from: ConversationId, to: ConversationId): void {
    tx.run(moveTies, { from, to });
    for (const [reference, conversationId] of this.#known) if (conversationId === from) this.#known.set(reference, to);
  }
}
