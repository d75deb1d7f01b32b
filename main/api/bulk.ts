import { readBulkRows } from "../store/bulk.ts";
import { previewUrl } from "./draft-assets.ts";
import type { Parts } from "./parts.ts";
import type { Handlers } from "./serve.ts";

type Names = Extract<keyof Handlers, `bulk.${string}`>;

export function bulkHandlers({ outbox, composing, assets, store, likelyCharsets }: Parts): Pick<Handlers, Names> {
  const { bulks } = outbox;
  return {
    "bulk.begin": async ({ draftId, source }) => ({ bulkId: await bulks.preparing.begin(draftId, source, likelyCharsets()) }),
    "bulk.read": ({ bulkId }) => bulks.read(bulkId),
    "bulk.change": ({ bulkId, ...change }) => {
      bulks.preparing.change(bulkId, change);
      return {};
    },
    "bulk.preview": ({ bulkId, position }) => {
      const { draft, to } = bulks.preparing.preview(bulkId, position);
      return { to, subject: draft.content.subject, url: previewUrl(assets, composing, draft, `${bulkId}:${position}`) };
    },
    "bulk.test": async ({ bulkId, position }) => {
      const outboxId = await bulks.preparing.test(bulkId, position);
      outbox.taken(outboxId);
      return { outboxId };
    },
    "bulk.start": async ({ bulkId, revision }) => {
      await bulks.start(bulkId, revision);
      store.changes.composeChanged();
      return {};
    },
    "bulk.pause": ({ bulkId, paused }) => {
      bulks.pause(bulkId, paused);
      return {};
    },
    "bulk.now": ({ bulkId }) => {
      bulks.now(bulkId);
      return {};
    },
    "bulk.cancel": async ({ bulkId }) => {
      await bulks.cancel(bulkId);
      return {};
    },
    "bulk.rows": ({ bulkId, states, after, limit }) => ({ rows: readBulkRows(store.db, bulkId, states, after, limit) }),
    "bulk.retry": async ({ bulkId, position }) => {
      await bulks.retry(bulkId, position);
      return {};
    },
    "bulk.resolve": async ({ bulkId, position, decision }) => {
      await bulks.resolve(bulkId, position, decision);
      return {};
    },
    "bulk.duplicate": ({ bulkId }) => ({ draftId: bulks.duplicate(bulkId) }),
    "bulk.discard": ({ bulkId }) => {
      bulks.discard(bulkId);
      return {};
    },
  };
}
