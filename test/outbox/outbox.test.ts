import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { removeAccount } from "../../main/store/accounts.ts";
import { Failure } from "../../shared/failure.ts";
import { eachAtDesk } from "./at-desk.ts";
import { type Desk, openDesk } from "./support.ts";

const here = eachAtDesk();

const B = { name: "B", address: "b@example.test" };
const C = { name: "C", address: "c@example.test" };

test("a message goes from draft through the server into Sent, once, and its draft is gone", async () => {
  const id = await here.desk.send();
  await here.desk.until(() => here.desk.item(id).state === "filed");
  const { messageIdHeader } = { messageIdHeader: here.desk.sent[0]?.id };
  expect(here.server.received.length).toBe(1);
  expect(here.server.received[0]).toMatchObject({ from: "user1@example.test", to: ["b@example.test"] });
  expect(here.server.received[0]?.bytes.toString()).toContain(`<${messageIdHeader}>`);
  expect(here.desk.sent.length).toBe(1);
  expect(here.desk.sent[0]?.bytes.equals(here.server.received[0]?.bytes ?? Buffer.alloc(0))).toBe(true);
  expect(here.desk.composing.drafts()).toEqual([]);
  expect(here.desk.notices.map(({ code }) => code)).toEqual(["message-sent"]);
  expect(here.desk.item(id)).toMatchObject({
    state: "filed",
    stage: "answered",
    recipients: [{ address: "b@example.test", state: "accepted" }],
  });
});

test("within the undo window nothing leaves, and Undo gives the draft back as it was", async () => {
  await here.reopen({ undoSeconds: () => 6 });
  const id = await here.desk.send({ subject: "Too soon" });
  here.desk.time.pass(5_999);
  const draftId = await here.desk.outbox.edit(id);
  expect(here.desk.composing.open(draftId).content.subject).toBe("Too soon");
  here.desk.time.pass(60_000);
  await new Promise((resolve) => setImmediate(resolve));
  expect(here.server.connections).toBe(0);
  expect(here.desk.outbox.list().items).toEqual([]);
});

test("after the undo window it leaves by itself", async () => {
  await here.reopen({ undoSeconds: () => 6 });
  const id = await here.desk.send();
  await new Promise((resolve) => setImmediate(resolve));
  expect(here.desk.item(id)).toMatchObject({ state: "queued", nextTryAt: here.desk.time.now + 6000 });
  here.desk.time.pass(6000);
  await here.desk.until(() => here.desk.item(id).state === "filed");
});

test("an account that goes takes along what it had here, files included", async () => {
  here.desk.outbox.pause(true);
  await here.desk.send();
  expect(here.desk.outbox.health().waiting).toBe(1);
  expect(readdirSync(join(here.desk.profileDir, "outbox"))).toHaveLength(1);
  await here.desk.outbox.accountGone(here.desk.account, await removeAccount(here.desk.store, here.desk.account));
  here.desk.outbox.pause(false);
  here.desk.time.pass(60_000);
  expect(here.desk.outbox.list().items).toEqual([]);
  expect(here.desk.outbox.health().waiting).toBe(0);
  expect(readdirSync(join(here.desk.profileDir, "outbox"))).toEqual([]);
  expect(here.server.received).toEqual([]);
});

test("Send twice on one draft sends once", async () => {
  const { id, revision } = await here.desk.draft();
  const both = await Promise.allSettled([here.desk.outbox.send(id, revision), here.desk.outbox.send(id, revision)]);
  expect(both.filter(({ status }) => status === "fulfilled").length).toBe(1);
  const refused = both.find((one) => one.status === "rejected");
  // Frozen while the first one lay in the outbox still, or when it had left already.
  expect(refused?.reason).toMatchObject({ code: expect.stringMatching(/^(already-sending|draft-gone)$/u) });
  await here.desk.until(() => here.desk.sent.length === 1);
  expect(here.server.received.length).toBe(1);
});

test.each([
  [{ to: [] }, "no-recipients"],
  [{ to: [{ name: "", address: "not an address" }] }, "bad-address"],
])("a draft with %o is not sent", async (content, code) => {
  const { id, revision } = await here.desk.draft(content);
  await expect(here.desk.outbox.send(id, revision)).rejects.toMatchObject({ code });
  expect(here.desk.composing.drafts().length).toBe(1);
});

test("a draft that changed elsewhere is not sent", async () => {
  const { id, revision } = await here.desk.draft();
  await expect(here.desk.outbox.send(id, revision - 1)).rejects.toMatchObject({ code: "draft-changed" });
});

