import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { silentLog } from "../../main/log.ts";
import type { TxtAnswer } from "../../main/signed/answers.ts";
import { writeBlob } from "../../main/store/blobs.ts";
import { ingestBodies } from "../../main/store/ingest-bodies.ts";
import { ingestHeaders } from "../../main/store/ingest-headers.ts";
import { readPlacement } from "../../main/store/placements.ts";
import { senderCheck } from "../../main/store/sender-checks.ts";
import { type ParsePool, startParsePool } from "../../main/sync/parse-pool.ts";
import { SenderChecks } from "../../main/sync/sender-checks.ts";
import type { MessageId, PlacementId } from "../../shared/ids.ts";
import { arc, dkim, signer, zone } from "../signed/support/signer.ts";
import { bodyOf, DAY, header, type Named, newMailbox, newProfile, type Profile, START } from "../store/mailbox.ts";

const bank = signer("bank.example");
const REJECT = { "_dmarc.bank.example": ["v=DMARC1; p=reject"] };
const LETTER = "Return-Path: <x@evil.test>\r\nFrom: ceo@bank.example\r\nTo: me@home.example\r\nSubject: Pay\r\n\r\nNow.\r\n";

let profile: Profile;
let folders: Record<Named, number>;
let pool: ParsePool;
let dns: (name: string) => TxtAnswer;
let asked: string[];
let online: boolean;
let checks: SenderChecks;
let uid = 0;

beforeAll(() => {
  profile = newProfile();
  pool = startParsePool({ size: 1, blobDir: profile.store.blobs.dir, log: silentLog });
});
beforeEach(() => {
  ({ folders } = newMailbox(profile.store, `user${++uid}@example.test`));
  [asked, online, dns] = [[], true, zone([bank], REJECT)];
  checks = new SenderChecks({
    store: profile.store,
    pool,
    log: silentLog,
    timers: {
      after(_ms, work) {
        work();
        return () => undefined;
      },
    },
    resolveTxt(name) {
      asked.push(name);
      return Promise.resolve(dns(name));
    },
    mayAsk: () => online,
  });
});
afterEach(() => checks.stop());
afterAll(async () => {
  await pool.close();
  profile.remove();
});

function arrive(message: string, folder: Named = "inbox", at = START - 1000): { placementId: PlacementId; messageId: MessageId } {
  const row = header({ uid: ++uid, at });
  const [made] = ingestHeaders(profile.store, folders[folder] as never, 1, [row]);
  const { hash } = writeBlob(profile.store.blobs.dir, Buffer.from(message), { durable: false });
  const placementId = made?.placementId ?? (0 as never);
  ingestBodies(profile.store, [{ placementId, body: bodyOf(row, hash) }]);
  return { placementId, messageId: readPlacement(profile.store.db, placementId)?.messageId ?? (0 as never) };
}
const check = ({ messageId }: { messageId: MessageId }) => senderCheck(profile.store.db, messageId);

test("new mail in the inbox is checked as it comes, and never again", async () => {
  const good = arrive(dkim(LETTER, bank));
  const forged = arrive(LETTER);
  checks.arrived();
  await expect.poll(() => check(forged)).toMatchObject({ vouching: { kind: "unvouched" }, settled: true });
  await expect.poll(() => check(good)).toMatchObject({ vouching: { kind: "signed", domain: "bank.example", server: "" }, settled: true });
  const before = asked.length;
  checks.arrived();
  expect(checks.opened(good.placementId, good.messageId)).toEqual({ kind: "signed", domain: "bank.example", server: "" });
  const next = arrive(dkim(`X-Other: 1\r\n${LETTER}`, bank));
  checks.opened(next.placementId, next.messageId);
  await expect.poll(() => check(next).settled).toBe(true);
  expect(asked.slice(before).toSorted()).toEqual(["_dmarc.bank.example", "_dmarc.example", "s1._domainkey.bank.example"]);
});

test("offline nothing is asked and nothing is said; online again it is made up for", async () => {
  online = false;
  const message = arrive(dkim(LETTER, bank));
  checks.arrived();
  expect(checks.opened(message.placementId, message.messageId)).toEqual({ kind: "unknown" });
  const told = arrive(`Authentication-Results: mx.evil.test; dmarc=pass header.from=bank.example\r\n${LETTER}`);
  checks.opened(told.placementId, told.messageId);
  await pool.vouch({ hash: "0".repeat(64) }, 0, {}).catch(() => undefined);
  expect(asked).toEqual([]);
  expect(check(message)).toEqual({ vouching: { kind: "unknown" }, settled: false });
  online = true;
  checks.opened(message.placementId, message.messageId);
  await expect.poll(() => check(message).vouching.kind).toBe("signed");
});

test("where DNS does not answer it is asked again later, and the window is not told of nothing", async () => {
  dns = () => "trouble";
  const message = arrive(dkim(LETTER, bank));
  checks.opened(message.placementId, message.messageId);
  await expect.poll(() => asked.length).toBe(3);
  await expect
    .poll(() => profile.store.db.connection.prepare("SELECT settled FROM sender_check WHERE message_id = ?").get(message.messageId))
    .toEqual({ settled: 0 });
  dns = zone([bank], REJECT);
  checks.opened(message.placementId, message.messageId);
  expect(asked).toHaveLength(3);
  profile.at(START + 6 * 60_000);
  checks.opened(message.placementId, message.messageId);
  await expect.poll(() => check(message)).toMatchObject({ vouching: { kind: "signed" }, settled: true });
  profile.at(START);
});

test("junk, sent mail and old mail are asked about nobody", async () => {
  const none = [
    arrive(dkim(`X: 1\r\n${LETTER}`, bank), "junk"),
    arrive(dkim(`X: 2\r\n${LETTER}`, bank), "sent"),
    arrive(dkim(`X: 3\r\n${LETTER}`, bank), "inbox", START - 40 * DAY),
  ];
  for (const { placementId, messageId } of none) checks.opened(placementId, messageId);
  const last = arrive(dkim(`X: 4\r\n${LETTER}`, bank), "archive", START - 20 * DAY);
  checks.opened(last.placementId, last.messageId);
  await expect.poll(() => check(last).settled).toBe(true);
  expect(none.map((one) => check(one).settled)).toEqual([false, false, false]);
});

test("a forwarded message needs its chain's keys, and gets them", async () => {
  const google = signer("google.com");
  dns = zone([bank, google], REJECT);
  const message = arrive(arc(dkim(LETTER, bank).replace("Now.", "Now. -- list"), google, "dmarc=pass header.from=bank.example"));
  checks.opened(message.placementId, message.messageId);
  await expect
    .poll(() => check(message).vouching)
    .toEqual({ kind: "forwarded", domain: "bank.example", through: "google.com", server: "" });
});
