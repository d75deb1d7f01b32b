import type { Parts } from "./parts.ts";
import { partAnswer } from "./reading.ts";
import type { Handlers } from "./serve.ts";

type Names =
  | "outbox.list"
  | "outbox.retry"
  | "outbox.withoutTls"
  | "outbox.offers"
  | "outbox.edit"
  | "outbox.cancel"
  | "outbox.resolve"
  | "outbox.file"
  | "outbox.pause"
  | "outbox.dismiss"
  | "outbox.timeline"
  | "outbox.source"
  | "outbox.duplicate";

export function outboxHandlers({ outbox, assets, store }: Parts): Pick<Handlers, Names> {
  /** What leaves the outbox to be written on is a draft from now on. */
  const toDraft = <T>(draftId: T): { draftId: T } => {
    store.changes.composeChanged();
    return { draftId };
  };
  return {
    "outbox.list": () => outbox.list(),
    "outbox.retry": async ({ outboxId }) => {
      await outbox.retry(outboxId);
      return {};
    },
    "outbox.withoutTls": async ({ outboxId }) => {
      await outbox.withoutTls(outboxId);
      return {};
    },
    "outbox.offers": ({ accountId }) => ({ offers: outbox.offers(accountId) }),
    "outbox.edit": async ({ outboxId }) => toDraft(await outbox.edit(outboxId)),
    "outbox.cancel": async ({ outboxId }) => toDraft(await outbox.cancel(outboxId)),
    "outbox.resolve": async ({ outboxId, decision }) => {
      await outbox.resolve(outboxId, decision);
      return {};
    },
    "outbox.file": async ({ outboxId, how }) => {
      await outbox.file(outboxId, how);
      return {};
    },
    "outbox.timeline": ({ outboxId }) => outbox.timeline(outboxId),
    "outbox.source": ({ outboxId }) => {
      const read = async () => partAnswer({ name: "message.eml", type: "message/rfc822", bytes: await outbox.source(outboxId) }, true);
      return { url: `${assets.grant(`outbox:${outboxId}`, read)}message.eml` };
    },
    "outbox.duplicate": ({ outboxId }) => toDraft(outbox.duplicate(outboxId)),
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
