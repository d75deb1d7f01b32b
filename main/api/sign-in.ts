import type { Parts } from "./parts.ts";
import type { Handlers } from "./serve.ts";

type Names = Extract<keyof Handlers, `signIn.${string}`>;

export function signInHandlers({ signIns }: Parts): Pick<Handlers, Names> {
  return {
    "signIn.provider": async ({ address, host }) => ({ provider: await signIns.providerFor(address, host) }),
    "signIn.saveClient": async (input) => ({ provider: await signIns.saveClient(input) }),
    "signIn.forgetClient": async ({ provider }) => {
      await signIns.forgetClient(provider);
      return {};
    },
    "signIn.begin": async ({ address, provider }) => ({ signInId: await signIns.begin(address, provider) }),
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
