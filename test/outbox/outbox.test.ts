import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { removeAccount } from "../../main/store/accounts.ts";
import { Failure } from "../../shared/failure.ts";
import { FaultySmtp } from "../servers/smtp-faults.ts";
import { type Desk, openDesk } from "./support.ts";

let server: FaultySmtp;
let desk: Desk;
beforeEach(async () => {
  server = await FaultySmtp.start();
  desk = await openDesk(server.port);
});
afterEach(async () => {
  await desk.close();
  await server.stop();
});

const B = { name: "B", address: "b@example.test" };
const C = { name: "C", address: "c@example.test" };

async function reopen(more: Parameters<typeof openDesk>[1]): Promise<void> {
  await desk.close();
  desk = await openDesk(server.port, more);
}

test("a message goes from draft through the server into Sent, once, and its draft is gone", async () => {
  const id = await desk.send();
  await desk.until(() => desk.item(id).state === "filed");
  const { messageIdHeader } = { messageIdHeader: desk.sent[0]?.id };
  expect(server.received.length).toBe(1);
  expect(server.received[0]).toMatchObject({ from: "user1@example.test", to: ["b@example.test"] });
  expect(server.received[0]?.bytes.toString()).toContain(`<${messageIdHeader}>`);
  expect(desk.sent.length).toBe(1);
  expect(desk.sent[0]?.bytes.equals(server.received[0]?.bytes ?? Buffer.alloc(0))).toBe(true);
  expect(desk.composing.drafts()).toEqual([]);
  expect(desk.notices.map(({ code }) => code)).toEqual(["message-sent"]);
  expect(desk.item(id)).toMatchObject({
    state: "filed",
    stage: "answered",
    recipients: [{ address: "b@example.test", state: "accepted" }],
  });
});

test("within the undo window nothing leaves, and Undo gives the draft back as it was", async () => {
  await reopen({ undoSeconds: () => 6 });
  const id = await desk.send({ subject: "Too soon" });
  desk.time.pass(5_999);
  const draftId = await desk.outbox.edit(id);
  expect(desk.composing.open(draftId).content.subject).toBe("Too soon");
  desk.time.pass(60_000);
  await new Promise((resolve) => setImmediate(resolve));
  expect(server.connections).toBe(0);
  expect(desk.outbox.list().items).toEqual([]);
});

test("after the undo window it leaves by itself", async () => {
  await reopen({ undoSeconds: () => 6 });
  const id = await desk.send();
  await new Promise((resolve) => setImmediate(resolve));
  expect(desk.item(id)).toMatchObject({ state: "queued", nextTryAt: desk.time.now + 6000 });
  desk.time.pass(6000);
  await desk.until(() => desk.item(id).state === "filed");
});

test("an account that goes takes along what it had here, files included", async () => {
  desk.outbox.pause(true);
  await desk.send();
  expect(desk.outbox.health().waiting).toBe(1);
  expect(readdirSync(join(desk.profileDir, "outbox"))).toHaveLength(1);
  await desk.outbox.accountGone(desk.account, await removeAccount(desk.store, desk.account));
  desk.outbox.pause(false);
  desk.time.pass(60_000);
  expect(desk.outbox.list().items).toEqual([]);
  expect(desk.outbox.health().waiting).toBe(0);
  expect(readdirSync(join(desk.profileDir, "outbox"))).toEqual([]);
  expect(server.received).toEqual([]);
});

test("Send twice on one draft sends once", async () => {
  const { id, revision } = await desk.draft();
  const both = await Promise.allSettled([desk.outbox.send(id, revision), desk.outbox.send(id, revision)]);
  expect(both.filter(({ status }) => status === "fulfilled").length).toBe(1);
  const refused = both.find((one) => one.status === "rejected");
  expect(refused?.reason).toMatchObject({ code: "already-sending" });
  await desk.until(() => desk.sent.length === 1);
  expect(server.received.length).toBe(1);
});

