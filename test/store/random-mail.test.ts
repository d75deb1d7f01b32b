import fc from "fast-check";
import { expect, test } from "vitest";
import { act } from "../../main/store/acts.ts";
import { ingestBodies, noteBytesLost } from "../../main/store/ingest-bodies.ts";
import { ingestHeaders } from "../../main/store/ingest-headers.ts";
import { markAttempted, markDone, markParked, markRefused, pendingOperations, requeue } from "../../main/store/operations.ts";
import { applyServerFlags, finishReset, removeByUids, resetFolder } from "../../main/store/reconcile.ts";
import { undo } from "../../main/store/undo.ts";
import { page } from "../../main/store/views.ts";
import type { Change } from "../../shared/contract/mail.ts";
import { flagBits } from "../../shared/flags.ts";
import type { FolderId, OperationId, PlacementId, ViewKey } from "../../shared/ids.ts";
import { asExpected, contradictions, expectedRows } from "./check-store.ts";
import { bodyOf, header, newMailbox, newProfile, person, START } from "./mailbox.ts";

const flag = fc.constantFrom("seen", "flagged", "answered", "deleted", "junk" as const);
const flags = fc
  .subarray(["seen", "flagged", "deleted"] as const)
  .map((names) => names.filter((name) => name !== "deleted" || names.length === 3));
const number = fc.nat({ max: 30 });
const change: fc.Arbitrary<Change | { kind: "moveTo"; to: number }> = fc.oneof(
  fc.record({ kind: fc.constant("flag" as const), flag, on: fc.boolean() }),
  fc.constantFrom<Change>({ kind: "archive" }, { kind: "delete" }, { kind: "junk", on: true }, { kind: "junk", on: false }),
  fc.record({ kind: fc.constant("moveTo" as const), to: number }),
);

const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant("arrive" as const),
      folder: number,
      rows: fc.array(
        fc.record({
          id: number,
          answers: fc.option(number),
          more: fc.array(number, { maxLength: 2 }),
          flags,
          attachment: fc.boolean(),
          day: fc.nat({ max: 90 }),
          whole: fc.boolean(),
        }),
        { minLength: 1, maxLength: 5 },
      ),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant("body" as const), which: number, hash: fc.nat({ max: 8 }), attachment: fc.boolean() }),
  },
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant("act" as const), which: fc.array(number, { minLength: 1, maxLength: 4 }), change }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("act-conversation" as const), view: number, which: number, change }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("undo" as const), which: number }) },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("answer" as const),
      which: number,
      how: fc.constantFrom("done", "done-unnumbered", "refused", "parked", "attempted", "requeued", "listed-first"),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("gone" as const), which: fc.array(number, { minLength: 1, maxLength: 3 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("flags" as const), which: number, flags }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("lost" as const), which: number }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("reset" as const),
      folder: number,
      keep: fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }),
    }),
  },
);

