import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { calendarHandlers } from "../../main/api/calendar.ts";
import type { Parts } from "../../main/api/parts.ts";
import { silentLog } from "../../main/log.ts";
import { calendarsOf } from "../../main/mime/calendar-parts.ts";
import { parseArrived } from "../../main/mime/parse-arrived.ts";
import { parseForReading } from "../../main/mime/parse-for-reading.ts";
import { Invitations } from "../../main/outbox/invitations.ts";
import { insertAccount } from "../../main/store/accounts.ts";
import { writeBlob } from "../../main/store/blobs.ts";
import { writeFolderList } from "../../main/store/folder-list.ts";
import { readFolders } from "../../main/store/folders.ts";
import { ingestBodies } from "../../main/store/ingest-bodies.ts";
import { ingestHeaders } from "../../main/store/ingest-headers.ts";
import type { Answer, Invitation } from "../../shared/contract/calendar.ts";
import type { PlacementId } from "../../shared/ids.ts";
import { BERLIN, calendar, type EventLines, invitationMail } from "../mime/support/calendars.ts";
import { FaultySmtp } from "../servers/smtp-faults.ts";
import { bodyOf, header, listing } from "../store/mailbox.ts";
import { parseHere } from "../support/parse-here.ts";
import { accountOn, type Desk, openDesk } from "./support.ts";

const MIRA = "mira@atelier.example";
const UNDO_SECONDS = 10;
const WINDOW = { correlation: "c", log: silentLog };

let server: FaultySmtp;
let desk: Desk;
let handlers: ReturnType<typeof calendarHandlers>;

/** What answers the window, on the desk's store and outbox. */
function serve(): void {
  const { store, profileDir, outbox, worker } = desk;
  const pool = parseHere({ size: 1, blobDir: store.blobs.dir, log: silentLog });
  const invitations = new Invitations({ store, profileDir, outbox, worker, undoSeconds: () => UNDO_SECONDS });
  const host = { language: "en" };
  handlers = calendarHandlers({ store, pool, invitations, host, likelyCharsets: () => [], log: silentLog } as unknown as Parts);
}

beforeEach(async () => {
  server = await FaultySmtp.start();
  desk = await openDesk(server.port);
  writeFolderList(desk.store, desk.account, listing());
  serve();
});
afterEach(async () => {
  await desk.close();
  await server.stop();
});

let uid = 0;
/** A message that has come in with all its bytes. */
function arrive(bytes: Buffer, folder = "inbox"): PlacementId {
  uid += 1;
  const into = readFolders(desk.store, desk.account).find(({ path }) => path === folder);
  if (into === undefined) throw new Error("no folder");
  const { summary } = parseArrived(bytes);
  const [from] = summary.from;
  const row = header({ uid, id: summary.messageIdHeader ?? "", from: from ?? { name: "", address: "" }, subject: summary.subject });
  const [one] = ingestHeaders(desk.store, into.id, 1, [row]);
  const placementId = one?.placementId ?? (0 as PlacementId);
  const { hash } = writeBlob(desk.store.blobs.dir, bytes, { durable: false });
  ingestBodies(desk.store, [{ placementId, body: bodyOf(row, hash, { ...summary }) }]);
  return placementId;
}

let messages = 0;
const invite = (lines: EventLines = {}, more: Parameters<typeof invitationMail>[1] & { folder?: string } = {}): PlacementId =>
  arrive(invitationMail(calendar(lines), { id: `m${++messages}@atelier.example`, ...more }), more.folder);

async function read(placementId: PlacementId): Promise<Invitation> {
  const { invitations } = await handlers["calendar.read"]({ placementId }, WINDOW);
  const [one] = invitations;
  if (one === undefined) throw new Error("no invitation");
  return one;
}
const answer = async (placementId: PlacementId, said: Answer, comment = "") =>
  await handlers["calendar.answer"]({ placementId, index: 0, answer: said, comment }, WINDOW);

