import { afterEach, beforeEach, expect, test } from "vitest";
import { parseArrived } from "../../main/mime/parse-arrived.ts";
import { Receipts } from "../../main/outbox/receipts.ts";
import { deliveryOf } from "../../main/store/deliveries.ts";
import { writeFolderList } from "../../main/store/folder-list.ts";
import { readFolders } from "../../main/store/folders.ts";
import { ingestBodies } from "../../main/store/ingest-bodies.ts";
import { ingestHeaders } from "../../main/store/ingest-headers.ts";
import type { PlacementId } from "../../shared/ids.ts";
import { FaultySmtp } from "../servers/smtp-faults.ts";
import { bodyOf, header, listing, type Wanted } from "../store/mailbox.ts";
import { type Desk, openDesk } from "./support.ts";

let server: FaultySmtp;
let desk: Desk;
let receipts: Receipts;
let marked: PlacementId[];
beforeEach(async () => {
  server = await FaultySmtp.start();
  desk = await openDesk(server.port);
  writeFolderList(desk.store, desk.account, listing());
  marked = [];
  const { store, profileDir, outbox, worker } = desk;
  receipts = new Receipts({ store, profileDir, outbox, worker, markAnswered: (id) => marked.push(id) });
});
afterEach(async () => {
  await desk.close();
  await server.stop();
});

const MIRA = { name: "Mira", address: "mira@atelier.example" };

/** A message whose sender wants to know that it was read. */
function asking(uid: number, more: Partial<Wanted> & { to_?: string; folder?: string; keywords?: string[] } = {}): PlacementId {
  const folder = readFolders(desk.store, desk.account).find(({ path }) => path === (more.folder ?? "inbox"));
  if (folder === undefined) throw new Error("no folder");
  const row = {
    ...header({ uid, id: `asked-${uid}@atelier.example`, from: MIRA, subject: "The contract", ...more }),
    keywords: more.keywords ?? [],
  };
  const [one] = ingestHeaders(desk.store, folder.id, 1, [row]);
  const placementId = one?.placementId ?? (0 as PlacementId);
  ingestBodies(desk.store, [{ placementId, body: bodyOf(row, undefined, { receiptTo: more.to_ ?? MIRA.address }) }]);
  return placementId;
}

const asked = (id: PlacementId) => deliveryOf(desk.store.db, id).receipt;

test("a receipt goes out once, without a return path, to whom the header names, and the message asks no more", async () => {
  const id = asking(1);
  expect(asked(id)).toEqual({ to: MIRA.address, foreign: false });
  await Promise.all([receipts.answer(id, "send"), receipts.answer(id, "send")]);
  await desk.until(() => desk.sent.length === 1);
  expect(asked(id)).toBeNull();
  expect(new Set(marked)).toEqual(new Set([id]));
  expect(server.received.map(({ from, to }) => ({ from, to }))).toEqual([{ from: "", to: [MIRA.address] }]);
  expect(parseArrived(Buffer.from(server.received[0]?.bytes ?? "")).summary.report).toMatchObject({
    kind: "receipt",
    recipients: [{ address: "user1@example.test", action: "read" }],
    original: { messageIds: ["asked-1@atelier.example"] },
  });
});

test("a receipt that waits cannot be written on, and asking for that does not take it back", async () => {
  desk.outbox.setOffline(true);
  await receipts.answer(asking(1), "send");
  const [waiting] = desk.outbox.list().items;
  if (waiting === undefined) throw new Error("nothing waits");
  await expect(desk.outbox.edit(waiting.id)).rejects.toThrow("draft-gone");
  expect(desk.outbox.list().items[0]?.state).toBe("queued");
});

test("nothing goes out unless the user says so: neither on reading, nor when it is ignored, nor for a sender who never gets one", async () => {
  const [first, second, third] = [asking(1), asking(2), asking(3)];
  await receipts.answer(first, "ignore");
  expect([first, second, third].map((id) => asked(id) !== null)).toEqual([false, true, true]);
  await receipts.answer(second, "never");
  expect([second, third].map(asked)).toEqual([null, null]);
  await receipts.answer(third, "send");
  expect(marked).toEqual([first, second]);
  expect(desk.outbox.list().items).toEqual([]);
  expect(server.connections).toBe(0);
});

test("nobody is asked for what is in Junk or Sent, for own mail, or for what another program has answered", () => {
  const quiet = [
    asking(1, { folder: "junk" }),
    asking(2, { folder: "sent" }),
    asking(3, { from: { name: "", address: "user1@example.test" } }),
    asking(4, { keywords: ["$MDNSent"] }),
    asking(7, { flags: ["receipted"] }),
    asking(5, { to_: "" }),
  ];
  expect(quiet.map(asked)).toEqual([null, null, null, null, null, null]);
  expect(asked(asking(6, { to_: "collector@else.example" }))).toEqual({ to: "collector@else.example", foreign: true });
});

test("a draft that asks for a receipt says so in the header of what is sent, and no other does", async () => {
  await desk.send({ askReceipt: true });
  await desk.send();
  await desk.until(() => desk.sent.length === 2);
  const wishes = server.received.map(({ bytes }) => /^Disposition-Notification-To: (.*)\r$/mu.exec(bytes.toString())?.[1] ?? null);
  expect(wishes.sort()).toEqual(["<user1@example.test>", null]);
});
