import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Notices } from "../../main/api/notices.ts";
import { tellRefusals } from "../../main/engine/refusals.ts";
import { sourceOf } from "../../main/line/byte-source.ts";
import { withBcc } from "../../main/outbox/sent-copy.ts";
import { act, emptyFolder } from "../../main/store/acts.ts";
import { blobPath, readBlob } from "../../main/store/blobs.ts";
import { noteUse } from "../../main/store/limits.ts";
import { readLedger } from "../../main/store/pop3-ledger.ts";
import { undo } from "../../main/store/undo.ts";
import { systemTimers } from "../../main/sync/timers.ts";
import type { LeaveOnServer } from "../../shared/contract/accounts.ts";
import type { FolderRole } from "../../shared/contract/folders.ts";
import { Failure } from "../../shared/failure.ts";
import type { PlacementId } from "../../shared/ids.ts";
import { ScriptedPop3 } from "../servers/pop3.ts";
import { contradictions } from "../store/check-store.ts";
import { parseHere } from "../support/parse-here.ts";
import { type TestAccount, testAccount } from "../support/running-account.ts";
import { sampleMail } from "../support/sample-mail.ts";

const DAY = 24 * 60 * 60 * 1000;
let server: ScriptedPop3;
let account: TestAccount;
let now = Date.now();

beforeEach(async () => {
  now = Date.now();
  server = await ScriptedPop3.start();
});
afterEach(async () => {
  expect(contradictions(account.store)).toEqual([]);
  await account.close();
  await server.stop();
});

function start(leaveOnServer: LeaveOnServer = { kind: "forever" }): void {
  account = testAccount(server.port, { leaveOnServer, startPool: parseHere });
  account.start({ clock: () => now });
}
const deliver = (...names: readonly string[]) => names.map((name) => server.deliver(sampleMail(name, 1)));
/** Whole messages asked for. */
const fetches = () => server.commands.filter((line) => line.startsWith("RETR")).length;
const visit = () => account.running.syncNow();

type Shown = { id: PlacementId; subject: string; hash: string };
function shownIn(role: FolderRole): Shown[] {
  return account.store.db.connection
    .prepare<[number], Shown>(
      `SELECT placement.id AS id, message.subject AS subject, message.raw_hash AS hash FROM placement
       JOIN message ON message.id = placement.message_id WHERE placement.shown_folder_id = ? ORDER BY message.subject`,
    )
    .all(account.folder(role).id);
}
const subjects = (role: FolderRole = "inbox") => shownIn(role).map(({ subject }) => subject.replace("About ", ""));
const idOf = (name: string, role: FolderRole = "inbox"): PlacementId => {
  const found = shownIn(role).find(({ subject }) => subject === `About ${name}`);
  if (!found) throw new Error(`no ${name}`);
  return found.id;
};
function does(name: string, change: Parameters<typeof act>[2], role: FolderRole = "inbox"): string {
  const { group } = act(account.store, { kind: "placements", ids: [idOf(name, role)] }, change);
  account.running.operationsAsked();
  return group;
}
const settled = () => account.until("settled", ({ pending }) => pending === 0);
const onServer = () => server.mail.map(({ raw }) => /^Subject: About (.*)$/mu.exec(raw.toString())?.[1]?.trim());

async function throwAway(name: string): Promise<void> {
  does(name, { kind: "delete" });
  await settled();
  does(name, { kind: "delete" }, "trash");
  await settled();
}

test("a sign-in page in the server's place is told as that, asks for no password and loses nothing, and is over when the server answers", async () => {
  start();
  deliver("before");
  await visit();
  server.portal = "HTTP/1.1 302 Found\r\nLocation: http://portal.example/\r\n\r\n";
  deliver("meanwhile");
  await expect(visit()).rejects.toMatchObject({ kind: "offline", code: "captive-portal" });
  expect(account.running.health()).toMatchObject({ state: "offline", failure: { kind: "offline", code: "captive-portal" } });
  expect(subjects()).toEqual(["before"]);
  server.portal = null;
  account.running.wake();
  await account.until("all is here", () => subjects().length === 2);
  expect(onServer()).toEqual(["before", "meanwhile"]);
});

