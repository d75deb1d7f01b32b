import { rowsOf } from "../store/views.ts";
import type { Parts } from "./parts.ts";
import type { Handlers } from "./serve.ts";

export function tellHandlers({ store, host }: Parts): Pick<Handlers, "tell.read" | "tell.show" | "tell.badge"> {
  return {
    "tell.read": ({ placementIds }) => ({ messages: rowsOf(store, placementIds) }),
    "tell.show": async ({ title, body }) => {
      if (host.tell === null) return { shown: false, clicked: false };
      return { shown: true, clicked: await host.tell(title, body) };
    },
    "tell.badge": async ({ count }) => {
      await host.badge?.(count);
      return {};
    },
  };
}
