import { type AccountSettings, accountSettings, type Identity } from "../../shared/contract/accounts.ts";
import { Failure } from "../../shared/failure.ts";
import type { AccountId, IdentityId } from "../../shared/ids.ts";
import { removeBlob } from "./blobs.ts";
import type { Store } from "./open.ts";
import { statement } from "./statement.ts";

export type StoredAccount = {
  readonly id: AccountId;
  readonly name: string;
  readonly address: string;
  readonly settings: AccountSettings;
  readonly provider: string | null;
  readonly paused: boolean;
};

type AccountRow = { id: AccountId; name: string; address: string; settings: string; provider: string | null; paused: number };

const selectAccounts = statement<Record<never, never>, AccountRow>(
  "SELECT id, name, address, settings, provider, paused FROM account ORDER BY position, id",
);
const selectAccount = statement<{ id: number }, AccountRow>(
  "SELECT id, name, address, settings, provider, paused FROM account WHERE id = :id",
);
const insertAccountRow = statement<{ name: string; address: string; settings: string; provider: string | null; createdAt: number }>(
  `INSERT INTO account (position, name, address, settings, provider, created_at)
   VALUES ((SELECT coalesce(max(position), 0) + 1 FROM account), :name, :address, :settings, :provider, :createdAt)`,
);
const updateAccountRow = statement<{ id: number; name: string; settings: string; paused: number }>(
  "UPDATE account SET name = :name, settings = :settings, paused = :paused WHERE id = :id",
);
const deleteAccountRow = statement<{ id: number }>("DELETE FROM account WHERE id = :id");

function fromRow(row: AccountRow): StoredAccount {
  return { ...row, settings: accountSettings.parse(JSON.parse(row.settings)), paused: row.paused !== 0 };
}

export function readAccounts(store: Store): StoredAccount[] {
  return store.db.all(selectAccounts, {}).map(fromRow);
}

export function readAccount(store: Store, id: AccountId): StoredAccount | undefined {
  const row = store.db.get(selectAccount, { id });
  return row === undefined ? undefined : fromRow(row);
}

export type NewAccount = {
  readonly name: string;
  readonly address: string;
  readonly personName: string;
  readonly settings: AccountSettings;
  readonly provider: string | null;
};

/** Adds an account with one identity. */
export function insertAccount(store: Store, input: NewAccount): AccountId {
  const { name, address, personName, settings, provider } = input;
  const id = store.db.writeDurably((tx) => {
    const { lastId } = tx.run(insertAccountRow, { name, address, settings: JSON.stringify(settings), provider, createdAt: store.clock() });
    tx.run(insertIdentityRow, { accountId: lastId, name: personName, address, signature: "", isDefault: 1 });
    return lastId as AccountId;
  });
  store.changes.accountsChanged();
  return id;
}

export type AccountPatch = {
  readonly accountName?: string | undefined;
  readonly settings?: AccountSettings | undefined;
  readonly paused?: boolean | undefined;
};

export function updateAccount(store: Store, id: AccountId, patch: AccountPatch): void {
  const now = readAccount(store, id);
  if (now === undefined) throw new Failure("account-gone");
  store.db.write((tx) =>
    tx.run(updateAccountRow, {
      id,
      name: patch.accountName ?? now.name,
      settings: JSON.stringify(patch.settings ?? now.settings),
      paused: (patch.paused ?? now.paused) ? 1 : 0,
    }),
  );
  store.changes.accountsChanged();
}

type Slice = { id: number; messageId: number; rawHash: string | null };
const placementSlice = statement<{ accountId: number; limit: number }, { id: number }>(
  "SELECT placement.id AS id FROM placement JOIN message ON message.id = placement.message_id WHERE message.account_id = :accountId LIMIT :limit",
);
const messageSlice = statement<{ accountId: number; limit: number }, Slice>(
  "SELECT id, id AS messageId, raw_hash AS rawHash FROM message WHERE account_id = :accountId LIMIT :limit",
);
const deletePlacement = statement<{ id: number }>("DELETE FROM placement WHERE id = :id");
const deleteMessage = statement<{ id: number }>("DELETE FROM message WHERE id = :id");
const queueGone = statement<{ messageId: number }>("INSERT INTO index_queue (message_id, gone) VALUES (:messageId, 1)");
const hashUsed = statement<{ rawHash: string }, { used: number }>("SELECT 1 AS used FROM message WHERE raw_hash = :rawHash LIMIT 1");
const deleteViewRows = statement<{ accountId: number; limit: number }>(
  `DELETE FROM conversation_in_view WHERE (view, conversation_id) IN (
     SELECT view, conversation_id FROM conversation_in_view
     WHERE conversation_id IN (SELECT id FROM conversation WHERE account_id = :accountId) LIMIT :limit)`,
);
const SLICE = 200;

