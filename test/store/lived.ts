import { beginAttempt, beginFinishing } from "../../main/plan/sending.ts";
import { act } from "../../main/store/acts.ts";
import { insertDraft } from "../../main/store/drafts.ts";
import { ingestHeaders } from "../../main/store/ingest-headers.ts";
import { insertOutboxItem, moveOutboxItem, readOutboxItem } from "../../main/store/outbox.ts";
import { writeSettings } from "../../main/store/settings.ts";
import type { DraftId, OutboxId } from "../../shared/ids.ts";
import { bodyOf, header, newMailbox, type Profile } from "./mailbox.ts";

/** Messages, and how many of them the user has moved while offline. */
export const MESSAGES = 300;
export const ACTS = 5;

export type Precious = { account: number; drafts: DraftId[]; queued: OutboxId; finishing: OutboxId; accepted: OutboxId };

/** An account with some mail, drafts, and messages of the outbox on their way. The store is closed then. */
export function lived(profile: Profile): Precious {
  const precious = liveIn(profile);
  profile.store.close();
  return precious;
}

/** As `lived`; the store is still open, and the newest of it in its log. */
export function liveIn(profile: Profile): Precious {
  const { store } = profile;
  const { account, folders } = newMailbox(store);
  const rows = Array.from({ length: MESSAGES }, (_, index) => header({ uid: index + 1, subject: `Subject ${index} ${"x".repeat(200)}` }));
  const placed = ingestHeaders(
    store,
    folders.inbox,
    1,
    rows.map((row) => ({ ...row, body: bodyOf(row) })),
  );
  const moved = placed.slice(0, ACTS).map(({ placementId }) => placementId);
  act(store, { kind: "placements", ids: moved }, { kind: "move", folderId: folders.lists });
  writeSettings(store, { theme: "dark" });
  const origin = { placementId: placed[0]?.placementId ?? null, inReplyTo: "m1@example.test", references: [] };
  const content = (subject: string) => ({
    identityId: 1 as never,
    to: [],
    cc: [],
    bcc: [],
    subject,
    html: `<p>${"words ".repeat(2000)}</p>`,
    includeQuote: false,
  });
  const drafts = store.db.write((tx) =>
    ["one", "two", "three"].map((subject) =>
      insertDraft(tx, { accountId: account, kind: "reply", content: content(subject), origin: origin as never, quoteHash: null }, 1),
    ),
  );
  const queue = (subject: string): OutboxId =>
    store.db.write((tx) =>
      insertOutboxItem(
        tx,
        {
          accountId: account,
          draftId: null,
          fromAddress: "user1@example.test",
          subject,
          to: [{ name: "", address: "b@example.test" }],
          cc: [],
          bcc: [],
          rawHash: "00",
          sizeBytes: 1,
          messageIdHeader: `${subject}@example.test`,
          answers: { placementId: placed[0]?.placementId ?? (1 as never), flag: "answered" },
          bulkId: null,
        },
        ["b@example.test"],
        { createdAt: 100, undoUntil: 200, sendAt: null, report: null, hold: null, requireTls: false },
      ),
    );
  const [queued, finishing, accepted] = [queue("queued"), queue("finishing"), queue("accepted")];
  store.db.write((tx) => {
    for (const id of [finishing, accepted]) {
      const item = readOutboxItem(tx, id);
      if (item === undefined) throw new Error("not queued");
      const handed = beginFinishing(beginAttempt(item), [], false);
      moveOutboxItem(tx, item, handed);
      const now = readOutboxItem(tx, id);
      if (id === accepted && now !== undefined) {
        const recipients = now.recipients.map((one) => ({ ...one, state: "accepted" as const }));
        moveOutboxItem(tx, now, { ...now, state: "accepted", acceptedAt: 300, nextFilingAt: 300, recipients });
      }
    }
  });
  store.changes.outboxChanged();
  return { account, drafts, queued, finishing, accepted };
}
