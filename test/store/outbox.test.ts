import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { beginAttempt, beginFinishing } from "../../main/plan/sending.ts";
import { insertAccount } from "../../main/store/accounts.ts";
import { openStore, type Store } from "../../main/store/open.ts";
import {
  insertOutboxItem,
  moveOutboxItem,
  outboxEndedBefore,
  outboxPaused,
  pauseOutbox,
  readOpenOutbox,
  readOutbox,
  readOutboxItem,
  type StoredItem,
} from "../../main/store/outbox.ts";
import type { AccountId, OutboxId } from "../../shared/ids.ts";

let dir: string;
let store: Store;
let account: AccountId;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "satchel-store-outbox-"));
  store = openStore({ profileDir: dir });
  const server = { host: "127.0.0.1", port: 25, security: "plain" as const, user: "u" };
  const settings = { protocol: "imap" as const, incoming: server, outgoing: server };
  account = insertAccount(store, { name: "T", address: "t@example.test", personName: "T", settings, provider: null });
});
afterEach(() => {
  store.close();
  rmSync(dir, { recursive: true });
});

function queue(...recipients: string[]): StoredItem {
  const id = store.db.write((tx) =>
    insertOutboxItem(
      tx,
      {
        accountId: account,
        draftId: null,
        fromAddress: "t@example.test",
        subject: "S",
        to: recipients.map((address) => ({ name: "", address })),
        cc: [],
        bcc: [],
        rawHash: "00",
        sizeBytes: 1,
        messageIdHeader: "m@example.test",
        answers: null,
        bulkId: null,
      },
      recipients,
      { createdAt: 100, undoUntil: 200, sendAt: null, report: null, hold: null, requireTls: false },
    ),
  );
  return item(id);
}
function item(id: OutboxId): StoredItem {
  const found = readOutboxItem(store.db, id);
  if (!found) throw new Error("gone");
  return found;
}

test("an item comes back as it was put in, its recipients in their order", () => {
  const { id } = queue("b@example.test", "a@example.test");
  expect(item(id)).toMatchObject({ state: "queued", createdAt: 100, undoUntil: 200, attempts: 0, failure: null, search: null });
  expect(item(id).recipients.map(({ address }) => address)).toEqual(["b@example.test", "a@example.test"]);
});

test("whoever decides on an old state decides nothing", () => {
  const old = queue("a@example.test");
  expect(store.db.write((tx) => moveOutboxItem(tx, old, beginAttempt(old)))).toBe(true);
  expect(store.db.write((tx) => moveOutboxItem(tx, old, { ...old, state: "cancelled" }))).toBe(false);
  expect(item(old.id).state).toBe("sending");
});

test("that the end may have left, and for whom not, is kept", () => {
  const sending = beginAttempt(queue("a@example.test", "b@example.test"));
  const before = queue("a@example.test", "b@example.test");
  store.db.write((tx) => moveOutboxItem(tx, before, sending));
  const now = item(before.id);
  const finishing = beginFinishing(now, [{ address: "b@example.test", state: "refused", serverWords: "550 no" }]);
  store.db.writeDurably((tx) => void moveOutboxItem(tx, now, finishing, { stage: "finishing", finishingAt: 777 }));
  expect(item(before.id)).toMatchObject({
    state: "finishing",
    stage: "finishing",
    finishingAt: 777,
    recipients: [{ state: "waiting" }, { address: "b@example.test", state: "refused", serverWords: "550 no" }],
  });
});

test("ended items leave the open ones and stay in the list until they are old", () => {
  const one = queue("a@example.test");
  const two = queue("a@example.test");
  store.db.write((tx) => moveOutboxItem(tx, one, { ...one, state: "cancelled" }, { endedAt: 1000 }));
  expect(readOpenOutbox(store).map(({ id }) => id)).toEqual([two.id]);
  expect(readOutbox(store).length).toBe(2);
  expect(outboxEndedBefore(store, 1000)).toEqual([]);
  expect(outboxEndedBefore(store, 1001)).toEqual([one.id]);
});

test("pausing outlives the process", () => {
  expect(outboxPaused(store)).toBe(false);
  pauseOutbox(store, true);
  store.close();
  store = openStore({ profileDir: dir });
  expect(outboxPaused(store)).toBe(true);
});

test("the loop's question reads an index and no more than what is open", () => {
  const plan = store.db.connection.prepare("EXPLAIN QUERY PLAN SELECT id FROM outbox WHERE ended_at IS NULL ORDER BY id").all() as {
    detail: string;
  }[];
  expect(plan.map(({ detail }) => detail).join("\n")).toContain("outbox_open");
});
