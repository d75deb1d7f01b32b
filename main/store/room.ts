import type { AccountId } from "../../shared/ids.ts";
import { isLabel } from "../plan/labels.ts";
import { type Claim, type Room, shareRoom } from "../plan/room.ts";
import { readAccounts } from "./accounts.ts";
import { readFolders } from "./folders.ts";
import { readKeptBytes, readOwnLimit } from "./kept.ts";
import { extentsOf } from "./offline.ts";
import type { Store } from "./open.ts";
import { readinessOf } from "./readiness.ts";
import { readSettings } from "./settings.ts";

const MB = 1_000_000;

type Shared = { readonly limitBytes: number | null; readonly levelBytes: number; readonly at: number };
/** Sums over all folders of all accounts: asked several times a second while mail comes, they are right enough for one. */
const known = new WeakMap<Store, Shared>();
const FRESH_MS = 1000;

/** A limit or a policy has changed: the next to ask hears of it. */
export function roomChanged(store: Store): void {
  known.delete(store);
}

function shared(store: Store): Shared {
  const before = known.get(store);
  const at = store.clock();
  if (before !== undefined && at >= before.at && at - before.at < FRESH_MS) return before;
  const { keepAtMostMb } = readSettings(store);
  const limitBytes = keepAtMostMb === null ? null : keepAtMostMb * MB;
  const now = { limitBytes, levelBytes: limitBytes === null ? Number.POSITIVE_INFINITY : shareRoom(limitBytes, claimsOf(store)), at };
  known.set(store, now);
  return now;
}

function claimsOf(store: Store): Claim[] {
  return readAccounts(store).map(({ id, settings }) => {
    const own = readOwnLimit(store.db, id);
    return {
      keptBytes: readKeptBytes(store.db, id),
      missingBytes: settings.protocol === "pop3" ? 0 : missingBytes(store, id),
      onlyHere: settings.protocol === "pop3",
      limitBytes: own === null ? null : own * MB,
    };
  });
}

function missingBytes(store: Store, accountId: AccountId): number {
  const extents = extentsOf(store, accountId);
  return readFolders(store, accountId)
    .filter((folder) => !isLabel(folder))
    .reduce((sum, folder) => sum + readinessOf(store.db, folder, extents.get(folder.id) ?? null).bytesToGo, 0);
}

/** The limit for all accounts together, in bytes; null: none. */
export function profileLimit(store: Store): number | null {
  return shared(store).limitBytes;
}

/** What an account may keep here; null where neither it nor the profile has a limit. */
export function roomOf(store: Store, accountId: AccountId): Room | null {
  const { limitBytes, levelBytes } = shared(store);
  const own = readOwnLimit(store.db, accountId);
  if (limitBytes === null && own === null) return null;
  const keptBytes = readKeptBytes(store.db, accountId);
  const ownBytes = own === null ? Number.POSITIVE_INFINITY : own * MB;
  if (limitBytes === null) return { keptBytes, budgetBytes: ownBytes, limitBytes: ownBytes, by: "account" };
  // What others have not given back yet is not there to be used.
  const open = Math.max(0, limitBytes - readKeptBytes(store.db));
  const share = Math.min(levelBytes, keptBytes + open);
  return ownBytes <= share
    ? { keptBytes, budgetBytes: ownBytes, limitBytes: ownBytes, by: "account" }
    : { keptBytes, budgetBytes: share, limitBytes, by: "profile" };
}