/**
 * Removes an account and what only it had, in slices with a pause between them, so that no other work waits for long. Begun
 * again after a crash it goes on where it was.
 */
export async function removeAccount(store: Store, id: AccountId): Promise<void> {
  const { db, blobs } = store;
  const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  while (db.write((tx) => tx.run(deleteViewRows, { accountId: id, limit: SLICE }).changes) > 0) await breathe();
  for (let more = true; more; await breathe()) {
    more = db.write((tx) => {
      const rows = tx.all(placementSlice, { accountId: id, limit: SLICE });
      for (const row of rows) tx.run(deletePlacement, row);
      return rows.length === SLICE;
    });
  }
  for (let more = true; more; await breathe()) {
    const rows = db.write((tx) => {
      const slice = tx.all(messageSlice, { accountId: id, limit: SLICE });
      for (const { messageId } of slice) {
        tx.run(queueGone, { messageId });
        tx.run(deleteMessage, { id: messageId });
      }
      return slice;
    });
    for (const { rawHash } of rows) {
      if (rawHash !== null && db.get(hashUsed, { rawHash }) === undefined) await removeBlob(blobs.dir, rawHash);
    }
    more = rows.length === SLICE;
  }
  db.write((tx) => tx.run(deleteAccountRow, { id }));
  store.changes.accountsChanged();
  store.changes.foldersChanged();
}

type IdentityRow = Omit<Identity, "isDefault"> & { isDefault: number };
const selectIdentities = statement<Record<never, never>, IdentityRow>(
  `SELECT id, account_id AS accountId, name, address, signature, is_default AS isDefault
   FROM identity ORDER BY account_id, is_default DESC, id`,
);
const insertIdentityRow = statement<{ accountId: number; name: string; address: string; signature: string; isDefault: number }>(
  "INSERT INTO identity (account_id, name, address, signature, is_default) VALUES (:accountId, :name, :address, :signature, :isDefault)",
);
const updateIdentityRow = statement<{ id: number; name: string; address: string; signature: string; isDefault: number }>(
  "UPDATE identity SET name = :name, address = :address, signature = :signature, is_default = :isDefault WHERE id = :id",
);
const clearDefault = statement<{ accountId: number }>("UPDATE identity SET is_default = 0 WHERE account_id = :accountId");
const deleteIdentityRow = statement<{ id: number }>("DELETE FROM identity WHERE id = :id");

/** All identities, each account's default first. */
export function readIdentities(store: Pick<Store, "db">): Identity[] {
  return store.db.all(selectIdentities, {}).map((row) => ({ ...row, isDefault: row.isDefault !== 0 }));
}

export type IdentityInput = Omit<Identity, "id"> & { readonly id: IdentityId | null };

export function saveIdentity(store: Store, input: IdentityInput): IdentityId {
  const { id, accountId, name, address, signature } = input;
  const isDefault = input.isDefault ? 1 : 0;
  const saved = store.db.write((tx) => {
    if (input.isDefault) tx.run(clearDefault, { accountId });
    if (id === null) return tx.run(insertIdentityRow, { accountId, name, address, signature, isDefault }).lastId as IdentityId;
    tx.run(updateIdentityRow, { id, name, address, signature, isDefault });
    return id;
  });
  store.changes.accountsChanged();
  return saved;
}

/** The last identity of an account stays: without it nothing could be written. */
export function removeIdentity(store: Store, id: IdentityId): void {
  const all = readIdentities(store);
  const found = all.find((identity) => identity.id === id);
  if (found === undefined || all.filter((identity) => identity.accountId === found.accountId).length < 2) return;
  store.db.write((tx) => tx.run(deleteIdentityRow, { id }));
  store.changes.accountsChanged();
}