test("blind copies go out and stand in Sent, and nobody else sees them", async () => {
  // Not C: a Message-ID may end in "c@example.test" too.
  const hidden = { name: "", address: "hidden@example.test" };
  const id = await here.desk.send({ to: [B], bcc: [hidden] });
  await here.desk.until(() => here.desk.item(id).state === "filed");
  expect(here.server.received[0]?.to).toEqual(["b@example.test", "hidden@example.test"]);
  expect(here.server.received[0]?.bytes.toString()).not.toContain("hidden");
  expect(here.desk.sent[0]?.bytes.toString()).toMatch(/^Bcc: <hidden@example.test>\r\n/u);
});

test("a temporary refusal is tried again later", async () => {
  here.server.fault("end", { kind: "say", line: "451 4.3.0 come back" });
  const id = await here.desk.send();
  await here.desk.until(() => here.desk.item(id).attempts === 1);
  expect(here.desk.item(id)).toMatchObject({ state: "queued", failure: { code: "throttled", serverWords: "451 4.3.0 come back" } });
  const next = here.desk.item(id).nextTryAt ?? 0;
  expect(next).toBeGreaterThan(here.desk.time.now);
  here.desk.time.pass(next - here.desk.time.now);
  await here.desk.until(() => here.desk.item(id).state === "filed");
  expect(here.server.received.length).toBe(1);
});

test("a permanent refusal is held with the server's words; edited and sent again it goes", async () => {
  here.server.fault("end", { kind: "say", line: "550 5.7.1 we do not like this" });
  const id = await here.desk.send();
  await here.desk.until(() => here.desk.item(id).state === "held");
  expect(here.desk.item(id).failure).toMatchObject({ code: "refused-by-server", serverWords: "550 5.7.1 we do not like this" });
  expect(here.desk.outbox.health()).toMatchObject({ waiting: 0, sending: 0, needsUser: 1 });
  await here.desk.until(() => here.desk.notices.at(-1)?.code === "message-held");
  const draftId = await here.desk.outbox.edit(id);
  const { revision } = here.desk.composing.open(draftId);
  await here.desk.outbox.send(draftId, revision);
  await here.desk.until(() => here.desk.sent.length === 1);
  expect(here.server.received.length).toBe(1);
});

describe("one of two recipients is refused", () => {
  beforeEach(() => here.server.fault("rcpt", { kind: "say", line: "550 5.1.1 nobody" }, { match: /c@/u }));
  const sendBoth = async (): Promise<Awaited<ReturnType<Desk["send"]>>> => {
    const id = await here.desk.send({ to: [B, C] });
    await here.desk.until(() => here.desk.item(id).state === "held" && here.desk.sent.length === 1);
    return id;
  };
  test("the other has it, Sent has it, and it is held for the one", async () => {
    const id = await sendBoth();
    expect(here.desk.item(id).recipients.map(({ state }) => state)).toEqual(["accepted", "refused"]);
    expect(here.server.received.map(({ to }) => to)).toEqual([["b@example.test"]]);
  });
  test("retried, it goes to that one alone and is not filed twice", async () => {
    const id = await sendBoth();
    await here.desk.outbox.retry(id);
    await here.desk.until(() => here.desk.item(id).state === "filed");
    expect(here.server.received.map(({ to }) => to)).toEqual([["b@example.test"], ["c@example.test"]]);
    expect(here.desk.sent.length).toBe(1);
  });
  test("edited, the draft is for that one alone", async () => {
    const id = await sendBoth();
    const draftId = await here.desk.outbox.edit(id);
    expect(here.desk.composing.open(draftId).content.to).toEqual([C]);
    expect(here.desk.item(id).state).toBe("filed");
  });
  test("left out, the message is done", async () => {
    const id = await sendBoth();
    expect(await here.desk.outbox.cancel(id)).toBeNull();
    expect(here.desk.item(id)).toMatchObject({ state: "filed", recipients: [{ address: "b@example.test" }] });
  });
});

