import type { ProxySettings } from "../../shared/contract/accounts.ts";
import { Failure } from "../../shared/failure.ts";
import type { AccountId } from "../../shared/ids.ts";
import type { Via } from "../plan/proxy.ts";
import type { Parts } from "./parts.ts";
import type { Handlers } from "./serve.ts";

type Names = Extract<keyof Handlers, `signIn.${string}`>;

type Way = { proxy?: ProxySettings | undefined; proxyPassword?: string | null | undefined; accountId?: AccountId | undefined };

export function signInHandlers({ signIns, wayTried, managed }: Parts): Pick<Handlers, Names> {
  const via = ({ proxy, proxyPassword, accountId }: Way): Via | undefined =>
    wayTried(proxy === undefined ? {} : { proxy }, proxyPassword, accountId);
  return {
    "signIn.provider": async ({ address, host }) => ({ provider: await signIns.providerFor(address, host) }),
    "signIn.organisation": async () => ({ provider: managed.signIn === null ? null : await signIns.providerOf(managed.signIn) }),
    "signIn.saveClient": async (input) => ({ provider: await signIns.saveClient(input, via(input)) }),
    "signIn.forgetClient": async ({ provider }) => {
      await signIns.forgetClient(provider);
      return {};
    },
    "signIn.begin": async ({ address, provider, ...way }) => {
      // Without an address it has to be known whose word is taken for it.
      if (address === "" && provider !== managed.signIn) throw new Failure("bad-address", { params: { address } });
      return { signInId: await signIns.begin(address, provider, via(way)) };
    },
    "signIn.state": ({ signInId }) => signIns.state(signInId),
    "signIn.openAgain": async ({ signInId }) => {
      await signIns.openAgain(signInId);
      return {};
    },
    "signIn.accept": ({ signInId }) => {
      signIns.accept(signInId);
      return {};
    },
    "signIn.cancel": ({ signInId }) => {
      signIns.cancel(signInId);
      return {};
    },
  };
}
