import { rmSync } from "node:fs";
import { expect, test } from "vitest";
import { removeAccount } from "../../main/store/accounts.ts";
import { act } from "../../main/store/acts.ts";
import { blobPath } from "../../main/store/blobs.ts";
import type { Refusal } from "../../main/store/changes.ts";
import { journalPage, takeBackOperations } from "../../main/store/journal.ts";
import { readPlacement } from "../../main/store/placements.ts";
import { netPage } from "../../main/store/safety-net.ts";
import { storyOf } from "../../main/store/story.ts";
import { undo } from "../../main/store/undo.ts";
import { contradictions } from "../store/check-store.ts";
import { sampleMail } from "../support/sample-mail.ts";
import { HOME, lyingIn, type TwoAccounts, twoAccounts, WORK } from "../support/two-accounts.ts";

const DAY = new Date(Date.UTC(2024, 1, 29, 12, 30, 15));
const filled = (...ids: readonly string[]) => ({
  fill: (home: TwoAccounts["home"]["server"]) => {
    for (const id of ids) home.folder(HOME, "INBOX").deliver(sampleMail(id), { flags: ["\\Seen", "$Forwarded"], internalDate: DAY });
  },
});
const atHome = ({ home }: TwoAccounts, folder = "INBOX") => lyingIn(home.server, HOME, folder);
const atWork = ({ work }: TwoAccounts, folder = "Archive") => lyingIn(work.server, WORK, folder);
const toWork = ({ work }: TwoAccounts, kind: "move" | "copy", path = "Archive") => ({ kind, folderId: work.account.named(path).id });
const states = ({ home }: TwoAccounts) =>
  home.account.store.db.connection
    .prepare("SELECT json_extract(change, '$.kind') || ' ' || state FROM operation ORDER BY id")
    .pluck()
    .all();
const counts = ({ home, work }: TwoAccounts) => [home.account.counts("INBOX").total, work.account.counts("Archive").total];

test.each([
  ["", []],
  [" that tell no numbers and cannot remove single messages", ["UIDPLUS"]],
  [" without LITERAL+", ["LITERAL+"]],
] as const)(
  "moved to another account while offline, mail is shown there at once, and lies there and nowhere else afterwards, on servers%s",
  async (_which, without) => {
    const two = await twoAccounts({ without, ...filled("m1", "m2") });
    const before = two.home.server.folder(HOME, "INBOX").messages();
    two.setOffline(true);
    two.doTo(two.home.account, "INBOX", toWork(two, "move"));
    expect(counts(two)).toEqual([0, 2]);
    expect([atHome(two).length, atWork(two).length]).toEqual([2, 0]);
    two.setOffline(false);
    await two.settle();
    expect([atHome(two), atWork(two)]).toEqual([[], ["m1 $Forwarded \\Seen", "m2 $Forwarded \\Seen"]]);
    const there = two.work.server.folder(WORK, "Archive").messages();
    expect(there.map(({ raw, internalDate }) => [raw.toString(), internalDate.getTime()])).toEqual(
      before.map(({ raw }) => [raw.toString(), DAY.getTime()]),
    );
    expect(counts(two)).toEqual([0, 2]);
    expect(states(two)).toEqual(["copy done", "leave done", "copy done", "leave done"]);
    expect(netPage(two.home.account.store, { query: "", before: null, limit: 9 }).total).toBe(0);
    expect(contradictions(two.home.account.store)).toEqual([]);
  },
);

test("copied to another account it lies in both", async () => {
  const two = await twoAccounts(filled("m1"));
  two.doTo(two.home.account, "INBOX", toWork(two, "copy"));
  await two.settle();
  expect([atHome(two), atWork(two)]).toEqual([["m1 $Forwarded \\Seen"], ["m1 $Forwarded \\Seen"]]);
  expect(counts(two)).toEqual([1, 1]);
  expect(contradictions(two.home.account.store)).toEqual([]);
});

