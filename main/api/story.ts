import { forgetVanished, netPage, putBack } from "../store/safety-net.ts";
import { storyOf } from "../store/story.ts";
import type { Parts } from "./parts.ts";
import type { Handlers } from "./serve.ts";

type Names = "story.read" | Extract<keyof Handlers, `safety.${string}`>;

export function storyHandlers({ store, accounts }: Parts): Pick<Handlers, Names> {
  return {
    "story.read": ({ placementId }) => ({ events: storyOf(store.db, placementId) }),
    "safety.page": (input) => netPage(store, input),
    "safety.putBack": ({ ids }) => {
      const count = putBack(store, ids);
      accounts.operationsAsked();
      return { count };
    },
    "safety.forget": ({ ids }) => ({ count: forgetVanished(store, ids) }),
  };
}