test("whatever comes, is done, taken back, refused or lost: lists, counts and what is shown agree with the messages", {
  timeout: 600_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
      const profile = newProfile();
      try {
        const { store } = profile;
        const { account, folders } = newMailbox(store);
        const ids = Object.values(folders);
        const folderAt = (n: number): FolderId => ids[n % ids.length] ?? folders.inbox;
        const validity = new Map<FolderId, number>();
        let nextUid = 1;
        const groups: string[] = [];
        const all = () =>
          store.db.connection
            .prepare<
              [],
              {
                id: PlacementId;
                folderId: FolderId;
                uid: number | null;
                uidValidity: number | null;
                messageId: number;
                name: string | null;
                size: number;
                at: number;
              }
            >(
              `SELECT p.id AS id, p.folder_id AS folderId, p.uid AS uid, p.uid_validity AS uidValidity, p.message_id AS messageId,
                 m.message_id_header AS name, m.size_bytes AS size, p.received_at AS at
               FROM placement p JOIN message m ON m.id = p.message_id ORDER BY p.id`,
            )
            .all();
        const pick = (n: number) => {
          const list = all();
          return list[n % Math.max(1, list.length)];
        };
        const validityOf = (folder: FolderId): number => validity.get(folder) ?? 1;
        const run = async (taken: (typeof steps)[number]): Promise<void> => {
          switch (taken.kind) {
            case "arrive": {
              const folder = folderAt(taken.folder);
              const rows = taken.rows.map((row) => {
                const made = header({
                  uid: nextUid++,
                  id: `m${row.id}@example.test`,
                  inReplyTo: row.answers === null ? null : `m${row.answers}@example.test`,
                  references: row.more.map((one) => `m${one}@example.test`),
                  subject: row.id % 3 === 0 ? `Re: Plan ${row.id % 2}` : `Plan ${row.id % 2}`,
                  flags: row.flags,
                  at: START - row.day * 86_400_000,
                  sizeBytes: 100 + row.id,
                  hasAttachment: row.attachment,
                  from: person(row.id % 3),
                });
                const hash = `${row.id}`.padStart(64, "a");
                return row.whole ? { ...made, body: bodyOf(made, hash) } : made;
              });
              ingestHeaders(store, folder, validityOf(folder), rows);
              return;
            }
            case "body": {
              const placement = pick(taken.which);
              if (placement === undefined) return;
              const row = header({ uid: 1, id: placement.name, sizeBytes: placement.size });
              const body = bodyOf(row, `${taken.hash}`.padStart(64, "b"), { hasAttachment: taken.attachment });
              ingestBodies(store, [{ placementId: placement.id, body }]);
              return;
            }
            case "act": {
              const targets = taken.which.flatMap((n) => pick(n)?.id ?? []);
              if (targets.length === 0) return;
              const asked: Change = taken.change.kind === "moveTo" ? { kind: "move", folderId: folderAt(taken.change.to) } : taken.change;
              groups.push(act(store, { kind: "placements", ids: targets }, asked).group);
              return;
            }
            case "act-conversation": {
              const view: ViewKey = taken.view % 2 === 0 ? `folder:${folderAt(taken.view)}` : "all:inbox";
              const rows = expectedRows(store, view, true, "all");
              const row = rows[taken.which % Math.max(1, rows.length)];
              if (row === undefined) return;
              const asked: Change = taken.change.kind === "moveTo" ? { kind: "move", folderId: folderAt(taken.change.to) } : taken.change;
              groups.push(act(store, { kind: "conversations", view, ids: [row.key.id as never] }, asked).group);
              return;
            }
            case "undo": {
              const group = groups[taken.which % Math.max(1, groups.length)];
              if (group !== undefined) undo(store, group);
              return;
            }
            case "answer": {
              const waiting = pendingOperations(store, account);
              const operation = waiting[taken.which % Math.max(1, waiting.length)];
              if (operation === undefined) return;
              const { id, change: asked } = operation;
              const one: OperationId[] = [id];
              if (taken.how === "refused") markRefused(store, one, "NO");
              else if (taken.how === "parked") markParked(store, one, "ambiguous");
              else if (taken.how === "attempted") markAttempted(store, one, { uidNext: nextUid, uidValidity: 1 });
              else if (taken.how === "requeued") requeue(store, one);
              else if (asked.kind !== "move" || taken.how === "done-unnumbered") markDone(store, id, null);
              else {
                const uidValidity = validityOf(asked.toFolderId);
                const uid = nextUid++;
                if (taken.how === "listed-first") {
                  const moved = header({ uid, id: operation.messageIdHeader, sizeBytes: operation.sizeBytes });
                  ingestHeaders(store, asked.toFolderId, uidValidity, [moved]);
                }
                markDone(store, id, { uidValidity, uid });
              }
              return;
            }
            case "gone": {
              for (const n of taken.which) {
                const placement = pick(n);
                if (placement?.uid) await removeByUids(store, placement.folderId, placement.uidValidity ?? 0, [placement.uid]);
              }
              return;
            }
            case "flags": {
              const placement = pick(taken.which);
              if (!placement?.uid) return;
              const row = { uid: placement.uid, modseq: 7, flags: flagBits(taken.flags), keywords: ["$Label1"] };
              applyServerFlags(store, placement.folderId, placement.uidValidity ?? 0, [row]);
              return;
            }
            case "lost": {
              const placement = pick(taken.which);
              if (placement !== undefined) noteBytesLost(store, placement.messageId as never);
              return;
            }
            case "reset": {
              const folder = folderAt(taken.folder);
              const there = all().filter((placement) => placement.folderId === folder && placement.uid !== null);
              const now = validityOf(folder) + 1;
              validity.set(folder, now);
              await resetFolder(store, folder, now);
              const kept = there.filter((_, index) => taken.keep[index % taken.keep.length]);
              const rows = kept.map(({ name, size, at }) => header({ uid: nextUid++, id: name, sizeBytes: size, at }));
              ingestHeaders(store, folder, now, rows);
              await finishReset(store, folder);
              return;
            }
          }
        };
        for (const taken of steps) {
          await run(taken);
          expect(contradictions(store), JSON.stringify(taken)).toEqual([]);
        }
        for (const view of ["all:inbox", "all:starred", `folder:${folders.inbox}`, `folder:${folders.archive}`] as const) {
          for (const grouped of [true, false]) {
            for (const filter of ["all", "unread", "flagged", "attachments"] as const) {
              const rows = expectedRows(store, view, grouped, filter);
              const middle = rows[Math.floor(rows.length / 2)];
              const read = (from: Parameters<typeof page>[1]["from"], limit: number) => {
                const { rows: got, total, rank } = page(store, { view, grouped, filter, from, limit });
                expect(total).toBe(rows.length);
                return { got: got.map(asExpected), rank };
              };
              expect(read({ kind: "top" }, 500)).toEqual({ got: rows, rank: 0 });
              if (middle === undefined) continue;
              const at = rows.indexOf(middle);
              expect(read({ kind: "rank", rank: at }, 3)).toEqual({ got: rows.slice(at, at + 3), rank: at });
              expect(read({ kind: "older", than: middle.key }, 2).got).toEqual(rows.slice(at + 1, at + 3));
              expect(read({ kind: "newer", than: middle.key }, 2).got).toEqual(rows.slice(Math.max(0, at - 2), at));
              const around = read({ kind: "around", key: middle.key }, 4);
              expect(around).toEqual({ got: rows.slice(Math.max(0, at - 2), Math.max(0, at - 2) + 4), rank: Math.max(0, at - 2) });
            }
          }
        }
      } finally {
        profile.remove();
      }
    }),
    // The runs that a busy machine does not get to are left out; SATCHEL_RUNS asks for more.
    { numRuns: Number(process.env["SATCHEL_RUNS"] ?? 25), interruptAfterTimeLimit: 60_000 },
  );
});
