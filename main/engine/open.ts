import { randomBytes, randomUUID } from "node:crypto";
import { Resolver } from "node:dns/promises";
import { closeSync, openSync, readSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { asFailure, Failure } from "../../shared/failure.ts";
import type { AccountId, PlacementId } from "../../shared/ids.ts";
import { Vault } from "../accounts/vault.ts";
import { Assets } from "../api/assets.ts";
import { draftAssets } from "../api/draft-assets.ts";
import { handlersOf } from "../api/handlers.ts";
import { Notices } from "../api/notices.ts";
import type { HostServices } from "../api/parts.ts";
import { event, serve } from "../api/serve.ts";
import type { Log } from "../log.ts";
import { type Composing, startComposing } from "../outbox/composing.ts";
import { startOutbox } from "../outbox/outbox.ts";
import { type Search, startSearch } from "../search/search.ts";
import { finishRemovals, readAccount, readAccounts } from "../store/accounts.ts";
import { noteWritten } from "../store/contacts.ts";
import { dropFromQueue, queueMessages, requeueAll } from "../store/index-queue.ts";
import { blobDir, openStore, type Store, type StoreOptions, storeFile } from "../store/open.ts";
import { act } from "../store/operations.ts";
import { picturesAllowed } from "../store/pictures.ts";
import { readPlacement } from "../store/placements.ts";
import { repair } from "../store/repair.ts";
import { readSettings, readSwitch, writeSwitch } from "../store/settings.ts";
import { messageHead } from "../store/views.ts";
import { startAccount } from "../sync/account.ts";
import { startParsePool } from "../sync/parse-pool.ts";
import { systemTimers } from "../sync/timers.ts";
import type { Engine } from "./engine.ts";
import { DEMO, hostServices } from "./host-services.ts";
import type { EngineParts } from "./run-thread.ts";
import { Accounts } from "./running-accounts.ts";
import { signIns } from "./sign-ins.ts";

const MX_DEADLINE_MS = 3000;

/** The composition root: opens the store, starts what works on it, and answers windows. The only place that knows all of the parts. */
export async function openEngine(parts: EngineParts): Promise<Engine> {
  const { profileDir, platform, log } = parts;
  const clock = Date.now;
  const random = Math.random;
  const { store, repaired } = await openOrRepair({ profileDir, clock, log });
  const { changes } = store;
  const notices = new Notices(clock, (id) => changes.tell(event("health.noticed", { id })));
  const pool = startParsePool({ size: Math.min(4, Math.max(2, availableParallelism() - 1)), blobDir: store.blobs.dir, log });
  const search = searchOf(store, profileDir, parts);
  const vault = new Vault(join(profileDir, "vault.json"), platform.secrets);
  const workOffline = { read: () => readSwitch(store, "work-offline"), write: (on: boolean) => writeSwitch(store, "work-offline", on) };

  const accounts: Accounts = new Accounts({
    store,
    vault,
    log,
    signIns: signIns(platform.version),
    offline: workOffline.read,
    start: (id) => startOne(id),
    onHealth: () => changes.healthChanged(),
    onTest: (testId) => changes.tell(event("accounts.tested", { testId, revision: clock() })),
    onAccount: (id) => void outbox.accountMended(id).catch((error: unknown) => log.error("outbox.not-mended", error)),
  });
  const startOne = (id: AccountId) => {
    const account = readAccount(store, id);
    if (account === undefined) throw new Failure("account-gone");
    return startAccount({
      store,
      account,
      log,
      clock,
      random,
      parsePool: pool,
      version: platform.version,
      credential: () => vault.read(id),
      onHealth: () => changes.healthChanged(),
      onIndexText: (texts) => search.offer(texts),
    });
  };

  const assets = new Assets(randomBytes);
  const composing: Composing = await startComposing({
    store,
    profileDir,
    log,
    clock,
    onChange: () => changes.composeChanged(),
    ...draftAssets(assets, () => composing),
  });
  const outbox = await startOutbox({
    store,
    profileDir,
    log,
    clock,
    random,
    timers: systemTimers,
    credentialFor: (id) => vault.read(id),
    settingsFor(id) {
      const account = readAccount(store, id);
      return account === undefined || account.paused ? null : { server: account.settings.outgoing };
    },
    async fileInSent(id, bytes, messageIdHeader) {
      const running = accounts.get(id);
      if (running === undefined) throw new Failure("account-gone");
      return running.appendSent({ folderRole: "sent", bytes, flags: ["\\Seen"], messageIdHeader });
    },
    findInSent: (id, messageIdHeader) => found(accounts.get(id)?.findInSent(messageIdHeader)),
    isOnline: () => !workOffline.read(),
    onChange: () => {
      changes.outboxChanged();
      changes.healthChanged();
    },
    notice: (code, params, failure) => notices.add(code, params, failure === null ? null : Failure.from(failure)),
    undoSeconds: () => readSettings(store).undoSendSeconds,
    markOriginal({ placementId, flag }) {
      act(store, { kind: "placements", ids: [placementId] }, { kind: "flag", flag, on: true });
      accounts.operationsAsked();
    },
    noteWritten: (people, at) => noteWritten(store, people, at),
  });

  changes.onRefused(({ placementId, change, count, words }) => {
    const subject =
      placementId === null || readPlacement(store.db, placementId) === undefined ? "" : messageHead(store, placementId).subject;
    notices.add("operation-refused", { subject, change: change.kind, count }, new Failure("refused-by-server", { serverWords: words }));
  });
  const host = hostServices(platform, store, () => accounts, parts.recentLog);
  const shownOnce = new Set<PlacementId>();
  const handlers = handlersOf({
    store,
    accounts,
    outbox,
    composing,
    search,
    pool,
    assets,
    notices,
    workOffline,
    clock,
    log,
    host,
    pictures: { allowed: (id) => shownOnce.has(id) || picturesAllowed(store, id), allowOnce: (id) => void shownOnce.add(id) },
    resolveMx,
    engineRun: randomUUID(),
  });
  if (parts.restarts > 0) notices.add("engine-restarted");
  if (repaired) notices.add("index-rebuilt");
  // An account that was being removed when the program ended.
  finishRemovals(store).catch((error: unknown) => log.error("accounts.removal-not-finished", error));
  accounts.startAll();
  reopenDemo(store, host, log);
  log.info("engine.opened");
  return {
    serve: (port) => serve(port, handlers, (listener) => changes.subscribe(listener), log),
    readAsset: (path, options) => assets.read(path, options),
    async close() {
      await Promise.all([accounts.stopAll(), outbox.stop(), composing.stop()]);
      await Promise.all([search.close(), pool.close()]);
      store.close();
    },
  };
}

/** A demo account of an earlier run: its servers ended with that run, so they are started anew. */
function reopenDemo(store: Store, host: HostServices, log: Log): void {
  if (!host.canDemo || !readAccounts(store).some(({ provider }) => provider === DEMO)) return;
  host.openDemo().catch((error: unknown) => log.error("demo.not-opened", error));
}

/** A damaged database is moved aside and what can be read of it is copied over; the messages themselves are files. */
async function openOrRepair(options: StoreOptions): Promise<{ store: Store; repaired: boolean }> {
  try {
    return { store: openStore(options), repaired: false };
  } catch (error) {
    // A file that is no database at all has nothing to be copied: that is for the user to look at.
    if (asFailure(error).code !== "database-corrupt" || !isDatabase(storeFile(options.profileDir))) throw error;
    const { rows, damaged } = await repair(options);
    options.log?.warn("store.repaired", { rows, damaged: damaged.join() });
    return { store: openStore(options), repaired: true };
  }
}

/** How every SQLite file begins. */
function isDatabase(file: string): boolean {
  const head = Buffer.alloc(15);
  const handle = openSync(file, "r");
  try {
    readSync(handle, head, 0, head.length, 0);
  } finally {
    closeSync(handle);
  }
  return head.toString("latin1") === "SQLite format 3";
}

function searchOf(store: Store, profileDir: string, { log }: EngineParts): Search {
  const { changes } = store;
  const search = startSearch({
    indexFile: join(profileDir, "search.db"),
    storeFile: storeFile(profileDir),
    blobDir: blobDir(profileDir),
    log,
    onIndexed: (queueIds) => dropFromQueue(store, queueIds),
    compare: store.unclean,
    onFresh: () => requeueAll(store),
    onMissing: (messageIds) => queueMessages(store, messageIds),
    onProgress: (progress) => changes.tell(event("search.progressed", progress)),
  });
  // Headers without bodies, messages that went: whatever else is queued.
  changes.subscribe(({ event: name }) => {
    if (name === "folders.changed") search.poke();
  });
  return search;
}

/** null = could not look. */
async function found(look: Promise<boolean> | undefined): Promise<boolean | null> {
  try {
    return (await look) ?? null;
  } catch (error) {
    if (asFailure(error).kind === "bug") throw error;
    return null;
  }
}

/** Mail exchangers of a domain; an empty answer when there are none, or none in time. */
async function resolveMx(domain: string): Promise<readonly string[]> {
  const resolver = new Resolver({ timeout: MX_DEADLINE_MS, tries: 1 });
  try {
    return (await resolver.resolveMx(domain)).sort((a, b) => a.priority - b.priority).map(({ exchange }) => exchange);
  } catch {
    return [];
  }
}