describe("the answer never comes", () => {
  test("and the provider has filed it itself: found, nothing is sent again", async () => {
    let inSent = false;
    await here.reopen({ findInSent: async () => inSent });
    here.server.fault("end", { kind: "drop", accept: true });
    const id = await here.desk.send();
    await here.desk.until(() => here.desk.item(id).unknown?.looks === 1);
    expect(here.desk.item(id)).toMatchObject({ state: "unknown", failure: { code: "line-closed" } });
    inSent = true;
    here.desk.time.pass(15_000);
    await here.desk.until(() => here.desk.item(id).state === "filed");
    expect(here.server.received.length).toBe(1);
    expect(here.desk.sent).toEqual([]);
  });
  test("and nobody knows: the user says that it arrived, and it is filed", async () => {
    here.server.fault("end", { kind: "drop", accept: true });
    const id = await here.desk.send();
    await here.desk.until(() => here.desk.item(id).state === "unknown");
    await expect(here.desk.outbox.edit(id)).rejects.toMatchObject({ code: "already-sending" });
    here.desk.time.pass(86_400_000);
    await new Promise((resolve) => setImmediate(resolve));
    expect(here.server.received.length).toBe(1);
    await here.desk.outbox.resolve(id, "arrived");
    await here.desk.until(() => here.desk.item(id).state === "filed");
    expect(here.desk.sent.length).toBe(1);
    expect(here.server.received.length).toBe(1);
  });
  test("and it did not arrive: the user sends it again, with the same Message-ID", async () => {
    here.server.fault("end", { kind: "drop", accept: false });
    const id = await here.desk.send();
    await here.desk.until(() => here.desk.item(id).state === "unknown");
    await here.desk.outbox.resolve(id, "send-again");
    await here.desk.until(() => here.desk.item(id).state === "filed");
    expect(here.server.received.length).toBe(1);
    expect(here.server.received[0]?.bytes.toString()).toContain(here.desk.sent[0]?.id);
  });
});

test("a line that breaks during the upload is tried again, and the message arrives once", async () => {
  here.server.uploadPoint = 1000;
  here.server.fault("data", { kind: "drop" });
  const id = await here.desk.send();
  await here.desk.until(() => here.desk.item(id).attempts === 1);
  expect(here.desk.item(id)).toMatchObject({ state: "queued", failure: { code: "line-closed" } });
  here.desk.time.pass(60_000);
  await here.desk.until(() => here.desk.item(id).state === "filed");
  expect(here.server.received.length).toBe(1);
});

test("filing that fails is tried again and never sends again", async () => {
  let asked = 0;
  await here.reopen({
    fileInSent: async () => {
      asked += 1;
      if (asked === 1) throw new Failure("line-closed");
      return { filed: true, already: false };
    },
  });
  const id = await here.desk.send();
  await here.desk.until(() => asked === 1 && here.desk.item(id).state === "accepted");
  await here.desk.until(() => here.desk.outbox.list().items.length === 1);
  await new Promise((resolve) => setTimeout(resolve, 20));
  here.desk.time.pass(60_000);
  await here.desk.until(() => here.desk.item(id).state === "filed");
  expect(asked).toBe(2);
  expect(here.server.received.length).toBe(1);
});

test("a copy that Sent refuses is told once, tried again, and can be done without", async () => {
  let asked = 0;
  await here.reopen({
    fileInSent: async () => {
      asked += 1;
      throw new Failure("over-quota", { serverWords: "NO [OVERQUOTA] Sent is full" });
    },
  });
  const id = await here.desk.send();
  await here.desk.until(() => here.desk.item(id).filingFailure !== null);
  expect(here.desk.outbox.health().needsUser).toBe(1);
  await here.desk.outbox.file(id, "now");
  await here.desk.until(() => asked === 2);
  here.desk.time.pass(3_600_000);
  await here.desk.until(() => asked === 3);
  expect(here.desk.notices.filter(({ code }) => code === "not-filed").length).toBe(1);
  expect(here.desk.item(id)).toMatchObject({ state: "accepted", filingFailure: { code: "over-quota" } });
  await here.desk.outbox.file(id, "never");
  expect(here.desk.item(id).filingFailure).toBeNull();
  expect(here.desk.outbox.health().needsUser).toBe(0);
  await here.desk.outbox.dismiss(id);
  expect(here.server.received.length).toBe(1);
});

test("a message to oneself whose answer was lost is found in the inbox, and filed", async () => {
  const looked: boolean[] = [];
  await here.reopen({
    findInSent: async (_account, _id, toSelf) => {
      looked.push(toSelf);
      return toSelf ? "inbox" : false;
    },
  });
  here.server.fault("end", { kind: "drop", accept: true });
  const id = await here.desk.send({ to: [B, { name: "", address: "User1@Example.test" }] });
  await here.desk.until(() => here.desk.item(id).state === "filed");
  expect(looked).toEqual([true]);
  expect([here.server.received.length, here.desk.sent.length]).toEqual([1, 1]);
});

