import { domainOf } from "../../shared/address.ts";
import type { MessageId } from "../../shared/ids.ts";
import type { Reader, Writer } from "./database.ts";
import { statement } from "./statement.ts";

const note = statement<{ sender: string; charset: string; weight: number }>(
  `INSERT INTO charset_history (sender, charset, count) VALUES (:sender, :charset, :weight)
   ON CONFLICT (sender, charset) DO UPDATE SET count = min(count + excluded.count, 1000)`,
);
const known = statement<{ sender: string }, { charset: string; count: number }>(
  "SELECT charset, count FROM charset_history WHERE sender = :sender ORDER BY count DESC LIMIT 2",
);
const vote = statement<{ messageId: number; charset: string }>(
  "INSERT INTO charset_vote (message_id, charset) VALUES (:messageId, :charset) ON CONFLICT (message_id) DO UPDATE SET charset = excluded.charset",
);
const voteOf = statement<{ messageId: number }, { charset: string }>("SELECT charset FROM charset_vote WHERE message_id = :messageId");

/** What the user says weighs as much as several messages. */
const TAUGHT = 5;
/** One message says nothing of everybody at a domain. */
const DOMAIN_FROM = 3;

/**
 * The charset that this sender, or else nearly everybody at the domain, writes in where no label says so; null when that is not known.
 * @param address in any case
 */
export function senderHistory(db: Reader, address: string): string | null {
  const sender = address.toLowerCase();
  return foremost(db, sender, 1, 2) ?? foremost(db, `@${domainOf(sender)}`, DOMAIN_FROM, 4);
}

function foremost(db: Reader, sender: string, least: number, times: number): string | null {
  const [first, second] = db.all(known, { sender });
  if (first === undefined || first.count < least || first.count < times * (second?.count ?? 0)) return null;
  return first.charset;
}

/** A message by this sender was surely in this charset. */
export function noteCharset(tx: Writer, address: string, charset: string, weight = 1): void {
  const sender = address.toLowerCase();
  if (sender === "") return;
  for (const whose of [sender, `@${domainOf(sender)}`]) tx.run(note, { sender: whose, charset, weight });
}

/** The user reads this sender in this charset: others at the domain may write in it too. */
export function noteTaughtCharset(tx: Writer, address: string, charset: string): void {
  noteCharset(tx, address, charset, TAUGHT);
}

/** What was learnt from an arrived message, and what it was read by. */
export function noteCharsets(
  tx: Writer,
  messageId: MessageId,
  body:
    | { readonly from: readonly { readonly address: string }[]; readonly learnt?: string | null; readonly vote?: string | null }
    | undefined,
): void {
  if (body?.learnt) noteCharset(tx, body.from[0]?.address ?? "", body.learnt);
  if (body?.vote) tx.run(vote, { messageId, charset: body.vote });
}

/** The charset that its sender's history decided for; "" when it had nothing to decide. */
export function charsetVote(db: Reader, messageId: MessageId): string {
  return db.get(voteOf, { messageId })?.charset ?? "";
}
