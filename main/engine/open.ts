import { randomBytes, randomUUID } from "node:crypto";
import { Resolver } from "node:dns/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { Failure } from "../../shared/failure.ts";
import type { Flag } from "../../shared/flags.ts";
import type { AccountId, PlacementId } from "../../shared/ids.ts";
import { lookUp } from "../accounts/lookup.ts";
import { Vault } from "../accounts/vault.ts";
import { Assets, nothingThere } from "../api/assets.ts";
import { draftAssets } from "../api/draft-assets.ts";
import { handlersOf } from "../api/handlers.ts";
import { LastReadings } from "../api/last-readings.ts";
import { guardRequest } from "../api/lock.ts";
import { Notices } from "../api/notices.ts";
import { tellOnce } from "../api/one-click.ts";
import { event, serve } from "../api/serve.ts";
import { Unsubscribing } from "../api/unsubscribing.ts";
import { likelyCharsets } from "../mime/charset-hints.ts";
import { type Composing, startComposing } from "../outbox/composing.ts";
import { DraftWorker } from "../outbox/draft-worker.ts";
import { Invitations } from "../outbox/invitations.ts";
import { Receipts } from "../outbox/receipts.ts";
import type { Via } from "../plan/proxy.ts";
import { finishRemovals, readAccount } from "../store/accounts.ts";
import { act } from "../store/acts.ts";
import { senderHistory } from "../store/charset-history.ts";
import { openOrRescue } from "../store/open-or-rescue.ts";
import { picturesAllowed } from "../store/pictures.ts";
import { readPlacement } from "../store/placements.ts";
import { senderCharsets } from "../store/read-as.ts";
import { readSettings, readSwitch, touchStore, writeSwitch } from "../store/settings.ts";
import { startAccount } from "../sync/account.ts";
import { startParsePool } from "../sync/parse-pool.ts";
import { SenderChecks } from "../sync/sender-checks.ts";
import { systemTimers } from "../sync/timers.ts";
import { Arrivals } from "./arrivals.ts";
import { careOf } from "./care.ts";
import { directoryOf } from "./directory-of.ts";
import type { Engine } from "./engine.ts";
import { HealthOf } from "./health-of.ts";
import { hostServices, reopenDemo } from "./host-services.ts";
import { languageOf } from "./language.ts";
import { mailDomains } from "./mail-domains.ts";
import { Managed } from "./managed.ts";
import { outboxOf } from "./outbox-of.ts";
import { OutgoingServers } from "./outgoing-servers.ts";
import { accountOfSecret, ProxyWays } from "./proxy-ways.ts";
import { tellRefusals, tellStart } from "./refusals.ts";
import type { EngineParts } from "./run-thread.ts";
import { Accounts } from "./running-accounts.ts";
import { searchOf } from "./search-of.ts";
import { settingsFinders } from "./settings-finders.ts";
import { signIns } from "./sign-ins.ts";
import { startLock } from "./start-lock.ts";
import { startSignIns } from "./start-sign-ins.ts";
import { StorageWatch } from "./storage-watch.ts";
import { txtResolver } from "./txt-resolver.ts";