test.each([
  ["APPEND", "drop"],
  ["APPEND", "drop-after"],
  ["UID STORE", "drop-after"],
  ["UID EXPUNGE", "drop"],
  ["UID EXPUNGE", "drop-after"],
] as const)("a line that breaks at %s (%s) makes neither none nor two", async (command, fate) => {
  const two = await twoAccounts(filled("m1", "m2"));
  two.setOffline(true);
  two.doTo(two.home.account, "INBOX", toWork(two, "move"));
  let broken = 0;
  const hooks = { onCommand: ({ name }: { name: string }) => (name === command && broken++ === 0 ? fate : undefined) };
  two.home.server.hooks = hooks;
  two.work.server.hooks = hooks;
  two.setOffline(false);
  await two.settle();
  expect(broken).toBeGreaterThan(0);
  expect([atHome(two), atWork(two).length]).toEqual([[], 2]);
  expect(counts(two)).toEqual([0, 2]);
  expect(contradictions(two.home.account.store)).toEqual([]);
});

test("the original stays on its server until the copy is known to be there", async () => {
  const two = await twoAccounts(filled("m1"));
  two.work.account.running.setOffline(true);
  two.doTo(two.home.account, "INBOX", toWork(two, "move"));
  await two.home.account.running.syncNow();
  expect([atHome(two).length, ...counts(two)]).toEqual([1, 0, 1]);
  // Accepted, without a word where; and it is not there.
  let lies = 0;
  two.work.server.hooks = { onCommand: ({ name }) => (name === "APPEND" && lies++ === 0 ? { raw: "{tag} OK done\r\n" } : undefined) };
  two.work.account.running.setOffline(false);
  await two.settle();
  expect(lies).toBe(2);
  expect([atHome(two), atWork(two).length]).toEqual([[], 1]);
});

test("refused, in the server's words, it stays where it was; a full mailbox refuses all of them once", async () => {
  const two = await twoAccounts(filled("m1", "m2", "m3"));
  const heard: Refusal[] = [];
  two.home.account.store.changes.onRefused((refusal) => heard.push(refusal));
  let asked = 0;
  two.work.server.hooks = {
    onCommand({ name }) {
      if (name !== "APPEND") return undefined;
      asked += 1;
      return { no: "[OVERQUOTA] the mailbox is full" };
    },
  };
  two.doTo(two.home.account, "INBOX", toWork(two, "move"));
  await two.settle();
  expect([asked, atHome(two).length, atWork(two).length]).toEqual([1, 3, 0]);
  expect(counts(two)).toEqual([3, 0]);
  expect(heard.map(({ count, words }) => [count, words])).toEqual([[3, "[OVERQUOTA] the mailbox is full"]]);
  const { entries } = journalPage(two.home.account.store, { filter: "all", before: null, limit: 9 });
  expect(entries.map(({ change, state }) => [change.kind, state])).toEqual([
    ["copy", "refused"],
    ["copy", "refused"],
    ["copy", "refused"],
  ]);
  expect(netPage(two.home.account.store, { query: "", before: null, limit: 9 }).total).toBe(0);
  expect(contradictions(two.home.account.store)).toEqual([]);
});

test("undo takes it back: before any server has heard, while the copy is there and the original too, and after both", async () => {
  const two = await twoAccounts(filled("m1"));
  const { store } = two.home.account;
  two.setOffline(true);
  undo(store, two.doTo(two.home.account, "INBOX", toWork(two, "move")));
  expect(counts(two)).toEqual([1, 0]);
  const half = two.doTo(two.home.account, "INBOX", toWork(two, "move"));
  two.work.account.running.setOffline(false);
  await two.work.account.until("copied", ({ pending }) => pending === 0);
  expect([atHome(two).length, atWork(two).length]).toEqual([1, 1]);
  undo(store, half);
  two.setOffline(false);
  await two.settle();
  expect([atHome(two).length, atWork(two).length, ...counts(two)]).toEqual([1, 0, 1, 0]);
  const whole = two.doTo(two.home.account, "INBOX", toWork(two, "move"));
  await two.settle();
  expect([atHome(two).length, atWork(two).length]).toEqual([0, 1]);
  expect(undo(store, whole)).toBe(1);
  for (const { account } of [two.home, two.work]) account.running.operationsAsked();
  expect(counts(two)).toEqual([1, 0]);
  await two.settle();
  expect([atHome(two), atWork(two)]).toEqual([["m1 $Forwarded \\Seen"], []]);
  expect(counts(two)).toEqual([1, 0]);
  expect(contradictions(store)).toEqual([]);
});

