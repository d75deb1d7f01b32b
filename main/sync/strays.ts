import type { AccountId, FolderId } from "../../shared/ids.ts";
import type { Log } from "../log.ts";
import { isLabel } from "../plan/labels.ts";
import { NOWHERE } from "../plan/overlay.ts";
import { placeOfStray, type StrayAccount } from "../plan/strays.ts";
import { readAccounts } from "../store/accounts.ts";
import { readFolders } from "../store/folders.ts";
import { ingestBodies } from "../store/ingest-bodies.ts";
import { localFolder } from "../store/local-folders.ts";
import { noteLoose } from "../store/loose-blobs.ts";
import type { Store } from "../store/open.ts";
import { recordTaken } from "../store/pop3-ledger.ts";
import { anyRemembered, giveUpRemembered, rememberedByPop3, rememberedBytes } from "../store/remembered.ts";
import { breathe, untilNone } from "../store/slices.ts";
import {
  anyStrays,
  dropStray,
  isNeeded,
  ledgerOf,
  noteStrayRead,
  noteStrays,
  placementsLike,
  type StrayMessage,
  unreadStrays,
  waitingStrays,
} from "../store/stray-files.ts";
import { takeStrayIntoNet } from "../store/take-stray.ts";
import type { ParsePool } from "./parse-pool.ts";
import { type ReadStray, readStray } from "./read-stray.ts";
import type { Timers } from "./timers.ts";

const SLICE = 20;
/** Whether all servers have been listed meanwhile. */
const LOOK_AGAIN_MS = 30_000;

/** What the folder is called for what was found again, in the languages of the window; the first is the user's. */
export type FolderNames = readonly [string, ...string[]];

export type StraysNeeds = {
  readonly store: Store;
  readonly pool: Pick<ParsePool, "again">;
  readonly log: Log;
  readonly timers: Timers;
  readonly likelyCharsets: readonly string[];
  readonly folderNames: () => FolderNames;
  /** So many messages lie in that folder now that did not before. */
  readonly onRecovered: (count: number, folder: string) => void;
};

/**
 * After a rescue of the store: finds the message files whose rows were lost, and brings each to where it can be read. What a server lists
 * gets its bytes from here and is not fetched; what no server has goes into a folder of its own, or into the safety net. One message at a time: whatever
 * else wants the reader or the engine comes in between. Cut off anywhere, the next start goes on.
 */
export class Strays {
  readonly #needs: StraysNeeds;
  #running: Promise<void> | null = null;
  #cancel: () => void = () => undefined;
  #closed = false;
  /** Of the accounts, when those that wait were looked at last. */
  #seen = "";
  #folderName = "";

  constructor(needs: StraysNeeds) {
    this.#needs = needs;
  }

  /** Looks once, and then from time to time as long as there are any. */
  look(): Promise<void> {
    this.#running ??= this.#look().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#cancel();
    await this.#running;
  }

