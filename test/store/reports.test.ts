import { expect, test } from "vitest";
import { removeAccount } from "../../main/store/accounts.ts";
import { deliveryOf } from "../../main/store/deliveries.ts";
import { ingestBodies } from "../../main/store/ingest-bodies.ts";
import { ingestHeaders } from "../../main/store/ingest-headers.ts";
import { removeByUids } from "../../main/store/reconcile.ts";
import { forgetVanished } from "../../main/store/safety-net.ts";
import { storyOf } from "../../main/store/story.ts";
import type { Address } from "../../shared/address.ts";
import type { ArrivedReport, ReportedRecipient } from "../../shared/delivery.ts";
import type { AccountId, FolderId, PlacementId } from "../../shared/ids.ts";
import { eachMailbox } from "./each-mailbox.ts";
import { bodyOf, DAY, header, MINUTE, type Named, type Profile, START, type Wanted } from "./mailbox.ts";

let profile: Profile;
let account: AccountId;
let folders: Record<Named, FolderId>;

eachMailbox((made) => {
  ({ profile, account, folders } = made);
});

const ME: Address = { name: "User One", address: "user1@example.test" };
const person = (name: string): Address => ({ name, address: `${name}@there.example` });
const ANN = person("ann");
const BOB = person("bob");

function send(wanted: Partial<Wanted> & { uid: number }): PlacementId {
  const row = header({ id: `sent-${wanted.uid}@example.test`, subject: "Lunch", from: ME, to: [ANN, BOB], at: START, ...wanted });
  return ingestHeaders(profile.store, folders.sent, 1, [row])[0]?.placementId ?? (0 as PlacementId);
}

function said(address: string, more: Partial<ReportedRecipient> = {}): ReportedRecipient {
  return {
    address,
    finalAddress: "",
    action: "failed",
    reason: "address-unknown",
    status: "5.1.1",
    words: "550 no such user",
    host: "mx.there.example",
    retryUntil: null,
    ...more,
  };
}

type Said = {
  messageIds?: string[];
  subject?: string;
  recipients?: ReportedRecipient[];
  kind?: ArrivedReport["kind"];
  distrusted?: boolean;
  envelopeId?: string;
};

function report({
  messageIds = [],
  subject = "",
  recipients = [said(BOB.address)],
  kind = "delivery",
  distrusted = false,
  envelopeId = "",
}: Said): ArrivedReport {
  return {
    kind,
    recipients,
    original: { messageIds, envelopeId, subject, to: [], sentAt: null },
    reportingHost: "mx.example.test",
    distrusted,
  };
}

function arrive(uid: number, what: Said, folder: Named = "inbox", at = START + MINUTE): PlacementId {
  const row = header({ uid, at, subject: "Undelivered Mail Returned to Sender" });
  const [one] = ingestHeaders(profile.store, folders[folder], 1, [row]);
  const placementId = one?.placementId ?? (0 as PlacementId);
  ingestBodies(profile.store, [{ placementId, body: bodyOf(row, undefined, { report: report(what) }) }]);
  return placementId;
}

const sentOf = (id: PlacementId) =>
  deliveryOf(profile.store.db, id).sent?.map(({ address, state, reason }) => [address, state, reason]) ?? null;
const original = (id: PlacementId) => deliveryOf(profile.store.db, id).report?.original?.placementId ?? null;
const fare = (id: PlacementId) =>
  profile.store.db.connection
    .prepare("SELECT delivery FROM message JOIN placement ON placement.message_id = message.id WHERE placement.id = ?")
    .pluck()
    .get(id);

test("a bounce is shown on the message it names, on the one who did not get it, and leads there", () => {
  const sent = send({ uid: 1 });
  const bounce = arrive(2, { messageIds: ["sent-1@example.test"] });
  expect(sentOf(sent)).toEqual([
    [ANN.address, "accepted", null],
    [BOB.address, "failed", "address-unknown"],
  ]);
  expect(deliveryOf(profile.store.db, sent).sent?.[1]).toMatchObject({
    words: "550 no such user",
    report: { placementId: bounce },
  });
  expect(original(bounce)).toBe(sent);
  expect(fare(sent)).toBe(2);
  expect(storyOf(profile.store.db, sent)).toContainEqual({
    kind: "reported",
    at: expect.any(Number) as number,
    address: BOB.address,
    action: "failed",
    reason: "address-unknown",
  });
});

test("an original that is listed after its bounce gets what waited for it", () => {
  const bounce = arrive(2, { messageIds: ["rewritten@host.example", "sent-1@example.test"] });
  expect(original(bounce)).toBeNull();
  const sent = send({ uid: 1 });
  expect(original(bounce)).toBe(sent);
  expect(fare(sent)).toBe(2);
});

test("where the host gave the message another id, subject, recipient and time together tell, if only one message fits", () => {
  const sent = send({ uid: 1 });
  const bounce = arrive(2, { messageIds: ["rewritten@host.example"], subject: "Lunch" });
  expect(original(bounce)).toBe(sent);
  send({ uid: 3, at: START + 1000 });
  const doubtful = arrive(4, { messageIds: ["other@host.example"], subject: "Lunch" });
  expect(original(doubtful)).toBeNull();
});

test("an original that comes late and has another id than its bounce names is found as well", () => {
  const bounce = arrive(2, { messageIds: ["rewritten@host.example"], subject: "Lunch" });
  const sent = send({ uid: 1 });
  expect(original(bounce)).toBe(sent);
});