test("one entry of the journal is the whole move, and is taken back as one; the story goes along", async () => {
  const two = await twoAccounts(filled("m1"));
  const { store } = two.home.account;
  two.doTo(two.home.account, "INBOX", { kind: "flag", flag: "flagged", on: true });
  two.doTo(two.home.account, "INBOX", toWork(two, "move"));
  await two.settle();
  const [copy] = two.shown(two.work.account, "Archive");
  if (copy === undefined) throw new Error("nothing is shown");
  const did = storyOf(store.db, copy).flatMap((event) => (event.kind === "did" ? [event.change.kind] : []));
  expect(did).toEqual(["flag", "copy"]);
  const page = journalPage(store, { filter: "done", before: null, limit: 9 });
  expect(page.entries.map(({ change, folderId }) => [change.kind, folderId])).toEqual([
    ["copy", two.home.account.folder("inbox").id],
    ["flag", two.home.account.folder("inbox").id],
  ]);
  expect(page.counts.done).toBe(2);
  const [entry] = page.entries;
  expect(entry?.canTakeBack).toBe(true);
  takeBackOperations(store, entry === undefined ? [] : [entry.id]);
  for (const { account } of [two.home, two.work]) account.running.operationsAsked();
  await two.settle();
  expect([atHome(two).length, atWork(two).length]).toEqual([1, 0]);
});

test("what is not here is fetched first, also when it is deleted for good meanwhile", async () => {
  const two = await twoAccounts(filled("m1", "m2"));
  const { store } = two.home.account;
  const [one, other] = two.shown(two.home.account, "INBOX");
  // Their files are lost, and nobody has noticed yet.
  for (const id of [one, other]) {
    const hash = id === undefined ? null : (readPlacement(store.db, id)?.rawHash ?? null);
    if (hash !== null) rmSync(blobPath(store.blobs.dir, hash));
  }
  store.db.connection.exec("UPDATE message SET bytes_here = 0, raw_hash = NULL");
  two.setOffline(true);
  two.doTo(two.home.account, "INBOX", toWork(two, "copy"));
  act(store, { kind: "placements", ids: [one ?? (0 as never)] }, { kind: "delete" });
  act(store, { kind: "placements", ids: [one ?? (0 as never)] }, { kind: "delete" });
  expect(counts(two)).toEqual([1, 2]);
  two.setOffline(false);
  await two.settle();
  expect([atHome(two), atHome(two, "Trash"), atWork(two).length]).toEqual([["m2 $Forwarded \\Seen"], [], 2]);
  expect(two.work.account.counts("Archive")).toEqual({ total: 2, here: 2 });
});

test("a file that is damaged is fetched again before it leaves", async () => {
  const two = await twoAccounts(filled("m1"));
  const { store } = two.home.account;
  const [one] = two.shown(two.home.account, "INBOX");
  const hash = one === undefined ? null : (readPlacement(store.db, one)?.rawHash ?? null);
  rmSync(blobPath(store.blobs.dir, hash ?? ""));
  two.doTo(two.home.account, "INBOX", toWork(two, "move"));
  await two.settle();
  expect([atHome(two), atWork(two)]).toEqual([[], ["m1 $Forwarded \\Seen"]]);
});

test("moved on to a third place before anything was sent, it ends there, and only there", async () => {
  const two = await twoAccounts(filled("m1"));
  two.setOffline(true);
  two.doTo(two.home.account, "INBOX", toWork(two, "move"));
  two.doTo(two.work.account, "Archive", toWork(two, "move", "Sent"));
  two.doTo(two.work.account, "Sent", { kind: "move", folderId: two.home.account.named("Junk").id });
  two.setOffline(false);
  await two.settle();
  expect([atHome(two), atHome(two, "Junk"), atWork(two), atWork(two, "Sent")]).toEqual([[], ["m1 $Forwarded \\Seen"], [], []]);
  expect(contradictions(two.home.account.store)).toEqual([]);
});