test.each([
  [{ to: [] }, "no-recipients"],
  [{ to: [{ name: "", address: "not an address" }] }, "bad-address"],
])("a draft with %o is not sent", async (content, code) => {
  const { id, revision } = await desk.draft(content);
  await expect(desk.outbox.send(id, revision)).rejects.toMatchObject({ code });
  expect(desk.composing.drafts().length).toBe(1);
});

test("a draft that changed elsewhere is not sent", async () => {
  const { id, revision } = await desk.draft();
  await expect(desk.outbox.send(id, revision - 1)).rejects.toMatchObject({ code: "draft-changed" });
});

test("blind copies go out and stand in Sent, and nobody else sees them", async () => {
  // Not C: a Message-ID may end in "c@example.test" too.
  const hidden = { name: "", address: "hidden@example.test" };
  const id = await desk.send({ to: [B], bcc: [hidden] });
  await desk.until(() => desk.item(id).state === "filed");
  expect(server.received[0]?.to).toEqual(["b@example.test", "hidden@example.test"]);
  expect(server.received[0]?.bytes.toString()).not.toContain("hidden");
  expect(desk.sent[0]?.bytes.toString()).toMatch(/^Bcc: <hidden@example.test>\r\n/u);
});

test("a temporary refusal is tried again later", async () => {
  server.fault("end", { kind: "say", line: "451 4.3.0 come back" });
  const id = await desk.send();
  await desk.until(() => desk.item(id).attempts === 1);
  expect(desk.item(id)).toMatchObject({ state: "queued", failure: { code: "throttled", serverWords: "451 4.3.0 come back" } });
  const next = desk.item(id).nextTryAt ?? 0;
  expect(next).toBeGreaterThan(desk.time.now);
  desk.time.pass(next - desk.time.now);
  await desk.until(() => desk.item(id).state === "filed");
  expect(server.received.length).toBe(1);
});

test("a permanent refusal is held with the server's words; edited and sent again it goes", async () => {
  server.fault("end", { kind: "say", line: "550 5.7.1 we do not like this" });
  const id = await desk.send();
  await desk.until(() => desk.item(id).state === "held");
  expect(desk.item(id).failure).toMatchObject({ code: "refused-by-server", serverWords: "550 5.7.1 we do not like this" });
  expect(desk.outbox.health()).toMatchObject({ waiting: 0, sending: 0, needsUser: 1 });
  await desk.until(() => desk.notices.at(-1)?.code === "message-held");
  const draftId = await desk.outbox.edit(id);
  const { revision } = desk.composing.open(draftId);
  await desk.outbox.send(draftId, revision);
  await desk.until(() => desk.sent.length === 1);
  expect(server.received.length).toBe(1);
});

describe("one of two recipients is refused", () => {
  beforeEach(() => server.fault("rcpt", { kind: "say", line: "550 5.1.1 nobody" }, { match: /c@/u }));
  const sendBoth = async (): Promise<Awaited<ReturnType<Desk["send"]>>> => {
    const id = await desk.send({ to: [B, C] });
    await desk.until(() => desk.item(id).state === "held" && desk.sent.length === 1);
    return id;
  };
  test("the other has it, Sent has it, and it is held for the one", async () => {
    const id = await sendBoth();
    expect(desk.item(id).recipients.map(({ state }) => state)).toEqual(["accepted", "refused"]);
    expect(server.received.map(({ to }) => to)).toEqual([["b@example.test"]]);
  });
  test("retried, it goes to that one alone and is not filed twice", async () => {
    const id = await sendBoth();
    await desk.outbox.retry(id);
    await desk.until(() => desk.item(id).state === "filed");
    expect(server.received.map(({ to }) => to)).toEqual([["b@example.test"], ["c@example.test"]]);
    expect(desk.sent.length).toBe(1);
  });
  test("edited, the draft is for that one alone", async () => {
    const id = await sendBoth();
    const draftId = await desk.outbox.edit(id);
    expect(desk.composing.open(draftId).content.to).toEqual([C]);
    expect(desk.item(id).state).toBe("filed");
  });
  test("left out, the message is done", async () => {
    const id = await sendBoth();
    expect(await desk.outbox.cancel(id)).toBeNull();
    expect(desk.item(id)).toMatchObject({ state: "filed", recipients: [{ address: "b@example.test" }] });
  });
});