test("the id of the envelope may be the message's own", () => {
  const sent = send({ uid: 1 });
  expect(original(arrive(2, { envelopeId: "<sent-1@example.test>" }))).toBe(sent);
});

test("a report changes nothing when it is about mail of others, names nobody the message went to, was found forged, or lies in Junk", () => {
  const sent = send({ uid: 1, to: [ANN, BOB] });
  const theirs = ingestHeaders(profile.store, folders.inbox, 1, [header({ uid: 8, id: "theirs@example.test", from: ANN, to: [ME] })])[0];
  const claimed = ingestHeaders(profile.store, folders.inbox, 1, [header({ uid: 9, id: "claimed@example.test", from: ME, to: [BOB] })])[0];
  const reports = [
    arrive(20, { messageIds: ["theirs@example.test"] }),
    arrive(21, { messageIds: ["claimed@example.test"] }),
    arrive(22, { messageIds: ["sent-1@example.test"], recipients: [said("stranger@else.example")] }),
    arrive(23, { messageIds: ["sent-1@example.test"], distrusted: true }),
    arrive(24, { messageIds: ["sent-1@example.test"] }, "junk"),
    arrive(25, { messageIds: ["sent-1@example.test"] }, "inbox", START - 2 * DAY),
  ];
  expect(reports.map(original)).toEqual([null, null, null, null, null, null]);
  expect(sentOf(sent)).toBeNull();
  expect([theirs, claimed].map((one) => sentOf(one?.placementId ?? (0 as PlacementId)))).toEqual([null, null]);
  // What it says is still told on the report itself.
  expect(deliveryOf(profile.store.db, reports[2] ?? (0 as PlacementId)).report?.outcomes).toMatchObject([
    { address: "stranger@else.example", state: "failed" },
  ]);
});

test("an alias nobody wrote to is the only recipient's own", () => {
  const sent = send({ uid: 1, to: [ANN] });
  arrive(2, { messageIds: ["sent-1@example.test"], recipients: [said("a.n@inside.example")] });
  expect(deliveryOf(profile.store.db, sent).sent).toMatchObject([
    { address: ANN.address, name: "ann", finalAddress: "a.n@inside.example", state: "failed" },
  ]);
});

test("what was said last holds, but what was delivered is not delayed any more and what was read has arrived", () => {
  const sent = send({ uid: 1, to: [ANN] });
  const ids = { messageIds: ["sent-1@example.test"] };
  arrive(2, { ...ids, recipients: [said(ANN.address, { action: "delayed", reason: "unreachable" })] });
  expect(fare(sent)).toBe(1);
  arrive(3, { ...ids, recipients: [said(ANN.address, { action: "relayed", reason: null })] }, "inbox", START + 2 * MINUTE);
  arrive(4, { ...ids, recipients: [said(ANN.address, { action: "delayed", reason: "unreachable" })] }, "inbox", START + 3 * MINUTE);
  expect(sentOf(sent)).toEqual([[ANN.address, "relayed", null]]);
  expect(fare(sent)).toBe(0);
  arrive(5, { ...ids, kind: "receipt", recipients: [said(ANN.address, { action: "read", reason: null })] }, "inbox", START + 4 * MINUTE);
  arrive(6, { ...ids, recipients: [said(ANN.address)] }, "inbox", START + 5 * MINUTE);
  expect(sentOf(sent)).toEqual([[ANN.address, "read", null]]);
});

test("a receipt of somebody the message did not go to is no receipt for it", () => {
  const sent = send({ uid: 1 });
  arrive(2, {
    messageIds: ["sent-1@example.test"],
    kind: "receipt",
    recipients: [said("stranger@else.example", { action: "read", reason: null })],
  });
  expect(sentOf(sent)).toBeNull();
});

test("what a bounce told is still known when the bounce is gone; one that told nothing goes with its message", async () => {
  const sent = send({ uid: 1 });
  const bounce = arrive(2, { messageIds: ["sent-1@example.test"] });
  const other = arrive(3, { messageIds: ["nobody@example.test"] });
  await removeByUids(profile.store, folders.inbox, 1, [2, 3]);
  profile.at(START + 100 * DAY);
  forgetVanished(profile.store, [bounce, other]);
  expect(sentOf(sent)?.[1]).toEqual([BOB.address, "failed", "address-unknown"]);
  expect(deliveryOf(profile.store.db, sent).sent?.[1]?.report).toBeNull();
  expect(profile.store.db.connection.prepare("SELECT count(*) FROM report").pluck().get()).toBe(1);
});

test("reports go with their account", async () => {
  send({ uid: 1 });
  arrive(2, { messageIds: ["sent-1@example.test"] });
  arrive(3, { messageIds: ["nobody@example.test"] });
  await removeAccount(profile.store, account);
  for (const table of ["report", "report_recipient", "report_candidate"])
    expect(profile.store.db.connection.prepare(`SELECT count(*) FROM ${table}`).pluck().get()).toBe(0);
});

test("rows of Sent and whoever reads the message are told", async () => {
  const sent = send({ uid: 1 });
  await new Promise((resolve) => setTimeout(resolve, 80));
  const heard: string[] = [];
  profile.store.changes.subscribe(({ event, data }) =>
    heard.push(event === "mail.changed" ? `${event} ${(data as { view: string }).view}` : event),
  );
  arrive(2, { messageIds: ["sent-1@example.test"] });
  await expect.poll(() => heard).toContain(`mail.changed folder:${folders.sent}`);
  expect(heard).toContain("mail.updated");
  expect(sent).toBeGreaterThan(0);
});