test("a copy has the flags of its original, also where another copy with flags of its own lies there already", async () => {
  const two = await twoAccounts(filled("m1"));
  two.doTo(two.home.account, "INBOX", toWork(two, "copy"));
  await two.settle();
  two.doTo(two.work.account, "Archive", { kind: "flag", flag: "flagged", on: true });
  two.doTo(two.work.account, "Archive", { kind: "flag", flag: "seen", on: false });
  await two.settle();
  two.doTo(two.home.account, "INBOX", toWork(two, "copy", "Sent"));
  await two.settle();
  expect([atWork(two), atWork(two, "Sent")]).toEqual([["m1 $Forwarded \\Flagged"], ["m1 $Forwarded \\Seen"]]);
});

test("what is moved on before it was made is never sent to the place between, whichever server hears first", async () => {
  const two = await twoAccounts({ without: ["UIDPLUS"], ...filled("m1") });
  two.setOffline(true);
  two.doTo(two.home.account, "INBOX", toWork(two, "move"));
  two.doTo(two.work.account, "Archive", { kind: "move", folderId: two.home.account.named("Junk").id });
  two.work.account.running.setOffline(false);
  await two.work.account.running.syncNow();
  two.setOffline(false);
  await two.settle();
  expect([atHome(two), atHome(two, "Junk")]).toEqual([[], ["m1 $Forwarded \\Seen"]]);
  expect(two.work.server.folder(WORK, "Archive").messages()).toEqual([]);
  expect(counts(two)).toEqual([0, 0]);
});

test("an original that its server will not let go is shown again, and the user hears of it", async () => {
  const two = await twoAccounts(filled("m1"));
  const heard: Refusal[] = [];
  two.home.account.store.changes.onRefused((refusal) => heard.push(refusal));
  two.home.server.hooks = { onCommand: ({ name }) => (name === "UID STORE" ? { no: "[NOPERM] it stays" } : undefined) };
  two.doTo(two.home.account, "INBOX", toWork(two, "move"));
  await two.settle();
  expect(counts(two)).toEqual([1, 1]);
  expect(heard.map(({ change, words }) => [change.kind, words])).toEqual([["leave", "[NOPERM] it stays"]]);
  const [entry] = journalPage(two.home.account.store, { filter: "attention", before: null, limit: 2 }).entries;
  expect(entry).toMatchObject({ change: { kind: "leave" }, canRetry: true });
});

test("an account that is removed takes back what was only on its way into it, and lets go what had arrived", async () => {
  const two = await twoAccounts(filled("m1"));
  const { store } = two.home.account;
  two.work.account.running.setOffline(true);
  two.doTo(two.home.account, "INBOX", toWork(two, "move"));
  await two.work.account.running.stop();
  await removeAccount(store, two.work.account.id);
  expect(two.home.account.counts("INBOX").total).toBe(1);
  await two.home.account.running.syncNow();
  expect(atHome(two)).toHaveLength(1);
  expect(contradictions(store)).toEqual([]);
});

test.each([
  ["got there and was not answered", "drop-after"],
  ["never got there", "drop"],
  ["was not carried out because the server was busy", { no: "[UNAVAILABLE] later" }],
] as const)("of two equal messages each arrives, when the first %s", async (_what, fate) => {
  const two = await twoAccounts({
    fill: (home) => {
      for (const folder of ["INBOX", "Drafts"]) home.folder(HOME, folder).deliver(sampleMail("m1"));
    },
  });
  two.setOffline(true);
  for (const folder of ["INBOX", "Drafts"]) two.doTo(two.home.account, folder, toWork(two, "move"));
  let appends = 0;
  two.work.server.hooks = { onCommand: ({ name }) => (name === "APPEND" && appends++ === 0 ? fate : undefined) };
  two.setOffline(false);
  await two.settle();
  expect([atHome(two), atHome(two, "Drafts"), atWork(two)]).toEqual([[], [], ["m1", "m1"]]);
  expect(counts(two)).toEqual([0, 2]);
  expect(contradictions(two.home.account.store)).toEqual([]);
});
