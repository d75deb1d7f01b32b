import type { AccountSettings } from "../../shared/contract/accounts.ts";
import { asFailure } from "../../shared/failure.ts";
import type { AccountId, OutgoingServerId } from "../../shared/ids.ts";
import { proxySecret, type SecretKey, type Vault } from "../accounts/vault.ts";
import type { Via } from "../plan/proxy.ts";
import type { Store } from "../store/open.ts";
import { readOneOutgoing } from "../store/outgoing-servers.ts";
import type { Managed } from "./managed.ts";

type Proxied = Pick<AccountSettings, "proxy">;

/** How the lines of each account leave this computer: directly, by the system's proxy, or by one of its own, whose password lies in the vault. */
export class ProxyWays {
  readonly #vault: Vault;
  readonly #system: Via;
  readonly #managed: Pick<Managed, "onItsWay">;

  /** @param managed may set one way for all */
  constructor(vault: Vault, system: Via, managed: Pick<Managed, "onItsWay">) {
    this.#vault = vault;
    this.#system = system;
    this.#managed = managed;
  }

  /** @param account whose proxy password is in the vault */
  of(account: AccountId, settings: Proxied): Via | undefined {
    return this.#way(settings, () => this.#kept(account));
  }

  /** With a password that is kept nowhere yet; undefined = the one of `account`, if that is given. */
  tried(settings: Proxied, password: string | null | undefined, account: AccountId | undefined): Via | undefined {
    return this.#way(settings, () =>
      password === undefined && account !== undefined ? this.#kept(account) : Promise.resolve(password ?? null),
    );
  }

  #way(settings: Proxied, password: () => Promise<string | null>): Via | undefined {
    const { proxy } = this.#managed.onItsWay(settings);
    if (proxy === undefined || proxy.kind === "none") return undefined;
    if (proxy.kind === "system") return this.#system;
    const { kind, host, port, user } = proxy;
    return async () => [{ kind, host, port, user, password: user === null ? null : await password() }];
  }

  async #kept(account: AccountId): Promise<string | null> {
    try {
      const secret = await this.#vault.read(proxySecret(account));
      return secret.kind === "password" ? secret.password : null;
    } catch (error) {
      if (asFailure(error).code === "no-credential") return null;
      throw error;
    }
  }
}

/** The account that a secret belongs to, and with it its way. @throws Failure `account-gone` */
export function accountOfSecret(store: Store, key: SecretKey): AccountId {
  if (typeof key === "number") return key;
  const [kind, id] = key.split("-");
  return kind === "outgoing" ? readOneOutgoing(store, Number(id) as OutgoingServerId).accountId : (Number(id) as AccountId);
}