test.each([
  [["DSN", "AUTH PLAIN LOGIN"], "asked"],
  [["AUTH PLAIN LOGIN"], "not-offered"],
] as const)("a report that is wanted of a server with %o is %s", async (capabilities, report) => {
  here.server.capabilities = [...capabilities];
  const { id: draft, revision } = await here.desk.draft();
  const { outboxId } = await here.desk.outbox.send(draft, revision, { report: true });
  expect(here.desk.item(outboxId).report).toBe("wanted");
  await here.desk.until(() => here.desk.item(outboxId).state === "filed");
  expect(here.desk.item(outboxId).report).toBe(report);
  expect(here.server.commands.some((line) => line.includes(`ENVID=${here.desk.sent[0]?.id}`))).toBe(report === "asked");
});

test("with the network gone it waits, and leaves when it is back", async () => {
  let online = false;
  await here.reopen({ isOnline: () => online });
  const id = await here.desk.send();
  here.desk.time.pass(3_600_000);
  expect(here.desk.item(id)).toMatchObject({ state: "queued", attempts: 0 });
  online = true;
  here.desk.outbox.wake();
  await here.desk.until(() => here.desk.item(id).state === "filed");
});

test("a server that is down costs no attempt, and Wake tries at once", async () => {
  here.server.fault("greeting", { kind: "drop" });
  const id = await here.desk.send();
  await here.desk.until(() => here.desk.item(id).failure !== null);
  expect(here.desk.item(id)).toMatchObject({ state: "queued", attempts: 0, failure: { kind: "offline" } });
  expect(here.desk.item(id).nextTryAt).toBeGreaterThan(here.desk.time.now);
  here.desk.outbox.wake();
  await here.desk.until(() => here.desk.item(id).state === "filed");
});

test("a wrong password holds the first and stops the account; mended, all go", async () => {
  here.server.fault("auth", { kind: "say", line: "535 5.7.8 no" });
  const first = await here.desk.send({ subject: "first" });
  await here.desk.until(() => here.desk.item(first).state === "held");
  const second = await here.desk.send({ subject: "second" });
  here.desk.time.pass(3_600_000);
  await new Promise((resolve) => setImmediate(resolve));
  expect(here.desk.item(second)).toMatchObject({ state: "queued", attempts: 0 });
  expect(here.server.connections).toBe(1);
  expect(here.desk.notices.map(({ code }) => code)).toContain("account-stopped");
  const stopped = () => here.desk.outbox.health().servers.map((server) => server.stopped?.code ?? null);
  expect(stopped()).toEqual(["wrong-password"]);
  await here.desk.outbox.accountMended(here.desk.account);
  await here.desk.until(() => here.desk.item(first).state === "filed" && here.desk.item(second).state === "filed");
  expect(stopped()).toEqual([null]);
  expect(here.server.received.length).toBe(2);
});

test("an expired token is renewed once", async () => {
  const asked: (string | null)[] = [];
  here.server.capabilities = ["AUTH XOAUTH2"];
  here.server.passwordOk = (line) =>
    Buffer.from(line.split(" ")[2] ?? "", "base64")
      .toString()
      .includes("fresh");
  await here.reopen({
    credentialFor: async (_account, refused) => {
      asked.push(refused?.kind === "token" ? refused.accessToken : null);
      return { kind: "token", accessToken: refused === null ? "stale" : "fresh" };
    },
  });
  const id = await here.desk.send();
  await here.desk.until(() => here.desk.item(id).state === "filed");
  expect(asked).toEqual([null, "stale"]);
});

test("paused, nothing leaves, and a restart does not forget it", async () => {
  here.desk.outbox.pause(true);
  const id = await here.desk.send();
  const { profileDir } = here.desk;
  await here.desk.close(true);
  here.desk = await openDesk(here.server.port, {}, profileDir);
  expect(here.desk.outbox.list().paused).toBe(true);
  await new Promise((resolve) => setImmediate(resolve));
  expect(here.server.connections).toBe(0);
  here.desk.outbox.pause(false);
  await here.desk.until(() => here.desk.item(id).state === "filed");
});

