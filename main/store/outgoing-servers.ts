import { type Fallback, type ServerSettings, serverSettings } from "../../shared/contract/accounts.ts";
import { Failure } from "../../shared/failure.ts";
import type { AccountId, OutgoingServerId } from "../../shared/ids.ts";
import type { Database } from "./database.ts";
import type { Store } from "./open.ts";
import { statement } from "./statement.ts";

/** A further outgoing server of an account. Its secret lies in the vault. */
export type StoredOutgoing = { readonly id: OutgoingServerId; readonly accountId: AccountId; readonly settings: ServerSettings };

type Row = { id: OutgoingServerId; accountId: AccountId; settings: string };

const selectOf = statement<{ accountId: number }, Row>(
  "SELECT id, account_id AS accountId, settings FROM outgoing_server WHERE account_id = :accountId ORDER BY position, id",
);
const selectOne = statement<{ id: number }, Row>("SELECT id, account_id AS accountId, settings FROM outgoing_server WHERE id = :id");
const insertRow = statement<{ accountId: number; settings: string }>(
  `INSERT INTO outgoing_server (account_id, position, settings)
   VALUES (:accountId, (SELECT coalesce(max(position), 0) + 1 FROM outgoing_server WHERE account_id = :accountId), :settings)`,
);
const updateRow = statement<{ id: number; settings: string }>("UPDATE outgoing_server SET settings = :settings WHERE id = :id");
const placeRow = statement<{ id: number; accountId: number; position: number }>(
  "UPDATE outgoing_server SET position = :position WHERE id = :id AND account_id = :accountId",
);
const deleteRow = statement<{ id: number }>("DELETE FROM outgoing_server WHERE id = :id");
const agree = statement<{ id: number; fallback: Fallback }>("UPDATE account SET fallback = :fallback WHERE id = :id");

function fromRow({ settings, ...rest }: Row): StoredOutgoing {
  return { ...rest, settings: serverSettings.parse(JSON.parse(settings)) };
}

/** In the order in which they are taken, after the one of the account's settings. */
export function readOutgoing({ db }: { readonly db: Database }, accountId: AccountId): StoredOutgoing[] {
  return db.all(selectOf, { accountId }).map(fromRow);
}

export function readOneOutgoing({ db }: { readonly db: Database }, id: OutgoingServerId): StoredOutgoing {
  const row = db.get(selectOne, { id });
  if (row === undefined) throw new Failure("account-gone");
  return fromRow(row);
}

/** @returns the id, under which its secret is to be kept */
export function insertOutgoing(store: Store, accountId: AccountId, settings: ServerSettings): OutgoingServerId {
  const { lastId } = store.db.writeDurably((tx) => tx.run(insertRow, { accountId, settings: JSON.stringify(settings) }));
  store.changes.accountsChanged();
  return lastId as OutgoingServerId;
}

export function updateOutgoing(store: Store, id: OutgoingServerId, settings: ServerSettings): void {
  store.db.writeDurably((tx) => tx.run(updateRow, { id, settings: JSON.stringify(settings) }));
  store.changes.accountsChanged();
}

export function removeOutgoing(store: Store, id: OutgoingServerId): void {
  store.db.writeDurably((tx) => tx.run(deleteRow, { id }));
  store.changes.accountsChanged();
}

/** Those not named keep their places. */
export function orderOutgoing(store: Store, accountId: AccountId, ids: readonly OutgoingServerId[]): void {
  store.db.writeDurably((tx) => {
    for (const [at, id] of ids.entries()) tx.run(placeRow, { id, accountId, position: at + 1 });
  });
  store.changes.accountsChanged();
}

/** What the user agrees to is on disk before anything goes by it, and what is taken back as well. */
export function writeFallback(store: Store, accountId: AccountId, fallback: Fallback): void {
  store.db.writeDurably((tx) => tx.run(agree, { id: accountId, fallback }));
  store.changes.accountsChanged();
}
