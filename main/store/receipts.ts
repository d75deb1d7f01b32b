import type { Address } from "../../shared/address.ts";
import type { Delivery } from "../../shared/contract/delivery.ts";
import { type FlagBits, hasFlag } from "../../shared/flags.ts";
import type { AccountId, MessageId, PlacementId } from "../../shared/ids.ts";
import type { Reader, Writer } from "./database.ts";
import { statement } from "./statement.ts";

type Asked = {
  messageId: MessageId;
  accountId: AccountId;
  receiptTo: string;
  fromJson: string;
  toJson: string;
  ccJson: string;
  subject: string;
  messageIdHeader: string | null;
  /** BCP 47 guess; "". */
  lang: string;
  role: string | null;
  keywords: string;
  flags: FlagBits;
  answered: number;
};
const askedOf = statement<{ placementId: number }, Asked>(
  `SELECT message.id AS messageId, message.account_id AS accountId, message.receipt_to AS receiptTo, message.from_json AS fromJson,
     message.to_json AS toJson, message.cc_json AS ccJson, message.subject AS subject, message.message_id_header AS messageIdHeader,
     message.lang AS lang, folder.role AS role, placement.keywords AS keywords, placement.shown_flags AS flags,
     EXISTS (SELECT 1 FROM receipt_answer WHERE receipt_answer.message_id = message.id) AS answered
   FROM placement
   JOIN message ON message.id = placement.message_id
   LEFT JOIN folder ON folder.id = placement.shown_folder_id
   WHERE placement.id = :placementId`,
);
const neverFor = statement<{ address: string }, { found: number }>("SELECT 1 AS found FROM receipt_never WHERE address = :address");
const ownAddress = statement<{ address: string }, { found: number }>(
  "SELECT 1 AS found FROM identity WHERE lower(address) = :address UNION SELECT 1 FROM account WHERE lower(address) = :address LIMIT 1",
);

/** A request for a receipt that nothing has answered yet: what a receipt is made of. */
export type ReceiptRequest = Omit<Asked, "role" | "keywords" | "flags" | "answered" | "fromJson" | "toJson" | "ccJson"> & {
  readonly from: Address | null;
  /** Own addresses among those written to come first. */
  readonly recipients: readonly string[];
};

/** The open request on a message; null when nobody asked, when it was answered here or elsewhere, or a rule says never. */
export function readReceiptRequest(reader: Reader, placementId: PlacementId): ReceiptRequest | null {
  const asked = reader.get(askedOf, { placementId });
  if (asked === undefined || asked.receiptTo === "" || asked.answered !== 0) return null;
  const { role, keywords, flags, answered: _, fromJson, toJson, ccJson, ...request } = asked;
  // RFC 3503: another program has sent it, or was told not to. What lies in Junk or was sent by us is asked of nobody.
  // Listed by a Satchel of before, it still stands among the keywords.
  if (hasFlag(flags, "receipted") || keywords.toLowerCase().includes('"$mdnsent"')) return null;
  if (role === null || ["junk", "sent", "drafts", "trash"].includes(role)) return null;
  // The store wrote it itself.
  const from = (JSON.parse(fromJson) as Address[])[0] ?? null;
  const sender = (from?.address ?? "").toLowerCase();
  if (isOwn(reader, sender) || reader.get(neverFor, { address: sender }) !== undefined) return null;
  const written = [toJson, ccJson].flatMap((json) => JSON.parse(json) as Address[]).map(({ address }) => address);
  const own = written.filter((address) => isOwn(reader, address.toLowerCase()));
  return { ...request, from, recipients: own };
}

function isOwn(reader: Reader, address: string): boolean {
  return address !== "" && reader.get(ownAddress, { address }) !== undefined;
}

export function receiptWanted(reader: Reader, placementId: PlacementId): Delivery["receipt"] {
  const request = readReceiptRequest(reader, placementId);
  if (request === null) return null;
  return { to: request.receiptTo, foreign: request.receiptTo.toLowerCase() !== (request.from?.address ?? "").toLowerCase() };
}

const noteAnswer = statement<{ messageId: number; answer: string; at: number }>(
  "INSERT OR IGNORE INTO receipt_answer (message_id, answer, at) VALUES (:messageId, :answer, :at)",
);
const addNever = statement<{ address: string }>("INSERT OR IGNORE INTO receipt_never (address) VALUES (:address)");

/** The user has decided: nothing asks again. @returns false when somebody was faster */
export function settleReceipt(tx: Writer, messageId: MessageId, answer: "sent" | "ignored", at: number): boolean {
  return tx.run(noteAnswer, { messageId, answer, at }).changes > 0;
}

export function neverSendReceiptsTo(tx: Writer, address: string): void {
  tx.run(addNever, { address: address.toLowerCase() });
}

const dropAnswer = statement<{ messageId: number }>("DELETE FROM receipt_answer WHERE message_id = :messageId");

export function forgetReceipt(tx: Writer, messageId: MessageId): void {
  tx.run(dropAnswer, { messageId });
}