test("a computer that slept, lost its network or was told to stay offline asks for nothing meanwhile and for no password, and goes on at once", async () => {
  account = testAccount(server.port, { leaveOnServer: { kind: "forever" }, startPool: parseHere });
  // No pause ends by itself: what goes on was told to.
  account.start({ clock: () => now, timers: { after: () => () => undefined } });
  await account.complete();
  await server.pause();
  account.running.wake();
  await account.until("offline", ({ state }) => state === "offline");
  expect(account.running.health().failure).toMatchObject({ kind: "offline" });
  await server.resume();
  deliver("while it slept");
  account.running.wake();
  await account.until("it has come", () => subjects().length === 1);
  await account.until("nothing is under way", ({ state }) => state === "up-to-date");

  account.running.setOffline(true);
  deliver("in flight mode");
  const asked = server.commands.length;
  account.running.wake();
  await expect(visit()).rejects.toMatchObject({ code: "working-offline" });
  expect(server.commands.slice(asked)).toEqual([]);
  account.running.setOffline(false);
  await account.until("all is here", () => subjects().length === 2);
});

describe("left on the server for ever", () => {
  test("everything comes once, byte for byte, and nothing is fetched or deleted again", async () => {
    deliver("one", "two", "three");
    start();
    await visit();
    expect(subjects()).toEqual(["one", "three", "two"]);
    for (const { raw } of server.mail) {
      const hash = shownIn("inbox").find(({ subject }) => raw.includes(`Subject: ${subject}\r\n`))?.hash ?? "";
      expect((await readBlob(account.store.blobs.dir, hash))?.equals(raw)).toBe(true);
    }
    deliver("four");
    await visit();
    await visit();
    expect(fetches()).toBe(4);
    expect(subjects()).toEqual(["four", "one", "three", "two"]);
    expect(onServer()).toEqual(["one", "two", "three", "four"]);
    expect(server.commands.filter((line) => line.startsWith("DELE"))).toEqual([]);
    // Two headers a visit say that nothing stands under the id of another message.
    expect(server.commands.filter((line) => line.startsWith("TOP"))).toHaveLength(4);
    expect(account.running.health()).toMatchObject({ state: "up-to-date", done: 4, total: 4, bytesToGo: 0 });
  });

  test("also by a new run of the program", async () => {
    deliver("one", "two");
    start();
    await visit();
    await account.running.stop();
    account.start();
    await visit();
    expect([fetches(), subjects()]).toEqual([2, ["one", "two"]]);
  });

  test("what was thrown away here does not come back", async () => {
    deliver("one", "two");
    start();
    await visit();
    await throwAway("one");
    await visit();
    expect([fetches(), subjects(), subjects("trash")]).toEqual([2, ["two"], []]);
    expect(onServer()).toEqual(["one", "two"]);
  });
});

