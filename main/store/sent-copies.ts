import { z } from "zod";
import type { AccountId } from "../../shared/ids.ts";
import { NOTHING_KNOWN, type SentKnowledge } from "../plan/sent-copy.ts";
import type { Database } from "./database.ts";
import { statement } from "./statement.ts";

type Db = { readonly db: Database };
type Key = { accountId: number; server: string };

const selectKnowledge = statement<Key, { knowledge: string }>(
  "SELECT knowledge FROM sent_copy WHERE account_id = :accountId AND server = :server",
);
const upsertKnowledge = statement<Key & { knowledge: string }>(
  `INSERT INTO sent_copy (account_id, server, knowledge) VALUES (:accountId, :server, :knowledge)
   ON CONFLICT (account_id, server) DO UPDATE SET knowledge = excluded.knowledge`,
);
const schema = z.object({ filesItself: z.boolean().nullable(), inVain: z.number(), lastOurs: z.string().nullable() });

/** What is known of the copies that a sending host files by itself for this account. */
export function readSentKnowledge({ db }: Db, accountId: AccountId, server: string): SentKnowledge {
  const known = schema.safeParse(JSON.parse(db.get(selectKnowledge, { accountId, server })?.knowledge ?? "null"));
  return known.success ? known.data : NOTHING_KNOWN;
}

/** On disk when it returns: it is written before the copy that it speaks of is put into Sent. */
export function writeSentKnowledge({ db }: Db, accountId: AccountId, server: string, knowledge: SentKnowledge): void {
  db.writeDurably((tx) => {
    tx.run(upsertKnowledge, { accountId, server, knowledge: JSON.stringify(knowledge) });
  });
}
