import type { Reader } from "./database.ts";
import type { Store } from "./open.ts";
import { statement } from "./statement.ts";

const selectOne = statement<{ address: string }, { known: number }>("SELECT 1 AS known FROM original_colours WHERE address = :address");
const selectAll = statement<Record<never, never>, { address: string }>("SELECT address FROM original_colours ORDER BY address");
const insertOne = statement<{ address: string }>("INSERT INTO original_colours (address) VALUES (:address) ON CONFLICT DO NOTHING");
const deleteOne = statement<{ address: string }>("DELETE FROM original_colours WHERE address = :address");

/** Whether this sender's mail is shown in its own colours in the dark as well. */
export function showsOriginal(reader: Reader, address: string): boolean {
  return address !== "" && reader.get(selectOne, { address: address.toLowerCase() }) !== undefined;
}

export function originalSenders(reader: Reader): string[] {
  return reader.all(selectAll, {}).map(({ address }) => address);
}

/** Remembers it for a sender, or takes it back. Nobody without an address is remembered. */
export function rememberOriginal(store: Store, address: string, on: boolean): void {
  if (address !== "") store.db.write((tx) => tx.run(on ? insertOne : deleteOne, { address: address.toLowerCase() }));
}
