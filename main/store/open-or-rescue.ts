import { statSync } from "node:fs";
import { asFailure } from "../../shared/failure.ts";
import { openStore, type Store, type StoreOptions, storeFile } from "./open.ts";
import { repair, setAside, undoRepair } from "./repair.ts";
import { hasSpare, type Restored, restoreIfWanted, restoreWanted } from "./spare.ts";

export type Opened = {
  readonly store: Store;
  /** What could be read was copied into a new file. */
  readonly repaired: boolean;
  /** Nothing could be read: the folder of the profile where the old store lies. */
  readonly aside: string | null;
  /** What the spare copy brought into a new store, and where the old one lies. */
  readonly restored: (Restored & { readonly folder: string }) | null;
};

/**
 * Opens the store, whatever has become of its file. A damaged one is put aside and what can be read of it is copied over; of one that is lost, the
 * spare copy brings back what only this computer had. The messages themselves are files, and stay where they are.
 *
 * @throws Failure `database-newer`, `read-only` or `disk-full`; everything is as it was then
 */
export async function openOrRescue(options: StoreOptions): Promise<Opened> {
  const { profileDir } = options;
  undoRepair(profileDir);
  let aside: string | null = null;
  let repaired = false;
  // SQLite takes a file that is empty or gone for a new database.
  const lost = sizeOf(storeFile(profileDir)) === 0 && hasSpare(profileDir) && !restoreWanted(profileDir);
  if (lost) aside = setAside(profileDir);
  let store: Store;
  try {
    store = openStore(options);
  } catch (error) {
    if (asFailure(error).code !== "database-corrupt") throw error;
    repaired = await repairs(options);
    if (!repaired) {
      aside = setAside(profileDir);
      options.log?.error("store.set-aside", error);
    }
    store = openStore(options);
  }
  return { store, repaired, aside, restored: restoreIfWanted(store, profileDir) };
}

/** @returns false when nothing can be made of it after all; it is in its place again then */
async function repairs(options: StoreOptions): Promise<boolean> {
  try {
    const { rows, damaged } = await repair(options);
    options.log?.warn("store.repaired", { rows, damaged: damaged.join() });
    return true;
  } catch (error) {
    if (asFailure(error).code !== "database-corrupt") throw error;
    return false;
  }
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