describe("a server that does as it likes with its ids", () => {
  test("changes all of them: headers are looked at, nothing is fetched twice", async () => {
    deliver("one", "two", "three");
    start();
    await visit();
    server.mail = server.mail.map((one, index) => ({ ...one, uid: `new-${index}` }));
    deliver("four");
    await visit();
    expect(fetches()).toBe(4);
    expect(subjects()).toEqual(["four", "one", "three", "two"]);
    await visit();
    // And two at the ends of each listing whose ids are known again.
    expect(server.commands.filter((line) => line.startsWith("TOP")).length).toBe(3 + 2);
  });

  test("changes them and has no TOP: what comes again is known by its bytes", async () => {
    await server.stop();
    server = await ScriptedPop3.start({ capabilities: ["USER", "UIDL"] });
    deliver("one", "two");
    start();
    await visit();
    await throwAway("two");
    server.mail = server.mail.map((one, index) => ({ ...one, uid: `new-${index}` }));
    await visit();
    expect([fetches(), subjects()]).toEqual([4, ["one"]]);
    await visit();
    expect(fetches()).toBe(4);
  });

  test("uses one again for another message: that one comes too", async () => {
    server.deliver(sampleMail("old", 1), "same");
    start();
    await visit();
    server.mail = [];
    server.deliver(sampleMail("fresh", 2), "same");
    await visit();
    // Even with the size of the old one, once the old one was seen to be gone.
    server.mail = [];
    await visit();
    server.deliver(sampleMail("other", 2), "same");
    await visit();
    expect(subjects()).toEqual(["fresh", "old", "other"]);
  });

  test.each([
    ["oldest first, as they come", false],
    ["newest first", true],
  ])("uses one again between two visits, for a message of the same size, and lists %s: that one comes too", async (_order, newestFirst) => {
    const put = (id: string, uid: string): void => {
      server.deliver(sampleMail(id, 1), uid);
      const last = server.mail.at(-1);
      if (newestFirst && last !== undefined) server.mail = [last, ...server.mail.slice(0, -1)];
    };
    for (const id of ["aaa", "bbb", "ccc"]) put(id, id);
    start();
    await visit();
    // The newest went, and the next one has its id.
    server.mail = server.mail.filter(({ uid }) => uid !== "ccc");
    put("ddd", "ccc");
    await visit();
    expect([fetches(), subjects()]).toEqual([4, ["aaa", "bbb", "ccc", "ddd"]]);
    // An older one went, and two have come.
    server.mail = server.mail.filter(({ uid }) => uid !== "aaa");
    put("eee", "eee");
    put("fff", "aaa");
    await visit();
    expect([fetches(), subjects()]).toEqual([6, ["aaa", "bbb", "ccc", "ddd", "eee", "fff"]]);
    await visit();
    expect(fetches()).toBe(6);
    expect(onServer().toSorted()).toEqual(["bbb", "ddd", "eee", "fff"]);
  });

  test("gives another header each time: a few messages are fetched once more, and then it is believed", async () => {
    deliver("one", "two", "three", "four", "five", "six", "seven", "eight");
    server.topVaries = true;
    start();
    await visit();
    await visit();
    const fetched = fetches();
    expect(fetched).toBeLessThanOrEqual(8 + 6);
    await visit();
    await visit();
    expect([fetches(), subjects().length]).toEqual([fetched, 8]);
  });

  test("uses one again between two visits, for a message of the same size: it is not deleted as the old one", async () => {
    server.deliver(sampleMail("aaa", 1), "same");
    start({ kind: "days", days: 5 });
    await visit();
    server.mail = [];
    server.deliver(sampleMail("bbb", 1), "same");
    now += 6 * DAY;
    await visit();
    expect([subjects(), onServer()]).toEqual([["aaa", "bbb"], ["bbb"]]);
  });

  test("numbers them from one on: each visit looks at headers, and every message comes once", async () => {
    const number = () => {
      server.mail = server.mail.map((one, index) => ({ ...one, uid: String(index + 1) }));
    };
    deliver("one", "two", "three");
    number();
    start();
    await visit();
    server.mail.shift();
    deliver("four");
    number();
    await visit();
    expect([fetches(), subjects()]).toEqual([4, ["four", "one", "three", "two"]]);
  });

  test("gives one id to two messages: both come, once", async () => {
    server.deliver(sampleMail("one", 1), "same");
    server.deliver(sampleMail("two", 1), "same");
    start();
    await visit();
    await visit();
    expect([fetches(), subjects()]).toEqual([2, ["one", "two"]]);
  });

  test("leaves a message out of one listing: it is not fetched again", async () => {
    deliver("one", "two");
    start();
    await visit();
    const [first, ...rest] = server.mail;
    server.mail = rest;
    await visit();
    server.mail = first ? [...rest, first] : rest;
    await visit();
    expect([fetches(), subjects()]).toEqual([2, ["one", "two"]]);
  });

  test("only guesses sizes until a message was fetched: that is no reason to fetch it again", async () => {
    server.sizeError = -100;
    deliver("one", "two");
    start();
    await visit();
    server.sizeError = 0;
    await visit();
    await visit();
    expect([fetches(), subjects()]).toEqual([2, ["one", "two"]]);
    // And two at the ends of the listing after it.
    expect(server.commands.filter((line) => line.startsWith("TOP")).length).toBe(2 + 2);
  });

  test.each([
    ["says so", ["USER", "TOP"]],
    ["does not even know CAPA", null],
  ] as const)("has no UIDL and %s: headers tell", async (_name, capabilities) => {
    await server.stop();
    server = await ScriptedPop3.start({ capabilities });
    server.onCommand = (line) => (line === "UIDL" ? { say: "-ERR unknown command" } : undefined);
    deliver("one", "two");
    start();
    await visit();
    await visit();
    expect([fetches(), subjects()]).toEqual([2, ["one", "two"]]);
    server.onCommand = () => undefined;
  });
});

