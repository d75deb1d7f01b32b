import type { Parts } from "./parts.ts";
import { isRisky, wantingAll } from "./reading.ts";
import type { Handlers } from "./serve.ts";

type Names = Extract<keyof Handlers, `unsubscribe.${string}`>;

export function unsubscribeHandlers(parts: Parts): Pick<Handlers, Names> {
  const { unsubscribing } = parts;
  return {
    "unsubscribe.look": async ({ placementId }) => ({
      ...(await wantingAll(parts, placementId, () => unsubscribing.look(placementId))),
      risky: await isRisky(parts, placementId),
    }),
    "unsubscribe.ask": async ({ placementId, way }) => {
      await wantingAll(parts, placementId, () => unsubscribing.ask(placementId, way));
      return {};
    },
  };
}