const TXT_DEADLINE_MS = 4000;
/** The composition root: opens the store, starts what works on it, and answers windows. The only place that knows all of the parts. */
export async function openEngine(parts: EngineParts): Promise<Engine> {
  const { profileDir, platform, log } = parts;
  const { clock, timers } = parts.time ?? { clock: Date.now, timers: systemTimers };
  const random = Math.random;
  const { store, ...found } = await openOrRescue({ profileDir, clock, log });
  const { changes } = store;
  const notices = new Notices(clock, (id) => changes.tell(event("health.noticed", { id })));
  const likely = likelyCharsets([platform.language]);
  const arrivalHints = () => ({ likely, senders: senderCharsets(store.db) });
  const pool = startParsePool({
    size: Math.min(4, Math.max(1, availableParallelism() - 1)),
    blobDir: store.blobs.dir,
    log,
    arrivalHints,
    senderHistory: (address) => senderHistory(store.db, address),
  });
  const workOffline = { read: () => readSwitch(store, "work-offline"), write: (on: boolean) => writeSwitch(store, "work-offline", on) };
  const dns = new Resolver({ timeout: TXT_DEADLINE_MS, tries: 1 });
  const resolveTxt = txtResolver(dns, clock);
  const senderChecks = new SenderChecks({
    store,
    pool,
    log,
    timers,
    resolveTxt,
    mayAsk: () => !workOffline.read(),
  });
  changes.subscribe(({ event: name }) => {
    if (name === "mail.updated") senderChecks.arrived();
  });
  const drawn = parts.firstWindow?.drawn ?? Promise.resolve();
  const search = searchOf(store, profileDir, parts, likely, (failure) => storage.noted(failure));
  const vault = new Vault(join(profileDir, "vault.json"), platform.secrets);
  const managed = new Managed(platform.policy);
  managed.apply(store);
  const ways = new ProxyWays(vault, platform.systemProxy, managed);
  const asksList = (): boolean => readSettings(store).askProviderList;

  const wayOf = (id: AccountId | undefined): Via | undefined => {
    const settings = id && readAccount(store, id)?.settings;
    return settings && ways.of(id, settings);
  };
  // Of an account with a proxy of its own this network's name servers are not to hear whom it writes to.
  const takesMail = mailDomains(
    dns,
    clock,
    (account) => readSettings(store).askRecipientDomains && !workOffline.read() && wayOf(account) === undefined,
  );
  const findersFor = (account: AccountId | undefined) => {
    const own = wayOf(account);
    const via = own ?? ways.tried({}, null, undefined) ?? platform.systemProxy;
    return settingsFinders({ profileDir, via, asksNames: own === undefined, clock, random, asksList });
  };
  const { tokens, browserSignIns } = startSignIns({
    vault,
    platform,
    managed,
    via: (key) => wayOf(accountOfSecret(store, key)),
    log,
    clock,
    onChange: (signInId) => changes.tell(event("signIn.changed", { signInId, revision: clock() })),
    language: () => languageOf(store, platform.language),
  });

  const health = new HealthOf({
    store,
    profileDir,
    platform,
    log,
    timers,
    accounts: () => accounts,
    outbox: () => outbox,
    workOffline: workOffline.read,
    notice: (code, params) => notices.add(code, params),
    recentLog: parts.recentLog,
    drawn,
  });
  const outboxMended = (id: AccountId): void =>
    void outbox.accountMended(id).catch((error: unknown) => log.error("outbox.not-mended", error));
  const accounts: Accounts = new Accounts({
    store,
    vault,
    tokens,
    log,
    signIns: signIns(platform.version),
    ways,
    offline: workOffline.read,
    start: (id) => startOne(id),
    onHealth: () => changes.healthChanged(),
    onTest: (testId) => changes.tell(event("accounts.tested", { testId, revision: clock() })),
    onAccount: outboxMended,
    onGone: (id, frozen) => outbox.accountGone(id, frozen),
  });
  const outgoing = new OutgoingServers({
    store,
    vault,
    ways,
    tokens,
    startTest: (servers, credential) => accounts.startTest(servers, credential),
    onAccount: outboxMended,
  });
  const storage = new StorageWatch({
    profileDir,
    log,
    timers,
    touch: () => touchStore(store),
    onChange(trouble) {
      accounts.setStorage(trouble);
      if (trouble === null) {
        search.poke();
        outbox.wake();
      }
      changes.healthChanged();
    },
  });
  store.db.onRefusal((failure) => storage.noted(failure));
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
      arrivalHints,
      version: platform.version,
      // Every connection begins with it, so none is made before the first list is shown.
      credential: (refused) => drawn.then(() => tokens.current(id, refused)),
      via: ways.of(id, account.settings),
      onHealth({ failure }) {
        if (failure !== null) storage.noted(Failure.from(failure));
        changes.healthChanged();
      },
      onIndexText: (texts) => search.offer(texts),
      onNews: health.news(id),
    });
  };

  const assets = new Assets(randomBytes);
  const worker = new DraftWorker(log);
  const composing: Composing = await startComposing({
    store,
    profileDir,
    log,
    clock,
    worker,
    onChange: () => changes.composeChanged(),
    ...draftAssets(assets, () => composing),
  });
  const mark = (placementId: PlacementId, flag: Flag): void => {
    act(store, { kind: "placements", ids: [placementId] }, { kind: "flag", flag, on: true });
    accounts.operationsAsked();
  };
  const outbox = await outboxOf({
    store,
    profileDir,
    log,
    worker,
    clock,
    random,
    timers,
    tokens,
    accounts,
    notices,
    viaFor: wayOf,
    isOnline: () => !workOffline.read(),
    mark,
  });

  const receipts = new Receipts({ store, profileDir, outbox, worker, markAnswered: (id) => mark(id, "receipted") });
  const unsubscribing = new Unsubscribing({
    store,
    profileDir,
    pool,
    worker,
    outbox,
    timers,
    log,
    resolveTxt,
    tell: tellOnce,
    viaFor: wayOf,
    mayAsk: () => !workOffline.read(),
    random,
  });
  const undoSeconds = () => readSettings(store).undoSendSeconds;
  const invitations = new Invitations({ store, profileDir, outbox, worker, undoSeconds });
  tellRefusals(store, notices);
  const { verification, strays } = careOf({
    store,
    profileDir,
    pool,
    log,
    clock,
    timers,
    likelyCharsets: likely,
    systemLanguage: platform.language,
    notices,
    onMended() {
      accounts.downloadsAsked();
      search.poke();
    },
  });
  const host = hostServices(
    platform,
    store,
    () => accounts,
    () => health.report(),
  );
  const shownOnce = new Set<PlacementId>();
  const lock = startLock({
    profileDir,
    platform,
    clock,
    timers,
    language: () => languageOf(store, platform.language),
    onChange: () => changes.tell(event("lock.changed", { revision: clock() })),
  });
  const arrivals = new Arrivals({
    store,
    timers,
    now: () => performance.now(),
    quiet: () => new Set(readSettings(store).quietAccounts),
    locked: () => lock.locked,
    tell: (arrived) => changes.tell(event("tell.arrived", arrived)),
  });
  changes.onArrived(arrivals.arrived);
  const handlers = handlersOf({
    lock,
    store,
    accounts,
    outgoing,
    directory: directoryOf({ store, vault, managed, ways, mayAsk: () => !workOffline.read(), clock, log }),
    signIns: browserSignIns,
    outbox,
    composing,
    receipts,
    invitations,
    search,
    pool,
    senderChecks,
    unsubscribing,
    assets,
    readings: new LastReadings(),
    notices,
    verification,
    workOffline,
    likelyCharsets: () => likely,
    clock,
    log,
    host,
    health: health.get,
    pictures: {
      allowed: (id) => shownOnce.has(id) || picturesAllowed(store, id),
      allowOnce: (id) => void shownOnce.add(id),
      via: (id) => wayOf(readPlacement(store.db, id)?.accountId),
    },
    storageTrouble: () => storage.trouble,
    lookUp: (address, account) => lookUp(address, workOffline.read() ? null : findersFor(account), managed),
    takesMail,
    managed,
    wayTried: (settings, password, account) => ways.tried(settings, password, account),
    engineRun: randomUUID(),
  });
  tellStart(notices, parts.restarts, found);
  // An account that was being removed when the program ended.
  finishRemovals(store, (id, frozen) => outbox.accountGone(id, frozen)).catch((error: unknown) =>
    log.error("accounts.removal-not-finished", error),
  );
  accounts.startAll();
  unsubscribing.wake();
  void strays.look();
  const unwatch = platform.watch?.((signal) => {
    log.info("host.signal", { kind: signal.kind });
    if (signal.kind === "conditions") return accounts.setConditions(signal);
    if (signal.kind === "woke") health.woke();
    lock.look();
    accounts.wakeAll();
    outbox.wake();
    unsubscribing.wake();
  });
  void storage.begin();
  void drawn.then(() => reopenDemo(store, host, log));
  log.info("engine.opened");
  return {
    serve: (port) =>
      serve(
        port,
        handlers,
        (listener) => changes.subscribe(listener),
        log,
        (failure) => storage.noted(failure),
        (method) => guardRequest(lock, method),
        health.watch,
      ),
    readAsset: (path, options) => (lock.locked ? Promise.resolve(nothingThere()) : assets.read(path, options)),
    async close() {
      unwatch?.();
      lock.stop();
      storage.close();
      arrivals.stop();
      senderChecks.stop();
      unsubscribing.stop();
      browserSignIns.close();
      dns.cancel();
      await Promise.all([health.close(), outbox.beforeEnd()]);
      await Promise.all([accounts.stopAll(), outbox.stop(), composing.stop(), strays.close()]);
      await Promise.all([worker.stop(), search.close(), pool.close()]);
      store.close();
    },
  };
}