describe("the answer never comes", () => {
  test("and the provider has filed it itself: found, nothing is sent again", async () => {
    let inSent = false;
    await reopen({ findInSent: async () => inSent });
    server.fault("end", { kind: "drop", accept: true });
    const id = await desk.send();
    await desk.until(() => desk.item(id).unknown?.looks === 1);
    expect(desk.item(id)).toMatchObject({ state: "unknown", failure: { code: "line-closed" } });
    inSent = true;
    desk.time.pass(15_000);
    await desk.until(() => desk.item(id).state === "filed");
    expect(server.received.length).toBe(1);
    expect(desk.sent).toEqual([]);
  });
  test("and nobody knows: the user says that it arrived, and it is filed", async () => {
    server.fault("end", { kind: "drop", accept: true });
    const id = await desk.send();
    await desk.until(() => desk.item(id).state === "unknown");
    await expect(desk.outbox.edit(id)).rejects.toMatchObject({ code: "already-sending" });
    desk.time.pass(86_400_000);
    await new Promise((resolve) => setImmediate(resolve));
    expect(server.received.length).toBe(1);
    await desk.outbox.resolve(id, "arrived");
    await desk.until(() => desk.item(id).state === "filed");
    expect(desk.sent.length).toBe(1);
    expect(server.received.length).toBe(1);
  });
  test("and it did not arrive: the user sends it again, with the same Message-ID", async () => {
    server.fault("end", { kind: "drop", accept: false });
    const id = await desk.send();
    await desk.until(() => desk.item(id).state === "unknown");
    await desk.outbox.resolve(id, "send-again");
    await desk.until(() => desk.item(id).state === "filed");
    expect(server.received.length).toBe(1);
    expect(server.received[0]?.bytes.toString()).toContain(desk.sent[0]?.id);
  });
});

test("a line that breaks during the upload is tried again, and the message arrives once", async () => {
  server.uploadPoint = 1000;
  server.fault("data", { kind: "drop" });
  const id = await desk.send();
  await desk.until(() => desk.item(id).attempts === 1);
  expect(desk.item(id)).toMatchObject({ state: "queued", failure: { code: "line-closed" } });
  desk.time.pass(60_000);
  await desk.until(() => desk.item(id).state === "filed");
  expect(server.received.length).toBe(1);
});

test("filing that fails is tried again and never sends again", async () => {
  let asked = 0;
  await reopen({
    fileInSent: async () => {
      asked += 1;
      if (asked === 1) throw new Failure("line-closed");
      return { filed: true, already: false };
    },
  });
  const id = await desk.send();
  await desk.until(() => asked === 1 && desk.item(id).state === "accepted");
  await desk.until(() => desk.outbox.list().items.length === 1);
  await new Promise((resolve) => setTimeout(resolve, 20));
  desk.time.pass(60_000);
  await desk.until(() => desk.item(id).state === "filed");
  expect(asked).toBe(2);
  expect(server.received.length).toBe(1);
});

test("a copy that Sent refuses is told once, tried again, and can be done without", async () => {
  let asked = 0;
  await reopen({
    fileInSent: async () => {
      asked += 1;
      throw new Failure("over-quota", { serverWords: "NO [OVERQUOTA] Sent is full" });
    },
  });
  const id = await desk.send();
  await desk.until(() => desk.item(id).filingFailure !== null);
  expect(desk.outbox.health().needsUser).toBe(1);
  await desk.outbox.file(id, "now");
  await desk.until(() => asked === 2);
  desk.time.pass(3_600_000);
  await desk.until(() => asked === 3);
  expect(desk.notices.filter(({ code }) => code === "not-filed").length).toBe(1);
  expect(desk.item(id)).toMatchObject({ state: "accepted", filingFailure: { code: "over-quota" } });
  await desk.outbox.file(id, "never");
  expect(desk.item(id).filingFailure).toBeNull();
  expect(desk.outbox.health().needsUser).toBe(0);
  await desk.outbox.dismiss(id);
  expect(server.received.length).toBe(1);
});