  async #look(): Promise<void> {
    const { store, log, timers } = this.#needs;
    let left = true;
    try {
      await noteStrays(store);
      left = anyStrays(store.db);
      if (left) await this.#placeAll();
      left = (await this.#giveUp()) || left;
    } catch (error) {
      if (!this.#closed) log.error("strays.not-placed", error);
    }
    if (left && !this.#closed) this.#cancel = timers.after(LOOK_AGAIN_MS, () => void this.look());
  }

  async #placeAll(): Promise<void> {
    const { store, log, onRecovered } = this.#needs;
    let recovered = 0;
    for (;;) {
      const slice = unreadStrays(store.db, SLICE);
      if (slice.length === 0 || this.#closed) break;
      recovered += await this.#place(slice.map(({ hash }) => hash));
    }
    const accounts = this.#accounts();
    const seen = JSON.stringify(accounts);
    for (let after = ""; ; ) {
      const slice = waitingStrays(store.db, after, SLICE);
      if (slice.length === 0 || this.#closed) break;
      // Read again only when it may come out otherwise.
      const needed = slice.filter(({ hash }) => isNeeded(store.db, hash));
      this.#drop(needed.map(({ hash }) => hash));
      if (seen !== this.#seen) recovered += await this.#place(slice.filter((one) => !needed.includes(one)).map(({ hash }) => hash));
      after = slice.at(-1)?.hash ?? "";
      await breathe();
    }
    if (!this.#closed) this.#seen = seen;
    log.info("strays.placed", { recovered, left: anyStrays(store.db) });
    if (recovered > 0) onRecovered(recovered, this.#folderName);
  }

  /** What the rescue remembered and nobody has any more. @returns whether some of it may still turn up */
  async #giveUp(): Promise<boolean> {
    const { store } = this.#needs;
    const open = this.#accounts().filter(({ id }) => anyRemembered(store.db, id));
    const unread = anyStrays(store.db);
    for (const { id, protocol, listed } of open) {
      if (protocol === "imap" ? !listed : unread) continue;
      await untilNone((limit) => (this.#closed ? 0 : store.db.write((tx) => giveUpRemembered(tx, id, store.clock(), limit))));
      store.changes.journalChanged();
    }
    return open.some(({ id }) => anyRemembered(store.db, id));
  }

  #accounts(): StrayAccount[] {
    const { store } = this.#needs;
    return readAccounts(store).map(({ id, address, settings }) => {
      const folders = readFolders(store, id).filter((folder) => folder.canSelect && folder.onServer && !isLabel(folder));
      const listed = folders.length > 0 && folders.every((folder) => folder.headersDownTo === 1 && folder.reconciledAt !== null);
      return { id, address: address.toLowerCase(), protocol: settings.protocol, listed };
    });
  }

  #drop(hashes: readonly string[]): void {
    if (hashes.length > 0) this.#needs.store.db.write((tx) => hashes.forEach((hash) => void dropStray(tx, hash)));
  }

  /** @returns how many came into the folder for what was found again */
  async #place(hashes: readonly string[]): Promise<number> {
    const { store, pool, likelyCharsets } = this.#needs;
    const accounts = this.#accounts();
    const local: { accountId: AccountId; stray: ReadStray }[] = [];
    for (const hash of hashes) {
      if (this.#closed) break;
      const stray = isNeeded(store.db, hash) ? null : await readStray(store, pool, hash, likelyCharsets);
      if (stray === null) this.#drop([hash]);
      else {
        const accountId = this.#placeOne(stray, accounts);
        if (accountId !== null) local.push({ accountId, stray });
      }
    }
    return this.#intoFolders(local);
  }

  /** @returns the account in whose local folder it belongs, null when it is dealt with */
  #placeOne({ body, receivedAt }: ReadStray, accounts: readonly StrayAccount[]): AccountId | null {
    const { store } = this.#needs;
    const like = accounts.flatMap(({ id }) => placementsLike(store.db, id, body));
    if (like.length > 0) {
      ingestBodies(
        store,
        like.map((placementId) => ({ placementId, body })),
      );
      this.#drop([body.hash]);
      return null;
    }
    const people = [...body.from, ...body.to, ...body.cc].map(({ address }) => address.toLowerCase());
    const lay = rememberedByPop3(store.db, body.hash);
    if (lay !== null) return lay;
    const place = placeOfStray({ ledger: ledgerOf(store.db, body.hash), people, accounts });
    if (place.kind === "folder") return place.accountId;
    if (place.kind === "net" && takeStrayIntoNet(store, place.accountId, body, receivedAt)) return null;
    if (place.kind === "unneeded") this.#letGo(body);
    else store.db.write((tx) => noteStrayRead(tx, body));
    return null;
  }

  #letGo({ hash }: StrayMessage): void {
    const { store } = this.#needs;
    store.db.write((tx) => {
      dropStray(tx, hash);
      noteLoose(tx, hash, store.clock());
    });
  }

  #intoFolders(local: readonly { accountId: AccountId; stray: ReadStray }[]): number {
    const { store } = this.#needs;
    let recovered = 0;
    for (const accountId of new Set(local.map((one) => one.accountId))) {
      const taken = local
        .filter((one) => one.accountId === accountId)
        .map(({ stray: { body, headerHash, receivedAt } }) => {
          // Nobody knows when it was fetched: whatever is to go from the server after some days counts from now.
          return { uid: null, listedBytes: body.sizeBytes, headerHash, takenAt: store.clock(), receivedAt, body, seen: true as const };
        });
      const homeless = taken.some(({ body }) => rememberedBytes(store.db, accountId, body.hash).length === 0);
      const folderId = homeless ? this.#folder(accountId) : NOWHERE;
      recovered += recordTaken(store, accountId, folderId, taken).filter(({ isNew }) => isNew).length;
      this.#drop(taken.map(({ body }) => body.hash));
    }
    return recovered;
  }

  #folder(accountId: AccountId): FolderId {
    const { store, folderNames } = this.#needs;
    const there = readFolders(store, accountId).map(({ name }) => name);
    const names = folderNames();
    this.#folderName = names.find((name) => there.includes(name)) ?? names[0];
    return localFolder(store, accountId, this.#folderName);
  }
}
