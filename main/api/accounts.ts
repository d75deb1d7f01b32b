import type { AccountSummary, Credential, GivenCredential } from "../../shared/contract/accounts.ts";
import { readAccounts, readIdentities, removeIdentity, saveIdentity } from "../store/accounts.ts";
import { readOwnLimit } from "../store/kept.ts";
import { readPolicies } from "../store/offline.ts";
import { readOutgoing } from "../store/outgoing-servers.ts";
import type { Parts } from "./parts.ts";
import type { Handlers } from "./serve.ts";

type Names = Extract<keyof Handlers, `accounts.${string}`>;

export function accountsHandlers({ store, accounts, outgoing, signIns, host, lookUp, managed, wayTried }: Parts): Pick<Handlers, Names> {
  const secret = (given: GivenCredential): Credential => signIns.credential(given);
  return {
    "accounts.list": async () => ({ accounts: summaries(store), vault: await host.vaultState(), canDemo: host.canDemo }),
    "accounts.lookup": ({ address, accountId }) => lookUp(address, accountId),
    "accounts.test": ({ settings, credential, address, proxyPassword, accountId }) => ({
      testId: accounts.startTest({ ...settings, address, via: wayTried(settings, proxyPassword, accountId) }, secret(credential)),
    }),
    "accounts.retest": async ({ accountId }) => ({ testId: await accounts.startRetest(accountId) }),
    "accounts.testState": ({ testId }) => accounts.testState(testId),
    "accounts.add": async (input) => {
      managed.checkAddress(input.address);
      return { accountId: await accounts.add({ ...input, credential: secret(input.credential) }) };
    },
    "accounts.update": async ({ accountId, ...patch }) => {
      await accounts.update(accountId, patch);
      return {};
    },
    "accounts.setCredential": async ({ accountId, credential }) => {
      await accounts.setCredential(accountId, secret(credential));
      return {};
    },
    "accounts.saveOutgoing": async ({ accountId, id, settings, credential }) => ({
      id: await outgoing.save(accountId, id, settings, credential && secret(credential)),
    }),
    "accounts.removeOutgoing": async ({ id }) => {
      await outgoing.remove(id);
      return {};
    },
    "accounts.orderOutgoing": ({ accountId, ids }) => {
      outgoing.order(accountId, ids);
      return {};
    },
    "accounts.setFallback": ({ accountId, fallback }) => {
      outgoing.setFallback(accountId, fallback);
      return {};
    },
    "accounts.testOutgoing": async ({ accountId, id, settings, credential }) => ({
      testId: await outgoing.test(accountId, id, settings, credential && secret(credential)),
    }),
    "accounts.remove": async ({ accountId }) => {
      await accounts.remove(accountId);
      return {};
    },
    "accounts.saveIdentity": (input) => ({ identityId: saveIdentity(store, input) }),
    "accounts.removeIdentity": ({ identityId }) => {
      removeIdentity(store, identityId);
      return {};
    },
    "accounts.openDemo": async () => ({ accountId: await host.openDemo() }),
    "accounts.unlockVault": ({ passphrase }) => host.unlockVault(passphrase),
    "accounts.createVault": ({ passphrase }) => host.createVault(passphrase),
  };
}

function summaries(store: Parts["store"]): AccountSummary[] {
  const identities = readIdentities(store);
  return readAccounts(store).map(({ id, name, address, settings, paused, provider, fallback }) => ({
    id,
    name,
    address,
    settings,
    paused,
    provider,
    furtherOutgoing: readOutgoing(store, id).map((one) => ({ id: one.id, settings: one.settings })),
    fallback,
    offline: readPolicies(store.db, id).account,
    keepAtMostMb: readOwnLimit(store.db, id),
    identities: identities.filter((identity) => identity.accountId === id),
  }));
}
