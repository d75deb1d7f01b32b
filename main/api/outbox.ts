import type { Parts } from "./parts.ts";
import type { Handlers } from "./serve.ts";

type Names = "outbox.list" | "outbox.retry" | "outbox.edit" | "outbox.cancel" | "outbox.resolve" | "outbox.pause" | "outbox.dismiss";

export function outboxHandlers({ outbox }: Parts): Pick<Handlers, Names> {
  return {
    "outbox.list": () => outbox.list(),
    "outbox.retry": async ({ outboxId }) => {
      await outbox.retry(outboxId);
      return {};
    },
    "outbox.edit": async ({ outboxId }) => ({ draftId: await outbox.edit(outboxId) }),
    "outbox.cancel": async ({ outboxId }) => ({ draftId: await outbox.cancel(outboxId) }),
    "outbox.resolve": async ({ outboxId, decision }) => {
      await outbox.resolve(outboxId, decision);
      return {};
    },
    "outbox.pause": ({ paused }) => {
      outbox.pause(paused);
      return {};
    },
    "outbox.dismiss": async ({ outboxId }) => {
      await outbox.dismiss(outboxId);
      return {};
    },
  };
}