describe("deleted from the server", () => {
  test("at once when it is to be kept for no day, after its line is in the ledger, and committed by QUIT", async () => {
    deliver("one", "two");
    start({ kind: "days", days: 0 });
    await visit();
    expect([subjects(), server.mail]).toEqual([["one", "two"], []]);
    const order = server.commands.filter((line) => /^(RETR|DELE|QUIT)/u.test(line)).map((line) => line.slice(0, 4));
    expect(order).toEqual(["RETR", "RETR", "DELE", "DELE", "QUIT"]);
  });

  test("after so many days, and its header is looked at once more before", async () => {
    deliver("one");
    start({ kind: "days", days: 30 });
    await visit();
    now += 29 * DAY;
    deliver("two");
    await visit();
    expect(onServer()).toEqual(["one", "two"]);
    now += 2 * DAY;
    await visit();
    expect([onServer(), subjects(), fetches()]).toEqual([["two"], ["one", "two"], 2]);
    expect(server.commands.slice(server.commands.lastIndexOf("TOP 1 0")).filter((line) => line.startsWith("DELE"))).toEqual(["DELE 1"]);
  });

  test("when it was deleted for good here, not when it only went to Trash", async () => {
    deliver("one", "two");
    start({ kind: "until-deleted" });
    await visit();
    does("one", { kind: "delete" });
    await settled();
    await visit();
    expect(onServer()).toEqual(["one", "two"]);
    await emptyFolder(account.store, account.folder("trash").id);
    account.running.operationsAsked();
    await settled();
    await visit();
    expect([onServer(), subjects(), fetches()]).toEqual([["two"], ["two"], 2]);
  });

  test("not while the file here is missing: then it is fetched again first", async () => {
    deliver("one");
    start({ kind: "days", days: 5 });
    await visit();
    const [{ hash } = { hash: "" }] = shownIn("inbox");
    rmSync(blobPath(account.store.blobs.dir, hash));
    now += 6 * DAY;
    await visit();
    expect([fetches(), onServer(), subjects()]).toEqual([2, [], ["one"]]);
    expect(await readBlob(account.store.blobs.dir, hash)).not.toBeNull();
  });

  test("not on the word of a new id alone: it is fetched and compared first", async () => {
    deliver("one");
    start({ kind: "days", days: 5 });
    await visit();
    server.mail = server.mail.map((one) => ({ ...one, uid: "new" }));
    await visit();
    expect(fetches()).toBe(1);
    now += 6 * DAY;
    await visit();
    expect([fetches(), onServer(), subjects()]).toEqual([2, [], ["one"]]);
  });

  test("not when QUIT was not answered, and then by the next visit", async () => {
    deliver("one");
    start({ kind: "days", days: 0 });
    server.onCommand = (line) => (line === "QUIT" ? "close" : undefined);
    await expect(visit()).rejects.toMatchObject({ code: "line-closed" });
    expect(onServer()).toEqual(["one"]);
    server.onCommand = () => undefined;
    await visit();
    expect([onServer(), subjects(), fetches()]).toEqual([[], ["one"], 1]);
  });
});

