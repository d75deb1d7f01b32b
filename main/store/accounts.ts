import { type AccountSettings, accountSettings, type Fallback, type Identity } from "../../shared/contract/accounts.ts";
import { Failure } from "../../shared/failure.ts";
import type { AccountId, FolderId, IdentityId } from "../../shared/ids.ts";
import { removeFolderPlacements } from "./folders.ts";
import { removeLooseBlobs } from "./loose-blobs.ts";
import type { Store } from "./open.ts";
import { forgetCopiesIn } from "./operation-parts.ts";
import { frozenOf } from "./outbox.ts";
import { removeLooseOutlines } from "./outlines.ts";
import { forgetReportsOf } from "./reports.ts";
import { dropNetOfAccount } from "./safety-net.ts";
import { untilNone } from "./slices.ts";
import { statement } from "./statement.ts";

export type StoredAccount = {
  readonly id: AccountId;
  readonly name: string;
  readonly address: string;
  readonly settings: AccountSettings;
  readonly provider: string | null;
  readonly paused: boolean;
  readonly fallback: Fallback;
};

type AccountRow = Omit<StoredAccount, "settings" | "paused"> & { settings: string; paused: number };

const selectAccounts = statement<Record<never, never>, AccountRow>(
  "SELECT id, name, address, settings, provider, paused, fallback FROM account WHERE removed = 0 ORDER BY position, id",
);
const selectAccount = statement<{ id: number }, AccountRow>(
  "SELECT id, name, address, settings, provider, paused, fallback FROM account WHERE id = :id AND removed = 0",
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

const markRemoved = statement<{ id: number }>("UPDATE account SET removed = 1 WHERE id = :id");
const removedAccounts = statement<Record<never, never>, { id: AccountId }>("SELECT id FROM account WHERE removed = 1");
const foldersOf = statement<{ accountId: number }, { id: FolderId }>("SELECT id FROM folder WHERE account_id = :accountId");
const deleteOperations = statement<{ accountId: number }>("DELETE FROM operation WHERE account_id = :accountId");

/**
 * Removes an account and what only it had, in slices with a pause between them, so that no other work waits for long. From the first
 * moment it is shown nowhere; what a crash left is removed by `finishRemovals`.
 * @returns the frozen messages that it had in the outbox, whose files are the outbox's
 */
export async function removeAccount(store: Store, id: AccountId): Promise<string[]> {
  store.db.writeDurably((tx) => tx.run(markRemoved, { id }));
  store.changes.accountsChanged();
  store.changes.foldersChanged();
  for (const folder of store.db.all(foldersOf, { accountId: id }))
    await untilNone((limit) => store.db.write((tx) => removeFolderPlacements(store, tx, folder.id, limit)));
  await untilNone((limit) => store.db.write((tx) => dropNetOfAccount(store, tx, id, limit)));
  const frozen = store.db.write((tx) => {
    const hashes = frozenOf(tx, id);
    forgetCopiesIn(tx, id);
    tx.run(deleteOperations, { accountId: id });
    forgetReportsOf(tx, id);
    tx.run(deleteAccountRow, { id });
    return hashes;
  });
  store.changes.foldersChanged();
  await removeLooseBlobs(store, 0);
  await removeLooseOutlines(store);
  return frozen;
}

/** Goes on with removals that were cut off; `onGone` gets what each had in the outbox. */
export async function finishRemovals(store: Store, onGone: (id: AccountId, frozen: readonly string[]) => Promise<void>): Promise<void> {
  for (const { id } of store.db.all(removedAccounts, {})) await onGone(id, await removeAccount(store, id));
}

type IdentityRow = Omit<Identity, "isDefault"> & { isDefault: number };
const selectIdentities = statement<Record<never, never>, IdentityRow>(
  `SELECT id, account_id AS accountId, name, address, signature, is_default AS isDefault
   FROM identity WHERE account_id IN (SELECT id FROM account WHERE removed = 0) ORDER BY account_id, is_default DESC, id`,
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
