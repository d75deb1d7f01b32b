import { randomUUID } from "node:crypto";
import { domainOf } from "../../shared/address.ts";
import type { AccountSettings, Credential, TestState } from "../../shared/contract/accounts.ts";
import type { AccountHealth } from "../../shared/contract/health.ts";
import { Failure } from "../../shared/failure.ts";
import type { AccountId, FolderId } from "../../shared/ids.ts";
import { ConnectionTest, type SignIns, type TestedServers } from "../accounts/connection-test.ts";
import { providerOfDomain, providerOfHost } from "../accounts/presets.ts";
import type { Tokens } from "../accounts/tokens.ts";
import { outgoingSecret, proxySecret, type Vault } from "../accounts/vault.ts";
import type { RunningAccounts } from "../api/parts.ts";
import type { Log } from "../log.ts";
import { insertAccount, readAccount, readAccounts, removeAccount, updateAccount } from "../store/accounts.ts";
import { readFolder, shownSize } from "../store/folders.ts";
import type { Store } from "../store/open.ts";
import { readOutgoing, removeOutgoing } from "../store/outgoing-servers.ts";
import type { RunningAccount } from "../sync/running-account.ts";
import type { ProxyWays } from "./proxy-ways.ts";

export type AccountsNeeds = {
  readonly store: Store;
  readonly vault: Vault;
  readonly tokens: Tokens;
  readonly log: Log;
  readonly signIns: SignIns;
  readonly ways: ProxyWays;
  /** Starts syncing one account of the store. */
  readonly start: (account: AccountId) => RunningAccount;
  readonly onHealth: () => void;
  readonly onTest: (testId: string) => void;
  /** Its outbox may have to be tried again, or has nothing to do any more. */
  readonly onAccount: (account: AccountId) => void;
  /** An account was removed; `frozen`: what it had in the outbox. */
  readonly onGone: (account: AccountId, frozen: readonly string[]) => Promise<void>;
  readonly offline: () => boolean;
};

type Conditions = { readonly onBattery: boolean | null; readonly metered: boolean | null };

const TESTS_KEPT = 20;
/** Speeds are averages over at least this long. */
const SAMPLE_MS = 1000;

/** Keeps one running account for every account of the store, and the connection tests of the wizard. */
export class Accounts implements RunningAccounts {
  readonly #needs: AccountsNeeds;
  readonly #running = new Map<AccountId, RunningAccount>();
  #sample: { at: number; bytesToGo: number; speed: number } | null = null;
  readonly #tests = new Map<string, ConnectionTest>();
  #storage: Failure | null = null;
  #conditions = { onBattery: false, metered: false };

  constructor(needs: AccountsNeeds) {
    this.#needs = needs;
  }

