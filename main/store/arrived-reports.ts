import type { AccountId, MessageId } from "../../shared/ids.ts";
import type { Writer } from "./database.ts";
import { keepVersions } from "./invitations.ts";
import type { ListUpkeep } from "./list-upkeep.ts";
import type { ArrivedBody } from "./message-columns.ts";
import type { Store } from "./open.ts";
import { placementsOfMessage } from "./placements.ts";
import { copiesOf, keepReport, type NewMessage, type Tied, tieWaiting } from "./reports.ts";
import { statement } from "./statement.ts";
import { listed } from "./stored-placement.ts";

const noteReceiptTo = statement<{ id: number; receiptTo: string }>("UPDATE message SET receipt_to = :receiptTo WHERE id = :id");

export type ArrivedMessage = { readonly id: MessageId; readonly accountId: AccountId; readonly at: number; readonly body: ArrivedBody };

/** What bodies that have just come report of other messages and of events, and whether their senders want to know that they were read. */
export function takeReports(store: Store, tx: Writer, lists: ListUpkeep, arrived: readonly ArrivedMessage[]): void {
  for (const { body, ...message } of arrived) {
    if (body.receiptTo !== "") tx.run(noteReceiptTo, { id: message.id, receiptTo: body.receiptTo.slice(0, 320) });
    if (body.calendar.length > 0) keepVersions(tx, { ...message, sender: body.from[0]?.address ?? "" }, body.calendar);
    if (body.report === null) continue;
    const tied = keepReport(tx, message, body.report);
    if (tied !== null) show(store, tx, lists, [tied]);
  }
}

/** Messages that are new here: reports may have waited for them. */
export function takeOriginals(store: Store, tx: Writer, lists: ListUpkeep, messages: readonly NewMessage[]): void {
  show(store, tx, lists, tieWaiting(tx, messages));
}

/** Rows and readers that show the sent message look again. */
function show(store: Store, tx: Writer, lists: ListUpkeep, ties: readonly Tied[]): void {
  const ids = ties.flatMap((tied) => copiesOf(tx, tied)).map(({ id }) => id);
  for (const id of ids) {
    for (const placement of placementsOfMessage(tx, id)) {
      lists.left(listed(placement));
      lists.entered(listed(placement));
    }
  }
  if (ids.length > 0) store.changes.messagesUpdated(ids);
}
