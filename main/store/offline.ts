import type { FolderRow } from "../../shared/contract/folders.ts";
import { KEEP_EVERYTHING, type OfflinePolicy, offlinePolicy } from "../../shared/contract/offline.ts";
import type { AccountId, FolderId } from "../../shared/ids.ts";
import { type Extent, extentOf } from "../plan/offline.ts";
import type { Reader } from "./database.ts";
import { getOrAdd } from "./get-or-add.ts";
import type { Store } from "./open.ts";
import { type FolderCounts, readinessOf } from "./readiness.ts";
import { statement } from "./statement.ts";
import { readTrip } from "./trip.ts";

const accountPolicy = statement<{ id: number }, { offline: string | null }>("SELECT offline FROM account WHERE id = :id");
const folderPolicies = statement<{ accountId: number }, { id: FolderId; offline: string | null }>(
  "SELECT id, offline FROM folder WHERE account_id = :accountId",
);
const setAccountPolicy = statement<{ id: number; offline: string | null }>("UPDATE account SET offline = :offline WHERE id = :id");
const setFolderPolicy = statement<{ id: number; accountId: number; offline: string | null }>(
  "UPDATE folder SET offline = :offline WHERE id = :id AND account_id = :accountId",
);

/** A policy that a later version wrote and this one does not know keeps everything: nothing is missing then. */
function parsed(text: string | null): OfflinePolicy | null {
  if (text === null) return null;
  const known = offlinePolicy.safeParse(JSON.parse(text));
  return known.success ? known.data : KEEP_EVERYTHING;
}

export type AccountPolicies = {
  readonly account: OfflinePolicy;
  /** Of folders that have one of their own. */
  readonly folders: ReadonlyMap<FolderId, OfflinePolicy>;
  readonly all: readonly FolderId[];
};

export function readPolicies(reader: Reader, accountId: AccountId): AccountPolicies {
  const rows = reader.all(folderPolicies, { accountId });
  const folders = new Map(
    rows.flatMap(({ id, offline }) => {
      const own = parsed(offline);
      return own === null ? [] : [[id, own] as const];
    }),
  );
  const account = parsed(reader.get(accountPolicy, { id: accountId })?.offline ?? null) ?? KEEP_EVERYTHING;
  return { account, folders, all: rows.map(({ id }) => id) };
}

/** Of an account, or of one folder of it; null: everything, or as the account. */
export function writePolicy(store: Store, accountId: AccountId, folderId: FolderId | null, policy: OfflinePolicy | null): void {
  const offline = policy === null ? null : JSON.stringify(policy);
  store.db.write((tx) =>
    folderId === null
      ? tx.run(setAccountPolicy, { id: accountId, offline })
      : tx.run(setFolderPolicy, { id: folderId, accountId, offline }),
  );
  store.changes.accountsChanged();
  store.changes.foldersChanged();
  store.changes.healthChanged();
}

/** What should be here of each folder of an account, now. */
export function extentsOf(store: Pick<Store, "db" | "clock">, accountId: AccountId): Map<FolderId, Extent> {
  return extentsUnder(store, readPolicies(store.db, accountId));
}

function extentsUnder(store: Pick<Store, "db" | "clock">, { account, folders, all }: AccountPolicies): Map<FolderId, Extent> {
  const onTrip = new Set(readTrip(store)?.folderIds);
  return new Map(all.map((id) => [id, extentOf(folders.get(id) ?? account, onTrip.has(id), store.clock())]));
}

/** What the window shows of a folder's readiness; reads each account's policies once. */
export function offlineFacts(
  store: Store,
): (folder: FolderCounts & { readonly accountId: AccountId }) => Pick<FolderRow, "policy" | "readiness"> {
  const known = new Map<AccountId, { policies: AccountPolicies; extents: Map<FolderId, Extent> }>();
  const of = (accountId: AccountId) =>
    getOrAdd(known, accountId, () => {
      const policies = readPolicies(store.db, accountId);
      return { policies, extents: extentsUnder(store, policies) };
    });
  return (folder) => {
    const { policies, extents } = of(folder.accountId);
    return {
      policy: policies.folders.get(folder.id) ?? null,
      readiness: readinessOf(store.db, folder, extents.get(folder.id) ?? null),
    };
  };
}
