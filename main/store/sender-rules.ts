import type { SenderRule } from "../../shared/contract/senders.ts";
import type { DatedRule } from "../plan/blocked-mail.ts";
import type { Reader } from "./database.ts";
import type { Store } from "./open.ts";
import { statement } from "./statement.ts";

const selectAll = statement<Record<never, never>, DatedRule>(
  "SELECT scope, value, verdict, since FROM sender_rule ORDER BY scope DESC, value",
);
const insertOne = statement<SenderRule & { since: number }>(
  `INSERT INTO sender_rule (scope, value, verdict, since) VALUES (:scope, :value, :verdict, :since)
   ON CONFLICT DO UPDATE SET verdict = excluded.verdict, since = excluded.since WHERE verdict <> excluded.verdict`,
);
const deleteOne = statement<{ scope: string; value: string }>("DELETE FROM sender_rule WHERE scope = :scope AND value = :value");

/** Whom the user has blocked or allowed, people before domains. */
export function senderRules(reader: Reader): DatedRule[] {
  return reader.all(selectAll, {});
}

/** Blocks or allows a sender, in the place of what was said before; null takes it back. */
export function judgeSender(store: Store, scope: SenderRule["scope"], value: string, verdict: SenderRule["verdict"] | null): void {
  store.db.write((tx) => {
    if (verdict === null) tx.run(deleteOne, { scope, value });
    else tx.run(insertOne, { scope, value, verdict, since: store.clock() });
  });
  store.changes.sendersChanged();
}
