import { afterEach, beforeEach, expect, test } from "vitest";
import { Unsubscribing } from "../../main/api/unsubscribing.ts";
import { silentLog } from "../../main/log.ts";
import type { Via } from "../../main/plan/proxy.ts";
import type { PostAnswer } from "../../main/plan/unsubscribe.ts";
import type { TxtAnswer } from "../../main/signed/answers.ts";
import { writeBlob } from "../../main/store/blobs.ts";
import { writeFolderList } from "../../main/store/folder-list.ts";
import { readFolders } from "../../main/store/folders.ts";
import { ingestBodies } from "../../main/store/ingest-bodies.ts";
import { ingestHeaders } from "../../main/store/ingest-headers.ts";
import { messageHead } from "../../main/store/views.ts";
import { type ParsePool, startParsePool } from "../../main/sync/parse-pool.ts";
import type { PlacementId } from "../../shared/ids.ts";
import { type Desk, openDesk } from "../outbox/support.ts";
import { FaultySmtp } from "../servers/smtp-faults.ts";
import { dkim, signer, zone } from "../signed/support/signer.ts";
import { bodyOf, header, listing } from "../store/mailbox.ts";

const esp = signer("sender.example");
const NAMES = "from:subject:list-unsubscribe:list-unsubscribe-post";
const URL_ = "https://shop.example/out";
const LIST = { id: "news.shop.example", leave: [], oneClick: true, discussion: false };
const WAY: Via = () => Promise.resolve([]);
const NEVER = new Promise<never>(() => undefined);

let smtp: FaultySmtp;
let desk: Desk;
let pool: ParsePool;
let online: boolean;
let dns: (name: string) => TxtAnswer;
let told: string[];
let answers: (PostAnswer | "never")[];
let leaving: Unsubscribing;
let uid = 0;

function begin(): void {
  leaving = new Unsubscribing({
    store: desk.store,
    profileDir: desk.profileDir,
    pool,
    worker: desk.worker,
    outbox: desk.outbox,
    timers: desk.time,
    log: silentLog,
    resolveTxt: (name) => Promise.resolve(dns(name)),
    async tell(url, beforeSending, via) {
      if (via !== WAY) throw new Error("not on its account's way");
      const answer = answers.shift() ?? { kind: "answered", status: 200, words: "OK", retryAfterMs: null };
      if (answer !== "never" && answer.kind === "not-reached") return answer;
      beforeSending();
      told.push(url);
      return answer === "never" ? await NEVER : answer;
    },
    viaFor: (account) => (account === desk.account ? WAY : undefined),
    mayAsk: () => online,
    random: () => 0.5,
  });
}

beforeEach(async () => {
  smtp = await FaultySmtp.start();
  desk = await openDesk(smtp.port);
  writeFolderList(desk.store, desk.account, listing());
  pool = startParsePool({ size: 1, blobDir: desk.store.blobs.dir, log: silentLog });
  [online, told, answers, dns] = [true, [], [], zone([esp])];
  begin();
});
afterEach(async () => {
  leaving.stop();
  await pool.close();
  await desk.close();
  await smtp.stop();
});

function arrive(more = "", { signed = true } = {}): PlacementId {
  const inbox = readFolders(desk.store, desk.account).find(({ role }) => role === "inbox");
  if (inbox === undefined) throw new Error("no inbox");
  const row = header({ uid: ++uid, from: { name: "Shop", address: "news@shop.example" }, subject: "Offers" });
  const text = `From: Shop <news@shop.example>\r\nSubject: Offers ${uid}\r\nList-Id: <news.shop.example>\r\nList-Unsubscribe: <mailto:out@shop.example?subject=off&body=stop&bcc=all@shop.example>,\r\n <${URL_}?id=${uid}>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n${more}\r\nBuy.\r\n`;
  const [made] = ingestHeaders(desk.store, inbox.id, 1, [row]);
  const { hash } = writeBlob(desk.store.blobs.dir, Buffer.from(signed ? dkim(text, esp, { names: NAMES }) : text), { durable: false });
  const placementId = made?.placementId ?? (0 as never);
  ingestBodies(desk.store, [{ placementId, body: bodyOf(row, hash) }]);
  return placementId;
}
const asked = (id: PlacementId) => leaving.asked(messageHead(desk.store, id), LIST);
const state = (id: PlacementId) => asked(id)?.state;