describe("a line that breaks", () => {
  test("in the middle of a message, again and again: in the end each is here once", async () => {
    deliver("one", "two", "three", "four");
    start({ kind: "days", days: 0 });
    let cuts = 0;
    server.onCommand = (line) => (line.startsWith("RETR") && cuts++ < 9 && cuts % 3 === 0 ? { cutAfter: 500 } : undefined);
    for (let visits = 0; visits < 20 && server.mail.length > 0; visits += 1) await visit().catch(() => undefined);
    expect([subjects(), onServer()]).toEqual([["four", "one", "three", "two"], []]);
    expect((await readLedger(account.store, account.id)).length).toBe(4);
  });

  test("a message that the server refuses does not keep the others, and is left in peace in the end", async () => {
    deliver("one", "bad", "three");
    start({ kind: "days", days: 0 });
    server.onCommand = (line) =>
      line === "RETR 2" || (server.mail.length === 1 && line === "RETR 1") ? { say: "-ERR unreadable" } : undefined;
    const notices = new Notices(Date.now, () => undefined);
    tellRefusals(account.store, notices);
    for (let visits = 0; visits < 5; visits += 1) await visit();
    // It is not counted as here.
    expect(account.running.health()).toMatchObject({ state: "up-to-date", done: 2, total: 3, bytesToGo: 0 });
    // Once, when it is given up.
    expect(notices.after(0)).toMatchObject([{ code: "left-on-server", params: { account: account.id, count: 1 } }]);
    expect([subjects(), onServer()]).toEqual([["one", "three"], ["bad"]]);
    expect(fetches()).toBe(5);
  });

  test("one that breaks the line whenever it comes does not keep those behind it, and comes when it can", async () => {
    deliver("one", "poison", "three");
    start();
    server.onCommand = (line) => (line === "RETR 2" ? { cutAfter: 300 } : undefined);
    for (let visits = 0; visits < 6; visits += 1) await visit().catch(() => undefined);
    expect(subjects()).toEqual(["one", "three"]);
    server.onCommand = () => undefined;
    await visit();
    expect(subjects()).toEqual(["one", "poison", "three"]);
  });

  test("a mailbox that somebody else is in is waited for", async () => {
    deliver("one");
    server.onCommand = (line) => (line.startsWith("AUTH") ? { say: "-ERR [IN-USE] locked" } : undefined);
    start();
    await account.until("waiting", ({ state, failure }) => state === "offline" && failure?.code === "mailbox-in-use");
    server.onCommand = () => undefined;
    await visit();
    expect(subjects()).toEqual(["one"]);
  });

  test("a wrong password stops it and asks", async () => {
    server.onCommand = (line) => (line.startsWith("AUTH") ? { say: "-ERR [AUTH] no" } : undefined);
    start();
    await account.until("stopped", ({ state, failure }) => state === "stopped" && failure?.code === "wrong-password");
  });

  test.each([
    ["that says so", ["USER"]],
    ["that does not even know CAPA", null],
  ] as const)("a server without UIDL and without TOP %s: what it lacks is told, and nothing is fetched", async (_name, capabilities) => {
    await server.stop();
    server = await ScriptedPop3.start({ capabilities });
    server.onCommand = (line) => (/^(UIDL|TOP)/u.test(line) ? { say: "-ERR unknown command" } : undefined);
    deliver("one");
    start();
    await account.until("refused", ({ failure }) => failure?.code === "not-supported");
    expect(fetches()).toBe(0);
  });
});