test("a message to oneself whose answer was lost is found in the inbox, and filed", async () => {
  const looked: boolean[] = [];
  await reopen({
    findInSent: async (_account, _id, toSelf) => {
      looked.push(toSelf);
      return toSelf ? "inbox" : false;
    },
  });
  server.fault("end", { kind: "drop", accept: true });
  const id = await desk.send({ to: [B, { name: "", address: "User1@Example.test" }] });
  await desk.until(() => desk.item(id).state === "filed");
  expect(looked).toEqual([true]);
  expect([server.received.length, desk.sent.length]).toEqual([1, 1]);
});

test.each([
  [["DSN", "AUTH PLAIN LOGIN"], "asked"],
  [["AUTH PLAIN LOGIN"], "not-offered"],
] as const)("a report that is wanted of a server with %o is %s", async (capabilities, report) => {
  server.capabilities = [...capabilities];
  const { id: draft, revision } = await desk.draft();
  const { outboxId } = await desk.outbox.send(draft, revision, { report: true });
  expect(desk.item(outboxId).report).toBe("wanted");
  await desk.until(() => desk.item(outboxId).state === "filed");
  expect(desk.item(outboxId).report).toBe(report);
  expect(server.commands.some((line) => line.includes(`ENVID=${desk.sent[0]?.id}`))).toBe(report === "asked");
});

test("with the network gone it waits, and leaves when it is back", async () => {
  let online = false;
  await reopen({ isOnline: () => online });
  const id = await desk.send();
  desk.time.pass(3_600_000);
  expect(desk.item(id)).toMatchObject({ state: "queued", attempts: 0 });
  online = true;
  desk.outbox.wake();
  await desk.until(() => desk.item(id).state === "filed");
});

test("a server that is down costs no attempt, and Wake tries at once", async () => {
  server.fault("greeting", { kind: "drop" });
  const id = await desk.send();
  await desk.until(() => desk.item(id).failure !== null);
  expect(desk.item(id)).toMatchObject({ state: "queued", attempts: 0, failure: { kind: "offline" } });
  expect(desk.item(id).nextTryAt).toBeGreaterThan(desk.time.now);
  desk.outbox.wake();
  await desk.until(() => desk.item(id).state === "filed");
});

test("a wrong password holds the first and stops the account; mended, all go", async () => {
  server.fault("auth", { kind: "say", line: "535 5.7.8 no" });
  const first = await desk.send({ subject: "first" });
  await desk.until(() => desk.item(first).state === "held");
  const second = await desk.send({ subject: "second" });
  desk.time.pass(3_600_000);
  await new Promise((resolve) => setImmediate(resolve));
  expect(desk.item(second)).toMatchObject({ state: "queued", attempts: 0 });
  expect(server.connections).toBe(1);
  expect(desk.notices.map(({ code }) => code)).toContain("account-stopped");
  await desk.outbox.accountMended(desk.account);
  await desk.until(() => desk.item(first).state === "filed" && desk.item(second).state === "filed");
  expect(server.received.length).toBe(2);
});

test("an expired token is renewed once", async () => {
  const asked: (string | null)[] = [];
  server.capabilities = ["AUTH XOAUTH2"];
  server.passwordOk = (line) =>
    Buffer.from(line.split(" ")[2] ?? "", "base64")
      .toString()
      .includes("fresh");
  await reopen({
    credentialFor: async (_account, refused) => {
      asked.push(refused?.kind === "token" ? refused.accessToken : null);
      return { kind: "token", accessToken: refused === null ? "stale" : "fresh" };
    },
  });
  const id = await desk.send();
  await desk.until(() => desk.item(id).state === "filed");
  expect(asked).toEqual([null, "stale"]);
});