const received = () => server.received.map(({ bytes }) => Buffer.from(bytes));
/** What the calendar of an answer says, its folds undone. */
function calendarIn(mail: Buffer): string {
  const part = /Content-Type: text\/calendar.*?\r\n\r\n(.*?)\r\n--/su.exec(mail.toString())?.[1] ?? "";
  return Buffer.from(part, "base64").toString().replaceAll("\r\n ", "");
}

describe("what else is said of an event", () => {
  /** An invitation that somebody has attached to their own message. */
  const passedOn = (from: string): PlacementId => {
    const inner = invitationMail(calendar({ uid: "inner@atelier.example" }), { id: "inner@atelier.example" });
    const head = `From: ${from}\r\nTo: user1@example.test\r\nMessage-ID: <outer${++messages}@there.example>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="o"\r\n\r\n--o\r\nContent-Type: message/rfc822\r\n\r\n`;
    return arrive(Buffer.concat([Buffer.from(head), inner, Buffer.from("\r\n--o--\r\n")]));
  };
  const readInside = async (placementId: PlacementId) =>
    (await handlers["calendar.read"]({ placementId, inside: "1" }, WINDOW)).invitations;
  const answerInside = async (placementId: PlacementId) =>
    await handlers["calendar.answer"]({ placementId, inside: "1", index: 0, answer: "accepted", comment: "" }, WINDOW);

  test("an invitation that somebody else passed on inside a message is told as it is, and answered where it came by itself", async () => {
    const outer = passedOn("Ann <ann@there.example>");
    expect(await handlers["calendar.read"]({ placementId: outer }, WINDOW)).toMatchObject({ invitations: [] });
    expect(await readInside(outer)).toMatchObject([
      { title: "Kiln opening", part: "1~2", noAnswer: "inside", you: "user1@example.test", original: null },
    ]);
    await expect(answer(outer, "accepted")).rejects.toMatchObject({ code: "part-gone" });
    await expect(answerInside(outer)).rejects.toMatchObject({ code: "invalid-input", params: { what: "inside" } });
    const original = invite({ uid: "inner@atelier.example" });
    expect(await readInside(outer)).toMatchObject([{ noAnswer: "inside", original: { placementId: original } }]);
  });

  test.each([
    ["its organiser", `Mira <${MIRA}>`],
    ["the user, from an address of their own", "User One <USER1@example.test>"],
  ])("an invitation that %s sent on inside a message is answered from there, once", async (_, from) => {
    const outer = passedOn(from);
    expect(await readInside(outer)).toMatchObject([{ noAnswer: null, original: null }]);
    await answerInside(outer);
    expect(await answerInside(outer)).toMatchObject({ outboxId: null });
    expect(await readInside(outer)).toMatchObject([{ answer: { answer: "accepted" } }]);
    desk.time.pass(UNDO_SECONDS * 1000);
    await desk.until(() => desk.sent.length === 1);
    expect(server.received.map(({ to }) => to)).toEqual([[MIRA]]);
    expect(calendarIn(received()[0] ?? Buffer.alloc(0))).toContain("UID:inner@atelier.example");
  });

  test("a proposal of another time says what was planned, by the organiser's own word only", async () => {
    invite({ uid: "p@atelier.example", organiser: `mailto:${MIRA}` });
    const from = "Ana <ana@harbour.example>";
    const lines: EventLines = {
      uid: "p@atelier.example",
      method: "COUNTER",
      organiser: `mailto:${MIRA}`,
      attendees: ["mailto:ana@harbour.example"],
      start: "DTSTART;TZID=Asia/Shanghai:20261203T100000",
      end: "DTEND;TZID=Asia/Shanghai:20261203T113000",
    };
    const proposed = await read(invite(lines, { from }));
    expect(proposed).toMatchObject({ method: "counter", noAnswer: "asks-nothing", standing: { kind: "current" } });
    expect(proposed.changes).toMatchObject([{ what: "time", start: { at: Date.UTC(2026, 11, 2, 6) } }]);
    const elsewhere = await read(invite({ ...lines, organiser: "mailto:other@atelier.example" }, { from }));
    expect(elsewhere.changes).toEqual([]);
  });
});

