import fc from "fast-check";
import { expect, test } from "vitest";
import { act } from "../../main/store/acts.ts";
import { writeFolderList } from "../../main/store/folder-list.ts";
import { readFolders } from "../../main/store/folders.ts";
import { ingestHeaders } from "../../main/store/ingest-headers.ts";
import { markDone, markRefused, pendingOperations } from "../../main/store/operations.ts";
import { applyServerFlags, finishReset, removeByUids, resetFolder } from "../../main/store/reconcile.ts";
import { undo } from "../../main/store/undo.ts";
import { page } from "../../main/store/views.ts";
import type { Change } from "../../shared/contract/mail.ts";
import { type Flag, flagBits } from "../../shared/flags.ts";
import type { FolderId, OperationId, PlacementId, ViewKey } from "../../shared/ids.ts";
import { asExpected, contradictions, expectedRows } from "./check-store.ts";
import { header, newAccount, newProfile } from "./mailbox.ts";

const FOLDERS = [
  ["INBOX", "inbox", "\\Inbox"],
  ["All", "all", "\\All"],
  ["Sent", "sent", "\\Sent"],
  ["Spam", "junk", null],
  ["Trash", "trash", null],
  ["Work", "none", "Work"],
  ["Play", "none", "Play"],
] as const;
const LABELS = ["\\Inbox", "\\Sent", "Work", "Play", "Hidden"] as const;

const number = fc.nat({ max: 30 });
const labels = fc.subarray([...LABELS]);
const flags = fc.subarray<Flag>(["seen", "flagged", "deleted"], { maxLength: 2 });
const change = fc.oneof(
  fc.constantFrom<Change>({ kind: "archive" }, { kind: "delete" }, { kind: "junk", on: true }, { kind: "junk", on: false }),
  fc.record({ kind: fc.constant("flag" as const), flag: fc.constantFrom<Flag>("seen", "flagged"), on: fc.boolean() }),
  fc.record({ kind: fc.constant("label" as const), to: fc.constantFrom("INBOX", "Work", "Play"), on: fc.boolean() }),
  fc.record({ kind: fc.constant("move" as const), to: fc.constantFrom("INBOX", "All", "Work", "Play", "Trash", "Spam") }),
);
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("arrive" as const), thread: fc.nat({ max: 4 }), labels, flags }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("told" as const), which: number, labels, flags }) },
  { weight: 8, arbitrary: fc.record({ kind: fc.constant("act" as const), which: number, change }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("answer" as const), refused: fc.boolean(), numbered: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("undo" as const), which: number }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("gone" as const), which: number }) },
  { weight: 1, arbitrary: fc.constant({ kind: "reset" as const }) },
);

test("whatever is labelled here and there, lists and counts agree with what lies in All Mail and what is still to be sent", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      const profile = newProfile();
      try {
        const { store } = profile;
        const account = newAccount(store);
        writeFolderList(
          store,
          account,
          FOLDERS.map(([path, role, label]) => ({
            path,
            role,
            label,
            delimiter: "/",
            name: path,
            parentPath: null,
            canSelect: true,
            canWrite: true,
            subscribed: true,
          })),
        );
        const ids = new Map(readFolders(store, account).map(({ path, id }) => [path, id]));
        const folder = (path: string): FolderId => ids.get(path) ?? (0 as FolderId);
        const validity = new Map<string, number>(["All", "Trash", "Spam"].map((path) => [path, 1]));
        const groups: string[] = [];
        let next = 1;
        const inAllMail = () =>
          store.db.connection
            .prepare<[number], { uid: number }>("SELECT uid FROM placement WHERE folder_id = ? AND uid IS NOT NULL ORDER BY uid")
            .all(folder("All"))
            .map(({ uid }) => uid);
        const shown = () =>
          store.db.connection
            .prepare<[], { id: PlacementId }>("SELECT id FROM placement WHERE shown_folder_id IS NOT NULL ORDER BY id")
            .all()
            .map(({ id }) => id);
        const pick = <T>(all: readonly T[], which: number): T | undefined => (all.length === 0 ? undefined : all[which % all.length]);
        for (const one of steps) {
          switch (one.kind) {
            case "arrive": {
              const uid = next++;
              const row = header({ uid, emailId: `g${uid}`, flags: one.flags, subject: `Talk ${one.thread}` });
              ingestHeaders(store, folder("All"), validity.get("All") ?? 1, [{ ...row, labels: one.labels, threadId: String(one.thread) }]);
              break;
            }
            case "told": {
              const uid = pick(inAllMail(), one.which);
              const row = { uid: uid ?? 0, modseq: null, flags: flagBits(one.flags), keywords: [], labels: one.labels };
              applyServerFlags(store, folder("All"), validity.get("All") ?? 1, [row]);
              break;
            }
            case "act": {
              const id = pick(shown(), one.which);
              if (id === undefined) break;
              const { change: what } = one;
              const asked: Change =
                what.kind === "label" && "to" in what
                  ? { kind: "label", folderId: folder(what.to), on: what.on }
                  : what.kind === "move" && "to" in what
                    ? { kind: "move", folderId: folder(what.to) }
                    : (what as Change);
              groups.push(act(store, { kind: "placements", ids: [id] }, asked).group);
              break;
            }
            case "answer": {
              const [operation] = pendingOperations(store, account);
              if (operation === undefined) break;
              if (one.refused) markRefused(store, [operation.id as OperationId], "no");
              else markDone(store, operation.id, one.numbered ? { uidValidity: 1, uid: 1000 + next++ } : null);
              break;
            }
            case "undo": {
              const group = pick(groups, one.which);
              if (group !== undefined) undo(store, group);
              break;
            }
            case "gone": {
              const uid = pick(inAllMail(), one.which);
              if (uid !== undefined) await removeByUids(store, folder("All"), validity.get("All") ?? 1, [uid]);
              break;
            }
            case "reset": {
              validity.set("All", 1 + (validity.get("All") ?? 1));
              await resetFolder(store, folder("All"), validity.get("All") ?? 1);
              await finishReset(store, folder("All"));
              break;
            }
          }
          expect(contradictions(store)).toEqual([]);
        }
        for (const view of [...ids.values()].map((id): ViewKey => `folder:${id}`).concat("all:starred", "all:inbox")) {
          for (const grouped of [true, false]) {
            const { rows, total } = page(store, { view, grouped, filter: "all", from: { kind: "top" }, limit: 100 });
            const expected = expectedRows(store, view, grouped, "all");
            expect(rows.map(asExpected), view).toEqual(expected);
            expect(total).toBe(expected.length);
          }
        }
      } finally {
        profile.remove();
      }
    }),
    { numRuns: 25 },
  );
});
