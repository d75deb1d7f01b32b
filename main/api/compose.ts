import { completeContacts } from "../store/contacts.ts";
import type { Parts } from "./parts.ts";
import { wantingAll } from "./reading.ts";
import type { Handlers } from "./serve.ts";

type Names = Extract<keyof Handlers, `compose.${string}`>;

export function composeHandlers(parts: Parts): Pick<Handlers, Names> {
  const { composing, outbox, store } = parts;
  return {
    "compose.start": (input) =>
      "placementId" in input ? wantingAll(parts, input.placementId, () => composing.start(input)) : composing.start(input),
    "compose.open": ({ draftId }) => composing.open(draftId),
    "compose.save": ({ draftId, revision, content }) => composing.save(draftId, revision, content),
    "compose.discard": async ({ draftId }) => {
      await composing.discard(draftId);
      return {};
    },
    "compose.drafts": () => ({ drafts: composing.drafts() }),
    "compose.attachBegin": async (input) => ({ attachmentId: await composing.attachBegin(input) }),
    "compose.attachPiece": async ({ attachmentId, offset, base64 }) => ({
      receivedBytes: await composing.attachPiece(attachmentId, offset, Buffer.from(base64, "base64")),
    }),
    "compose.attachEnd": ({ attachmentId }) => composing.attachEnd(attachmentId),
    "compose.detach": async ({ attachmentId }) => {
      await composing.detach(attachmentId);
      return {};
    },
    "compose.complete": ({ text, limit }) => ({ people: completeContacts(store, text, limit) }),
    "compose.takesMail": async ({ domain, accountId }) => ({ takes: await parts.takesMail(domain, accountId) }),
    "compose.send": async ({ draftId, revision, sendAt, holdAtServer, report }, { log }) => {
      const how = { sendAt: sendAt ?? null, holdAtServer: holdAtServer ?? false, report: report ?? false };
      const queued = await outbox.send(draftId, revision, how);
      // It is no draft any more, also for a window that has heard of its last save only now.
      store.changes.composeChanged();
      log.info("outbox.queued", { item: queued.outboxId });
      return queued;
    },
  };
}