describe("an answer", () => {
  test("goes to the organiser once, as the attendee that was invited, with all that finds the event again", async () => {
    const id = invite({
      uid: "series@atelier.example",
      sequence: 3,
      beside: BERLIN,
      start: "DTSTART;TZID=Customized Time Zone:20261202T140000",
      end: "DTEND;TZID=Customized Time Zone:20261202T153000",
      attendees: ["mailto:other@harbour.example", 'ATTENDEE;CN="One, User";ROLE=OPT-PARTICIPANT;RSVP=TRUE:MAILTO:User1@Example.test'],
      more: ["RECURRENCE-ID;TZID=Customized Time Zone:20261202T130000"],
    });
    expect(await read(id)).toMatchObject({ you: "User1@Example.test", noAnswer: null, answer: null });
    const [first, second] = await Promise.all([answer(id, "accepted", "Gladly; with Ana"), answer(id, "accepted", "Gladly; with Ana")]);
    expect([first?.outboxId, second?.outboxId].filter((one) => one !== null)).toHaveLength(1);
    desk.time.pass(UNDO_SECONDS * 1000);
    await desk.until(() => desk.sent.length === 1);
    const [mail] = received();
    if (mail === undefined) throw new Error("nothing sent");
    expect(server.received.map(({ from, to }) => ({ from, to }))).toEqual([{ from: "user1@example.test", to: [MIRA] }]);
    const { header: head, text } = parseForReading(mail);
    expect(head).toMatchObject({
      subject: "Accepted: Kiln opening",
      from: [{ name: "User One", address: "user1@example.test" }],
      to: [{ name: "Mira Okafor", address: MIRA }],
      inReplyTo: `m${messages}@atelier.example`,
    });
    expect(text).toContain("User One accepts the invitation.\n\nGladly; with Ana");
    const said = calendarIn(mail);
    const lines = said.split("\r\n");
    for (const line of [
      "METHOD:REPLY",
      "UID:series@atelier.example",
      "SEQUENCE:3",
      "RECURRENCE-ID;TZID=Customized Time Zone:20261202T130000",
      "ORGANIZER;CN=Mira Okafor:mailto:mira@atelier.example",
      'ATTENDEE;CN="One, User";ROLE=OPT-PARTICIPANT;PARTSTAT=ACCEPTED:MAILTO:User1@Example.test',
      "DTSTAMP:20261121T090000Z",
      "TZID:Customized Time Zone",
      "COMMENT:Gladly\\; with Ana",
    ])
      expect(lines).toContain(line);
    expect(said.match(/ATTENDEE/gu)).toHaveLength(1);
    expect(mail.toString()).toMatch(/Content-Type: text\/calendar; charset=utf-8; method=REPLY/iu);
    expect(calendarsOf(mail).map(({ event }) => [event.method, event.start?.at])).toEqual([["reply", Date.parse("2026-12-02T13:00:00Z")]]);
    // Once more says the same, and sends nothing.
    expect(await answer(id, "accepted")).toEqual({ outboxId: null, undoUntil: 0 });
    expect(desk.outbox.list().items).toHaveLength(1);
  });

  test("is known after a restart, and by every message about the same event", async () => {
    const id = invite();
    await answer(id, "tentative", "Depends on the ferry");
    expect((await read(id)).answer).toMatchObject({ answer: "tentative", waiting: { undoUntil: desk.time.now + 10_000 } });
    const { profileDir, time } = desk;
    await desk.close(true);
    desk = await openDesk(server.port, {}, profileDir);
    desk.time.now = time.now + 10_000;
    serve();
    desk.outbox.wake();
    await desk.until(() => desk.sent.length === 1);
    expect((await read(id)).answer).toEqual({
      answer: "tentative",
      comment: "Depends on the ferry",
      at: time.now,
      waiting: null,
      before: false,
    });
    expect((await read(invite({ stamp: "20261121T100000Z" }))).answer).toMatchObject({ answer: "tentative", before: false });
    expect((await read(invite({ sequence: 1 }))).answer).toMatchObject({ answer: "tentative", before: true });
  });

  test("is taken back within the seconds of Send, and then nothing was answered and nothing leaves", async () => {
    const id = invite();
    const { outboxId } = await answer(id, "declined");
    if (outboxId === null) throw new Error("not queued");
    await desk.outbox.cancel(outboxId);
    expect((await read(id)).answer).toBeNull();
    desk.time.pass(60_000);
    expect(server.connections).toBe(0);
    // It can be answered again, and that is one answer.
    await answer(id, "accepted");
    desk.time.pass(60_000);
    await desk.until(() => desk.sent.length === 1);
    expect(received().map((mail) => parseForReading(mail).header.subject)).toEqual(["Accepted: Kiln opening"]);
  });

  test("that is changed before it has left is one message; changed later it is a second one that counts", async () => {
    const id = invite();
    await answer(id, "accepted");
    await answer(id, "declined");
    desk.time.pass(60_000);
    await desk.until(() => desk.sent.length === 1);
    expect((await read(id)).answer).toMatchObject({ answer: "declined", waiting: null });
    desk.time.pass(60_000);
    await answer(id, "accepted");
    desk.time.pass(60_000);
    await desk.until(() => desk.sent.length === 2);
    expect(received().map((mail) => parseForReading(mail).header.subject)).toEqual(["Declined: Kiln opening", "Accepted: Kiln opening"]);
    expect((await read(id)).answer).toMatchObject({ answer: "accepted" });
  });

  test("cannot carry lines of the invitation's making into the answer", async () => {
    const id = invite({
      title: "Kiln\\nMETHOD:CANCEL",
      organiser: "mailto:mira@atelier.example\u2028ATTENDEE:x",
      more: ['ORGANIZER;CN="Mira^nMETHOD:CANCEL":mailto:mira@atelier.example'],
    });
    expect((await read(id)).noAnswer).toBe("no-organiser");
    await expect(answer(id, "accepted")).rejects.toMatchObject({ code: "invalid-input" });
    const other = invite({ uid: "two\u000bMETHOD:CANCEL", title: "Kiln^n\u2028METHOD:CANCEL" });
    await answer(other, "accepted");
    desk.time.pass(60_000);
    await desk.until(() => desk.sent.length === 1);
    const [mail] = received();
    expect(calendarIn(mail ?? Buffer.alloc(0)).match(/^METHOD:.*$/gmu)).toEqual(["METHOD:REPLY"]);
  });
});