test("stopped during the upload, the message is a draft again and nobody has it", async () => {
  const upload = here.server.reached("data");
  here.server.fault("data", { kind: "hang" });
  const id = await here.desk.send();
  await upload;
  const draftId = await here.desk.outbox.cancel(id);
  expect(here.desk.item(id).state).toBe("cancelled");
  expect(here.desk.composing.drafts().map((one) => one.id)).toEqual([draftId]);
  await here.desk.outbox.dismiss(id);
  expect(here.desk.outbox.list().items).toEqual([]);
  expect(here.server.received.length).toBe(0);
  expect(readdirSync(join(here.desk.profileDir, "outbox"), { recursive: true }).filter((name) => String(name).endsWith(".eml"))).toEqual(
    [],
  );
});

test("frozen bytes that were damaged on disk are not sent", async () => {
  here.desk.outbox.pause(true);
  const id = await here.desk.send();
  const folder = join(here.desk.profileDir, "outbox");
  const file = readdirSync(folder, { recursive: true, encoding: "utf8" }).find((name) => name.endsWith(".eml")) ?? "";
  const bytes = readFileSync(join(folder, file));
  bytes[bytes.length - 5] = 0x21;
  writeFileSync(join(folder, file), bytes);
  here.desk.outbox.pause(false);
  await here.desk.until(() => here.desk.item(id).state === "held");
  expect(here.desk.item(id).failure?.code).toBe("blob-damaged");
  expect(here.server.received.length).toBe(0);
});

test("twenty messages go over few connections, each once", async () => {
  const ids = await Promise.all(Array.from({ length: 20 }, (_, at) => here.desk.send({ subject: `number ${at}` })));
  await here.desk.until(() => ids.every((id) => here.desk.item(id).state === "filed"));
  expect(here.server.received.length).toBe(20);
  expect(here.server.connections).toBeLessThanOrEqual(4);
});

test("a server that takes only three messages to a connection is asked once what it takes, and no attempt is lost", async () => {
  await here.reopen({
    settingsFor: () => ({ server: { host: "127.0.0.1", port: here.server.port, security: "plain", user: "u" }, connections: 1 }),
  });
  here.desk.outbox.pause(true);
  const ids = await Promise.all(Array.from({ length: 7 }, (_, at) => here.desk.send({ subject: `number ${at}` })));
  here.server.fault("mail", { kind: "say", line: "421 4.7.0 enough for one connection", thenDrop: true }, { skip: 3 });
  here.desk.outbox.pause(false);
  await here.desk.until(() => ids.every((id) => here.desk.item(id).state === "filed"));
  expect(here.server.received.length).toBe(7);
  expect(ids.map((id) => here.desk.item(id).attempts)).toEqual(ids.map(() => 1));
  expect(here.server.connections).toBe(3);
});

test("a large attachment leaves in pieces while its size grows in the list", async () => {
  const { id, revision } = await here.desk.draft();
  const bytes = Buffer.alloc(6_000_000, "satchel ");
  const attachment = await here.desk.composing.attachBegin({
    draftId: id,
    name: "big.bin",
    type: "application/octet-stream",
    sizeBytes: bytes.length,
    inline: false,
  });
  for (let at = 0; at < bytes.length; at += 500_000)
    await here.desk.composing.attachPiece(attachment, at, bytes.subarray(at, at + 500_000));
  await here.desk.composing.attachEnd(attachment);
  const seen = new Set<number>();
  const { outboxId } = await here.desk.outbox.send(id, revision);
  await here.desk.until(() => {
    seen.add(here.desk.item(outboxId).sentBytes);
    return here.desk.item(outboxId).state === "filed";
  });
  // Nothing, something, more, all: how often it is looked at is the machine's affair.
  expect(seen.size).toBeGreaterThan(3);
  expect(here.server.received[0]?.bytes.length).toBe(here.desk.item(outboxId).sizeBytes);
  expect(statSync(join(here.desk.profileDir, "drafts")).isDirectory()).toBe(true);
});

test("a copy for Sent whose file has gone is said to be damaged, and the message is not sent again", async () => {
  let files = 0;
  await here.reopen({
    fileInSent: async () => {
      files += 1;
      throw new Failure("timed-out");
    },
  });
  const id = await here.desk.send();
  await here.desk.until(() => here.desk.item(id).filingFailure?.code === "timed-out");
  for (const name of readdirSync(join(here.desk.profileDir, "outbox"))) rmSync(join(here.desk.profileDir, "outbox", name));
  here.desk.time.pass(20 * 60_000);
  await here.desk.until(() => here.desk.item(id).filingFailure?.code === "blob-damaged");
  await here.desk.until(() => here.desk.notices.some(({ code }) => code === "not-filed"));
  expect(files).toBe(1);
  expect(here.server.received.length).toBe(1);
});
