import { z } from "zod";
import type { AccountId } from "../../shared/ids.ts";
import type { Offers } from "../plan/hold.ts";
import type { Database } from "./database.ts";
import { statement } from "./statement.ts";

type Key = { accountId: number; server: string };

const selectOffers = statement<Key, { offers: string }>(
  "SELECT offers FROM sending_offer WHERE account_id = :accountId AND server = :server",
);
const upsertOffers = statement<Key & { offers: string }>(
  `INSERT INTO sending_offer (account_id, server, offers) VALUES (:accountId, :server, :offers)
   ON CONFLICT (account_id, server) DO UPDATE SET offers = excluded.offers`,
);
const schema = z.object({ hold: z.object({ longestMs: z.number(), until: z.number() }).nullable(), requireTls: z.boolean() });

/** What the server offered the account last; null when it was never reached. @param server host:port */
export function readOffers(db: Database, accountId: AccountId, server: string): Offers | null {
  const known = schema.safeParse(JSON.parse(db.get(selectOffers, { accountId, server })?.offers ?? "null"));
  return known.success ? known.data : null;
}

/** Writes only what is new. */
export function noteOffers(db: Database, accountId: AccountId, server: string, offers: Offers): void {
  const text = JSON.stringify(offers);
  if (db.get(selectOffers, { accountId, server })?.offers === text) return;
  db.write((tx) => tx.run(upsertOffers, { accountId, server, offers: text }));
}
