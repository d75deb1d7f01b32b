import { deliveryOf } from "../store/deliveries.ts";
import type { Parts } from "./parts.ts";
import type { Handlers } from "./serve.ts";

type Names = Extract<keyof Handlers, `delivery.${string}`>;

export function deliveryHandlers({ store, receipts }: Parts): Pick<Handlers, Names> {
  return {
    "delivery.read": ({ placementId }) => deliveryOf(store.db, placementId),
    "delivery.answer": async ({ placementId, answer }) => {
      await receipts.answer(placementId, answer);
      return {};
    },
  };
}