test("a list whose sender has signed that is told once, and all its messages know", async () => {
  const [first, second] = [arrive(), arrive()];
  const { ways, checked } = await leaving.look(first);
  expect([ways.map(({ kind }) => kind), checked]).toEqual([["post", "mail", "page"], true]);
  expect([told, asked(first)]).toEqual([[], null]);
  await Promise.all([leaving.ask(first, "post"), leaving.ask(first, "post")]);
  await expect.poll(() => state(first)).toBe("told");
  await leaving.ask(first, "post");
  leaving.wake();
  expect(told).toEqual([`${URL_}?id=1`]);
  expect(asked(second)).toMatchObject({ state: "told", target: "shop.example", askedAt: desk.time.now, here: false });
});

test("without a signature nothing is posted: neither offered nor done", async () => {
  const id = arrive("", { signed: false });
  expect((await leaving.look(id)).ways.map(({ kind }) => kind)).toEqual(["mail", "page"]);
  await expect(leaving.ask(id, "post")).rejects.toMatchObject({ code: "invalid-input" });
  expect([told, asked(id)]).toEqual([[], null]);
});

test("offline it waits on disk, over an end of the program, and the signature is looked at before anybody is told", async () => {
  online = false;
  const [good, forged] = [arrive(), arrive("List-Id: <other.example>\r\n")];
  expect((await leaving.look(good)).checked).toBe(false);
  await leaving.ask(good, "post");
  expect([state(good), told]).toEqual(["waiting", []]);
  leaving.stop();
  begin();
  leaving.wake();
  expect(state(good)).toBe("waiting");
  online = true;
  leaving.wake();
  await expect.poll(() => state(good)).toBe("told");
  expect(told).toHaveLength(1);

  online = false;
  dns = zone([]);
  await leaving.ask(forged, "post");
  online = true;
  leaving.wake();
  await expect.poll(() => state(forged)).toBe("unsigned");
  expect(told).toHaveLength(1);
});

test("ended while it was telling, nobody is told again: it may have been heard", async () => {
  answers = ["never"];
  const id = arrive();
  await leaving.ask(id, "post");
  await expect.poll(() => told.length).toBe(1);
  leaving.stop();
  begin();
  expect(state(id)).toBe("unknown");
  leaving.wake();
  await leaving.ask(id, "post");
  expect(told).toHaveLength(1);
});

test("a server that cannot be reached is tried again by itself; its no is final and told in its words", async () => {
  answers = [
    { kind: "not-reached", words: "" },
    { kind: "answered", status: 503, words: "busy", retryAfterMs: null },
    { kind: "answered", status: 410, words: "no such list", retryAfterMs: null },
  ];
  const id = arrive();
  await leaving.ask(id, "post");
  for (const left of [2, 1, 0]) {
    await expect.poll(() => answers.length).toBe(left);
    if (left === 0) break;
    await expect.poll(() => state(id)).toBe("waiting");
    await expect
      .poll(() => {
        desk.time.pass(60_000);
        return answers.length;
      })
      .toBe(left - 1);
  }
  await expect.poll(() => asked(id)).toMatchObject({ state: "refused", status: 410, words: "no such list" });
  desk.time.pass(86_400_000);
  expect(told).toHaveLength(2);
});

test("a mail is what was shown: to one address, nothing hidden, once, and it lies in Sent", async () => {
  const id = arrive();
  await Promise.all([leaving.ask(id, "mail"), leaving.ask(id, "mail")]);
  await desk.until(() => desk.sent.length === 1);
  expect(smtp.received.map(({ from, to }) => ({ from, to }))).toEqual([{ from: "user1@example.test", to: ["out@shop.example"] }]);
  const bytes = smtp.received[0]?.bytes.toString() ?? "";
  expect(bytes).toContain("\r\nSubject: off\r\n");
  expect(bytes).toMatch(/\r\n\r\nstop\r\n/u);
  expect(bytes).not.toMatch(/all@shop|User One/u);
  expect(asked(id)).toMatchObject({ way: "mail", state: "told", target: "out@shop.example", here: true });
});