describe("folders of its own", () => {
  test("are there before the first visit, with the roles that everybody needs", () => {
    start();
    const roles = ["inbox", "drafts", "sent", "archive", "junk", "trash"] as const;
    expect(roles.map((role) => account.folder(role).role)).toEqual(roles);
  });

  test("take flags, moves and deletions at once, offline too, and undo them", async () => {
    deliver("one", "two", "three");
    start();
    await visit();
    account.running.setOffline(true);
    const flagged = does("one", { kind: "flag", flag: "flagged", on: true });
    const archived = does("two", { kind: "archive" });
    does("three", { kind: "junk", on: true });
    await settled();
    expect([subjects(), subjects("archive"), subjects("junk")]).toEqual([["one"], ["two"], ["three"]]);
    undo(account.store, archived);
    undo(account.store, flagged);
    account.running.operationsAsked();
    await settled();
    expect([subjects(), subjects("archive")]).toEqual([["one", "two"], []]);
    expect(account.store.db.connection.prepare("SELECT count(*) AS n FROM placement WHERE flags & 2").get()).toEqual({ n: 0 });
  });

  test("carry out what is done in the very moment in which nothing more was to be carried out", async () => {
    deliver("one");
    start();
    for (let turns = 0; turns < 25; turns += 1) {
      await visit();
      for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
      does("one", { kind: "flag", flag: "flagged", on: turns % 2 === 0 });
      await account.until(`settled, ${turns} turns after a visit`, ({ pending }) => pending === 0);
    }
  });

  test("carry out what an earlier run had no time for", async () => {
    deliver("one");
    start();
    await visit();
    await account.running.stop();
    act(account.store, { kind: "placements", ids: [idOf("one")] }, { kind: "archive" });
    account.start();
    await settled();
    expect(account.folder("archive").total).toBe(1);
    expect(account.store.db.connection.prepare("SELECT folder_id AS f FROM placement").get()).toEqual({ f: account.folder("archive").id });
  });

  test("take sent mail, once, without a server", async () => {
    start();
    account.running.setOffline(true);
    const sent = {
      folderRole: "sent" as const,
      source: sourceOf(Buffer.from(sampleMail("letter", 1))),
      flags: ["\\Seen"],
      messageIdHeader: "<letter@example.test>",
    };
    expect(await account.running.findInSent("<letter@example.test>")).toBe(false);
    expect(await account.running.appendSent(sent)).toMatchObject({ filed: true });
    expect(await account.running.appendSent(sent)).toMatchObject({ filed: false, already: true });
    expect(await account.running.findInSent("<letter@example.test>")).toBe(true);
    expect([subjects("sent"), account.folder("sent").unread]).toEqual([["letter"], 0]);
  });

  test("take a large copy from its file piece by piece, with the blind copies before it", async () => {
    start();
    account.running.setOffline(true);
    const whole = Buffer.from(sampleMail("catalogue", 8000));
    let longest = 0;
    const source = withBcc(
      {
        sizeBytes: whole.length,
        // As from a file: the same memory is filled anew for each piece.
        read: async (offset, length, into = Buffer.alloc(length)) => {
          longest = Math.max(longest, length);
          return into.subarray(0, whole.copy(into, 0, offset, offset + length));
        },
      },
      [{ name: "", address: "silent@example.test" }],
    );
    const sent = { folderRole: "sent" as const, source, flags: ["\\Seen"], messageIdHeader: "catalogue@example.test" };
    expect(await account.running.appendSent(sent)).toMatchObject({ filed: true });
    expect(longest).toBeLessThanOrEqual(256 * 1024);
    const kept = await readBlob(account.store.blobs.dir, shownIn("sent")[0]?.hash ?? "");
    expect(kept?.equals(Buffer.concat([Buffer.from("Bcc: <silent@example.test>\r\n"), whole]))).toBe(true);
    expect(await account.running.findInSent("catalogue@example.test")).toBe(true);
  });

  test("take a copy whose file cannot be read to its end not at all, and leave no half of it", async () => {
    start();
    account.running.setOffline(true);
    const source = { sizeBytes: 600_000, read: () => Promise.reject(new Failure("blob-damaged")) };
    const sent = { folderRole: "sent" as const, source, flags: ["\\Seen"], messageIdHeader: "half@example.test" };
    await expect(account.running.appendSent(sent)).rejects.toMatchObject({ code: "blob-damaged" });
    expect(subjects("sent")).toEqual([]);
    expect(readdirSync(join(account.store.blobs.dir, "00"))).toEqual([]);
  });

  test("take a copy that no reader survives as well, once", async () => {
    account = testAccount(server.port, {
      leaveOnServer: { kind: "forever" },
      startPool: (options) => ({ ...parseHere(options), again: () => Promise.reject(new Failure("bug")) }),
    });
    account.start({ clock: () => now });
    account.running.setOffline(true);
    const source = sourceOf(Buffer.from(sampleMail("odd")));
    const sent = { folderRole: "sent" as const, source, flags: ["\\Seen"], messageIdHeader: "odd@example.test" };
    expect(await account.running.appendSent(sent)).toMatchObject({ filed: true });
    expect(await account.running.appendSent(sent)).toMatchObject({ already: true });
    expect(account.folder("sent").total).toBe(1);
  });

  test("tell a message to oneself that came under another Message-ID, and only where it was addressed there", async () => {
    const rewritten = "Message-ID: <new@outlook.example.test>\r\nX-Microsoft-Original-Message-ID:\r\n <self@example.test>";
    server.deliver(sampleMail("self", 1).replace("Message-ID: <self@example.test>", rewritten));
    deliver("other");
    start();
    await visit();
    expect(await account.running.findInSent("self@example.test", true)).toBe("inbox");
    expect(await account.running.findInSent("<other@example.test>", true)).toBe("inbox");
    expect(await account.running.findInSent("self@example.test")).toBe(false);
    expect(await account.running.findInSent("nobody@example.test", true)).toBe(false);
  });
});

