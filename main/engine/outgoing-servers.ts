import type { Credential, Fallback, ServerSettings } from "../../shared/contract/accounts.ts";
import { Failure } from "../../shared/failure.ts";
import type { AccountId, OutgoingServerId } from "../../shared/ids.ts";
import type { TestedServers } from "../accounts/connection-test.ts";
import type { Tokens } from "../accounts/tokens.ts";
import { outgoingSecret, type Vault } from "../accounts/vault.ts";
import type { OutgoingChanges } from "../api/parts.ts";
import { readAccount } from "../store/accounts.ts";
import type { Store } from "../store/open.ts";
import {
  insertOutgoing,
  orderOutgoing,
  readOneOutgoing,
  readOutgoing,
  removeOutgoing,
  updateOutgoing,
  writeFallback,
} from "../store/outgoing-servers.ts";
import type { ProxyWays } from "./proxy-ways.ts";

type Needs = {
  readonly store: Store;
  readonly vault: Vault;
  readonly ways: ProxyWays;
  readonly tokens: Tokens;
  readonly startTest: (servers: TestedServers, credential: Credential) => string;
  /** What waits in its outbox may go another way now. */
  readonly onAccount: (account: AccountId) => void;
};

/** The further outgoing servers of accounts: rows in the store, secrets in the vault, both or neither. */
export class OutgoingServers implements OutgoingChanges {
  readonly #needs: Needs;

  constructor(needs: Needs) {
    this.#needs = needs;
  }

  async save(
    account: AccountId,
    id: OutgoingServerId | null,
    settings: ServerSettings,
    credential: Credential | null,
  ): Promise<OutgoingServerId> {
    const { store, vault } = this.#needs;
    this.#refuseTwice(account, id, settings);
    if (id === null) {
      if (credential === null) throw new Failure("no-credential");
      const added = insertOutgoing(store, account, settings);
      try {
        await vault.write(outgoingSecret(added), credential);
      } catch (error) {
        removeOutgoing(store, added);
        throw error;
      }
      this.#needs.onAccount(account);
      return added;
    }
    if (readOneOutgoing(store, id).accountId !== account) throw new Failure("account-gone");
    if (credential !== null) await vault.write(outgoingSecret(id), credential);
    updateOutgoing(store, id, settings);
    this.#needs.onAccount(account);
    return id;
  }

  /** The secret goes first: what is cut off leaves a server that asks for its password, and never a password of no server. */
  async remove(id: OutgoingServerId): Promise<void> {
    const { store, vault } = this.#needs;
    const { accountId } = readOneOutgoing(store, id);
    await vault.remove(outgoingSecret(id));
    removeOutgoing(store, id);
    this.#needs.onAccount(accountId);
  }

  order(account: AccountId, ids: readonly OutgoingServerId[]): void {
    orderOutgoing(this.#needs.store, account, ids);
  }

  setFallback(account: AccountId, fallback: Fallback): void {
    writeFallback(this.#needs.store, account, fallback);
    this.#needs.onAccount(account);
  }

  async test(account: AccountId, id: OutgoingServerId | null, settings: ServerSettings, credential: Credential | null): Promise<string> {
    const secret = credential ?? (id && (await this.#needs.tokens.current(outgoingSecret(id))));
    if (secret === null) throw new Failure("no-credential");
    const own = readAccount(this.#needs.store, account)?.settings;
    if (own === undefined) throw new Failure("account-gone");
    const via = this.#needs.ways.of(account, own);
    return this.#needs.startTest({ protocol: null, incoming: null, outgoing: settings, via }, secret);
  }

  /** A server that is there already could not stand in for itself. */
  #refuseTwice(account: AccountId, id: OutgoingServerId | null, { host, port }: ServerSettings): void {
    const { store } = this.#needs;
    const own = readAccount(store, account)?.settings.outgoing;
    if (own === undefined) throw new Failure("account-gone");
    const others = readOutgoing(store, account).flatMap((one) => (one.id === id ? [] : [one.settings]));
    if ([own, ...others].some((one) => one.host.toLowerCase() === host.toLowerCase() && one.port === port))
      throw new Failure("server-exists", { params: { host, port } });
  }
}