describe("a card", () => {
  test("has no buttons for who is not invited, who invites, what was said before, what is in Junk, and what only informs", async () => {
    const why = async (lines: EventLines, more?: Parameters<typeof invite>[1]) => (await read(invite(lines, more))).noAnswer;
    expect(await why({ uid: "a", attendees: ["mailto:other@harbour.example"] })).toBe("not-invited");
    expect(await why({ uid: "b", organiser: "mailto:user1@example.test" })).toBe("organiser");
    expect(await why({ uid: "c", organiser: "" })).toBe("no-organiser");
    expect(await why({ uid: "d", method: "PUBLISH" })).toBe("asks-nothing");
    expect(await why({ uid: "e", method: "CANCEL" })).toBe("asks-nothing");
    expect(await why({ uid: "" })).toBe("broken");
    expect(await why({ uid: "f" }, { folder: "junk" })).toBe("junk");
    expect(await why({ uid: "g" })).toBeNull();
  });

  test("of an account's message is for that account, also when its organiser is another account of the user", async () => {
    insertAccount(desk.store, { name: "M", address: MIRA, personName: "Mira", settings: accountOn(server.port), provider: null });
    expect(await read(invite())).toMatchObject({ you: "user1@example.test", noAnswer: null });
    expect(await read(invite({ attendees: ["mailto:other@harbour.example"] }))).toMatchObject({ you: MIRA, noAnswer: "organiser" });
  });

  test("says what an update changes, and of the invitation before it that it no longer counts", async () => {
    const old = invite({ place: "Room 1" });
    const update = invite({
      sequence: 1,
      start: "DTSTART;TZID=Asia/Shanghai:20261203T140000",
      end: "DTEND;TZID=Asia/Shanghai:20261203T153000",
      place: "Room 2",
    });
    expect((await read(update)).changes).toMatchObject([
      { what: "time", start: { at: Date.parse("2026-12-02T06:00:00Z") } },
      { what: "place", before: "Room 1" },
    ]);
    expect(await read(old)).toMatchObject({
      standing: { kind: "outdated", newest: { placementId: update } },
      noAnswer: "outdated",
      changes: [],
    });
    const cancel = invite({ method: "CANCEL", sequence: 2 });
    expect(await read(update)).toMatchObject({ standing: { kind: "cancelled", newest: { placementId: cancel } }, noAnswer: "cancelled" });
    // Invited anew, with a higher sequence.
    const again = invite({ sequence: 3 });
    expect((await read(again)).standing).toEqual({ kind: "current" });
  });

  test("believes nobody but the organiser about a cancellation", async () => {
    const id = invite();
    invite({ method: "CANCEL", sequence: 9 }, { from: "Somebody <evil@else.example>" });
    invite({ method: "CANCEL", sequence: 9, organiser: "mailto:evil@else.example" }, { from: "Somebody <evil@else.example>" });
    expect((await read(id)).standing).toEqual({ kind: "current" });
  });

  test("of one's own invitation tells who has answered, as each wrote it themselves", async () => {
    const guests = ["mailto:ana@harbour.example", "mailto:ben@harbour.example"];
    const own = { organiser: "mailto:user1@example.test", attendees: guests };
    const id = invite(own, { from: "user1@example.test", folder: "sent" });
    const reply = (who: string, from: string, state: string) =>
      invite({ ...own, method: "REPLY", attendees: [`ATTENDEE;PARTSTAT=${state}:mailto:${who}`] }, { from });
    const told = reply("ana@harbour.example", "Ana <ana@harbour.example>", "ACCEPTED");
    reply("ben@harbour.example", "Eve <eve@else.example>", "DECLINED");
    expect((await read(id)).attendees.map(({ state }) => state)).toEqual(["accepted", "needs-action"]);
    expect((await read(id)).people).toEqual({ all: 2, accepted: 1, tentative: 0, declined: 0 });
    expect(await read(told)).toMatchObject({
      method: "reply",
      noAnswer: "asks-nothing",
      attendees: [{ address: "ana@harbour.example", state: "accepted" }],
    });
  });

  test("finds the user among ten thousand, and tells the window of two hundred", async () => {
    const crowd = Array.from({ length: 10_000 }, (_, n) => `mailto:guest${n}@fair.example`);
    const { attendees, people, you, noAnswer } = await read(invite({ attendees: [...crowd, "mailto:user1@example.test"] }));
    expect([attendees.length, people.all, attendees[0]?.address, you, noAnswer]).toEqual([
      200,
      10_001,
      "user1@example.test",
      "user1@example.test",
      null,
    ]);
  });

  test("tells that the answer goes to another address than the message came from", async () => {
    expect((await read(invite({ uid: "x" }, { from: "Calendar <calendar@service.example>" }))).organiserElsewhere).toBe(true);
    expect((await read(invite({ uid: "y" }))).organiserElsewhere).toBe(false);
  });
});