test("paused, nothing leaves, and a restart does not forget it", async () => {
  desk.outbox.pause(true);
  const id = await desk.send();
  const { profileDir } = desk;
  await desk.close(true);
  desk = await openDesk(server.port, {}, profileDir);
  expect(desk.outbox.list().paused).toBe(true);
  await new Promise((resolve) => setImmediate(resolve));
  expect(server.connections).toBe(0);
  desk.outbox.pause(false);
  await desk.until(() => desk.item(id).state === "filed");
});

test("stopped during the upload, the message is a draft again and nobody has it", async () => {
  const upload = server.reached("data");
  server.fault("data", { kind: "hang" });
  const id = await desk.send();
  await upload;
  const draftId = await desk.outbox.cancel(id);
  expect(desk.item(id).state).toBe("cancelled");
  expect(desk.composing.drafts().map((one) => one.id)).toEqual([draftId]);
  await desk.outbox.dismiss(id);
  expect(desk.outbox.list().items).toEqual([]);
  expect(server.received.length).toBe(0);
  expect(readdirSync(join(desk.profileDir, "outbox"), { recursive: true }).filter((name) => String(name).endsWith(".eml"))).toEqual([]);
});

test("frozen bytes that were damaged on disk are not sent", async () => {
  desk.outbox.pause(true);
  const id = await desk.send();
  const folder = join(desk.profileDir, "outbox");
  const file = readdirSync(folder, { recursive: true, encoding: "utf8" }).find((name) => name.endsWith(".eml")) ?? "";
  const bytes = readFileSync(join(folder, file));
  bytes[bytes.length - 5] = 0x21;
  writeFileSync(join(folder, file), bytes);
  desk.outbox.pause(false);
  await desk.until(() => desk.item(id).state === "held");
  expect(desk.item(id).failure?.code).toBe("blob-damaged");
  expect(server.received.length).toBe(0);
});

test("twenty messages go over few connections, each once", async () => {
  const ids = await Promise.all(Array.from({ length: 20 }, (_, at) => desk.send({ subject: `number ${at}` })));
  await desk.until(() => ids.every((id) => desk.item(id).state === "filed"));
  expect(server.received.length).toBe(20);
  expect(server.connections).toBeLessThanOrEqual(4);
});

test("a server that takes only three messages to a connection is asked once what it takes, and no attempt is lost", async () => {
  await reopen({ settingsFor: () => ({ server: { host: "127.0.0.1", port: server.port, security: "plain", user: "u" }, connections: 1 }) });
  desk.outbox.pause(true);
  const ids = await Promise.all(Array.from({ length: 7 }, (_, at) => desk.send({ subject: `number ${at}` })));
  server.fault("mail", { kind: "say", line: "421 4.7.0 enough for one connection", thenDrop: true }, { skip: 3 });
  desk.outbox.pause(false);
  await desk.until(() => ids.every((id) => desk.item(id).state === "filed"));
  expect(server.received.length).toBe(7);
  expect(ids.map((id) => desk.item(id).attempts)).toEqual(ids.map(() => 1));
  expect(server.connections).toBe(3);
});

test("a large attachment leaves in pieces while its size grows in the list", async () => {
  const { id, revision } = await desk.draft();
  const bytes = Buffer.alloc(6_000_000, "satchel ");
  const attachment = await desk.composing.attachBegin({
    draftId: id,
    name: "big.bin",
    type: "application/octet-stream",
    sizeBytes: bytes.length,
    inline: false,
  });
  for (let at = 0; at < bytes.length; at += 500_000) await desk.composing.attachPiece(attachment, at, bytes.subarray(at, at + 500_000));
  await desk.composing.attachEnd(attachment);
  const seen = new Set<number>();
  const { outboxId } = await desk.outbox.send(id, revision);
  await desk.until(() => {
    seen.add(desk.item(outboxId).sentBytes);
    return desk.item(outboxId).state === "filed";
  });
  // Nothing, something, more, all: how often it is looked at is the machine's affair.
  expect(seen.size).toBeGreaterThan(3);
  expect(server.received[0]?.bytes.length).toBe(desk.item(outboxId).sizeBytes);
  expect(statSync(join(desk.profileDir, "drafts")).isDirectory()).toBe(true);
});