  startAll(): void {
    for (const { id, paused } of readAccounts(this.#needs.store)) this.#start(id, paused);
  }

  async stopAll(): Promise<void> {
    await Promise.all([...this.#running.values()].map((account) => account.stop()));
    this.#running.clear();
  }

  get(account: AccountId): RunningAccount | undefined {
    return this.#running.get(account);
  }

  health(): AccountHealth[] {
    return [...this.#running.values()].map((account) => account.health());
  }

  bytesPerSecond(): number {
    const bytesToGo = this.health().reduce((sum, account) => sum + account.bytesToGo, 0);
    const at = this.#needs.store.clock();
    const before = this.#sample;
    if (before === null || at - before.at >= SAMPLE_MS) {
      const came = before === null ? 0 : Math.max(0, before.bytesToGo - bytesToGo);
      const speed = before === null || at - before.at > 10 * SAMPLE_MS ? 0 : Math.round((came * 1000) / (at - before.at));
      this.#sample = { at, bytesToGo, speed };
    }
    return this.#sample?.speed ?? 0;
  }

  async add(input: Parameters<RunningAccounts["add"]>[0], knownProvider?: string): Promise<AccountId> {
    const { store, vault } = this.#needs;
    const { address, accountName, personName, settings, credential, proxyPassword } = input;
    const taken = readAccounts(store).some(
      (one) => one.address.toLowerCase() === address.toLowerCase() && one.settings.incoming.host === settings.incoming.host,
    );
    if (taken) throw new Failure("account-exists", { params: { address } });
    const provider = knownProvider ?? (providerOfDomain(domainOf(address)) ?? providerOfHost(settings.incoming.host))?.key ?? null;
    const id = insertAccount(store, { name: accountName || address, address, personName, settings, provider });
    try {
      await vault.write(id, credential);
      await this.#keepProxyPassword(id, proxyPassword);
    } catch (error) {
      // Without its secret the account could only ask for it again; better that nothing was added.
      await vault.remove(id);
      await removeAccount(store, id);
      throw error;
    }
    this.#start(id, false);
    this.#needs.onAccount(id);
    return id;
  }

  async update(account: AccountId, { proxyPassword, ...patch }: Parameters<RunningAccounts["update"]>[1]): Promise<void> {
    const { store } = this.#needs;
    this.#require(account);
    await this.#keepProxyPassword(account, proxyPassword);
    updateAccount(store, account, patch);
    if (patch.settings !== undefined || proxyPassword !== undefined) await this.#restart(account);
    else if (patch.paused !== undefined) this.#running.get(account)?.setPaused(patch.paused);
    this.#needs.onAccount(account);
  }

  async setCredential(account: AccountId, credential: Credential): Promise<void> {
    this.#require(account);
    await this.#needs.vault.write(account, credential);
    await this.#restart(account);
    this.#needs.onAccount(account);
  }

  async remove(account: AccountId): Promise<void> {
    this.#require(account);
    await this.#running.get(account)?.stop();
    this.#running.delete(account);
    const { store, vault, tokens } = this.#needs;
    if (!this.#needs.offline()) await tokens.takeBack(account);
    // The secrets first: what is cut off after that leaves none of an account that is gone.
    for (const { id } of readOutgoing(store, account)) {
      await vault.remove(outgoingSecret(id));
      removeOutgoing(store, id);
    }
    await vault.remove(proxySecret(account));
    await vault.remove(account);
    const frozen = await removeAccount(store, account);
    await this.#needs.onGone(account, frozen);
    this.#needs.onHealth();
  }

  startTest(servers: TestedServers, credential: Credential): string {
    const id = randomUUID();
    const test = new ConnectionTest(servers, credential, this.#needs.signIns, () => this.#needs.onTest(id));
    this.#tests.set(id, test);
    for (const old of [...this.#tests.keys()].slice(0, -TESTS_KEPT)) this.#tests.delete(old);
    test.run().catch((error: unknown) => this.#needs.log.error("connection-test-broke", error));
    return id;
  }

  async startRetest(account: AccountId): Promise<string> {
    const { settings, address } = this.#require(account);
    const via = this.#needs.ways.of(account, settings);
    return this.startTest({ ...settings, via, address, full: true }, await this.#needs.tokens.current(account));
  }

  testState(testId: string): TestState {
    const test = this.#tests.get(testId);
    if (test === undefined) throw new Failure("account-gone");
    return test.state();
  }

  operationsAsked(): void {
    for (const account of this.#running.values()) account.operationsAsked();
  }

  downloadsAsked(): void {
    for (const account of this.#running.values()) account.downloadsAsked();
  }

  secondsFor(account: AccountId, bytes: number): number | null {
    return this.#running.get(account)?.secondsFor(bytes) ?? null;
  }

  policyChanged(): void {
    for (const account of this.#running.values()) account.policyChanged();
  }

  setOffline(on: boolean): void {
    for (const account of this.#running.values()) account.setOffline(on);
  }

  /** The disk refuses what is written; null: it takes again. */
  setStorage(trouble: Failure | null): void {
    this.#storage = trouble;
    for (const account of this.#running.values()) account.setStorage(trouble);
  }

  /** On battery mail is looked for less often, over a metered line only what is opened comes. Null = not known, as if it were not. */
  setConditions({ onBattery, metered }: Conditions): void {
    this.#conditions = { onBattery: onBattery === true, metered: metered === true };
    for (const account of this.#running.values()) account.setConditions(this.#conditions);
    this.#needs.onHealth();
  }

  /** The network has changed, or the vault was opened. */
  wakeAll(): void {
    for (const account of this.#running.values()) account.wake();
  }

  syncNow(): void {
    for (const account of this.#running.values()) {
      account.wake();
      // What comes of it is the account's health; nobody waits for it here.
      account.syncNow().catch((error: unknown) => this.#needs.log.debug("sync-now-ended", { error: String(error) }));
    }
  }

  async emptyPreview(folder: FolderId): Promise<{ messages: number; bytes: number; others: number }> {
    const account = readFolder(this.#needs.store, folder)?.accountId;
    const running = account === undefined ? undefined : this.#running.get(account);
    if (running === undefined) throw new Failure("folder-gone");
    const { others } = await running.emptyPreview(folder);
    return { ...shownSize(this.#needs.store, folder), others };
  }

  /** For servers that cannot remove single messages; those that can have nothing left to do. */
  finishEmptying(folder: FolderId): void {
    const account = readFolder(this.#needs.store, folder)?.accountId;
    const running = account === undefined ? undefined : this.#running.get(account);
    running?.finishEmptying(folder).catch((error: unknown) => this.#needs.log.warn("empty-trash.not-finished", { error: String(error) }));
  }

  #require(account: AccountId): { settings: AccountSettings; address: string } {
    const found = readAccount(this.#needs.store, account);
    if (found === undefined) throw new Failure("account-gone");
    return found;
  }

  async #keepProxyPassword(account: AccountId, password: string | null | undefined): Promise<void> {
    const { vault } = this.#needs;
    if (password === null) await vault.remove(proxySecret(account));
    else if (password !== undefined) await vault.write(proxySecret(account), { kind: "password", password });
  }

  #start(account: AccountId, paused: boolean): void {
    const running = this.#needs.start(account);
    if (paused) running.setPaused(true);
    if (this.#needs.offline()) running.setOffline(true);
    if (this.#storage !== null) running.setStorage(this.#storage);
    running.setConditions(this.#conditions);
    this.#running.set(account, running);
    this.#needs.onHealth();
  }

  async #restart(account: AccountId): Promise<void> {
    await this.#running.get(account)?.stop();
    this.#start(account, readAccount(this.#needs.store, account)?.paused ?? false);
  }
}