test("over a metered line what is small comes, and the rest by itself over another one", async () => {
  start();
  account.running.setConditions({ onBattery: false, metered: true });
  deliver("small");
  server.deliver(sampleMail("large", 150));
  await visit();
  expect(subjects()).toEqual(["small"]);
  expect(account.running.health()).toMatchObject({ state: "up-to-date", done: 1, total: 2, pause: { why: "metered" } });
  account.running.setConditions({ onBattery: false, metered: false });
  await account.until("all is here", () => subjects().length === 2);
  expect(fetches()).toBe(2);
  expect(account.running.health()).toMatchObject({ total: 2, pause: null });
});

test.each([
  [null, 5],
  ["gmail", 10],
])("a mailbox of %s is visited every %i minutes", async (provider, minutes) => {
  account = testAccount(server.port, { leaveOnServer: { kind: "forever" }, startPool: parseHere });
  account.store.db.connection.prepare("UPDATE account SET provider = ?").run(provider);
  const waits: number[] = [];
  account.start({
    clock: () => now,
    timers: {
      after(ms, work) {
        if (ms < 60_000) return systemTimers.after(ms, work);
        waits.push(ms);
        return () => undefined;
      },
    },
  });
  await visit();
  expect(waits.at(-1)).toBe(minutes * 60_000);
});

test("a provider's limit of a day is kept, said, and over by itself", async () => {
  const later: { ms: number; work: () => void }[] = [];
  account = testAccount(server.port, { leaveOnServer: { kind: "forever" }, startPool: parseHere });
  account.store.db.connection.exec("UPDATE account SET provider = 'gmail'");
  noteUse(account.store, account.id, 1_200_000_000);
  server.deliver(sampleMail("large", 150));
  deliver("small");
  account.start({
    clock: () => now,
    timers: {
      after(ms, work) {
        if (ms <= 10 * 60_000) return systemTimers.after(ms, work);
        later.push({ ms, work });
        return () => undefined;
      },
    },
  });
  await visit();
  expect(subjects()).toEqual(["small"]);
  expect(account.running.health().pause).toMatchObject({ why: "bytes-a-day", bytesADay: 1_250_000_000 });
  now = account.running.health().pause?.until ?? 0;
  expect(later).toHaveLength(1);
  later[0]?.work();
  await account.until("all is here", () => subjects().length === 2);
});

test("a server that wants a pause between visits gets it", async () => {
  await server.stop();
  server = await ScriptedPop3.start({ capabilities: ["USER", "UIDL", "TOP", "LOGIN-DELAY 900"] });
  account = testAccount(server.port, { leaveOnServer: { kind: "forever" }, startPool: parseHere });
  const waits: number[] = [];
  account.start({
    clock: () => now,
    timers: {
      after(ms, work) {
        waits.push(ms);
        const timer = ms < 1000 ? setTimeout(work, ms) : null;
        return () => void (timer && clearTimeout(timer));
      },
    },
  });
  await visit();
  expect(waits).toContain(900_000);
});
