import { expect, onTestFinished, test } from "vitest";
import { createLog } from "../../main/log.ts";
import { LogRing } from "../../main/log-ring.ts";
import { startImapServer } from "../servers/imap/server.ts";
import { startSmtpServer } from "../servers/smtp.ts";
import { sampleMail } from "../support/sample-mail.ts";
import { wholeEngine } from "../support/whole-engine.ts";

const ME = { address: "user1@example.test", password: "secret-sesame-7" };

type Logged = Readonly<Record<string, unknown>> & { readonly event: string };

async function atWork() {
  const ring = new LogRing();
  const log = createLog({ sinks: [ring.push], level: "info", clock: Date.now });
  const imap = await startImapServer({ users: [ME] });
  const smtp = await startSmtpServer({ users: [ME] });
  onTestFinished(async () => {
    await Promise.all([imap.stop(), smtp.stop()]);
  });
  for (const name of ["one", "two"]) imap.folder(ME.address, "INBOX").deliver(Buffer.from(sampleMail(name)));
  const line = await wholeEngine({ ...ME, imap: imap.port, smtp: smtp.port }, log);
  await expect.poll(async () => (await line.ask("health.status", {})).accounts[0]).toMatchObject({ state: "up-to-date", total: 2 });
  const page = await line.ask("mail.page", { view: "all:inbox", grouped: false, filter: "all", from: { kind: "top" }, limit: 10 });
  const lines = (event: string): Logged[] =>
    ring
      .lines()
      .map((one) => JSON.parse(one) as Logged)
      .filter((one) => one.event === event);
  return { line, imap, smtp, lines, ids: page.rows.map(({ placementId }) => placementId) };
}

test("a click is followed in the log to what the server was told, also when that came much later", async () => {
  const { line, lines, ids } = await atWork();
  const targets = { kind: "placements", ids } as const;
  await line.ask("health.workOffline", { on: true });
  await line.raw({ method: "mail.act", input: { targets, change: { kind: "archive" } }, correlation: "click-7" });
  expect(lines("replay.told")).toEqual([]);
  await line.ask("health.workOffline", { on: false });
  await expect.poll(() => lines("replay.told").length).toBe(1);
  const [acted] = lines("mail.acted");
  expect(acted).toMatchObject({ correlation: "click-7", change: "archive", count: 2 });
  expect(lines("replay.told")[0]).toMatchObject({ step: "move", count: 2, groups: acted?.["group"] });
});

test("a click that the server refuses is followed to its refusal", async () => {
  const { line, imap, lines, ids } = await atWork();
  imap.hooks.onCommand = ({ line: asked }) => (/UID STORE/u.test(asked) ? { no: "not today" } : undefined);
  const input = { targets: { kind: "placements", ids: ids.slice(0, 1) }, change: { kind: "flag", flag: "flagged", on: true } };
  await line.raw({ method: "mail.act", input, correlation: "click-8" });
  await expect.poll(() => lines("replay.refused").length).toBe(1);
  expect(lines("mail.acted")[0]).toMatchObject({ correlation: "click-8" });
  expect(lines("replay.refused")[0]).toMatchObject({ groups: lines("mail.acted")[0]?.["group"] });
});

test("Send is followed to the answer of the server", async () => {
  const { line, smtp, lines, ids } = await atWork();
  const draft = await line.ask("compose.start", { kind: "reply", placementId: ids[0] ?? expect.fail("no message") });
  await line.raw({ method: "compose.send", input: { draftId: draft.id, revision: draft.revision }, correlation: "click-9" });
  await expect.poll(() => lines("outbox.attempt").length, { timeout: 30_000 }).toBe(1);
  expect(smtp.messages).toHaveLength(1);
  expect(lines("outbox.queued")[0]).toMatchObject({ correlation: "click-9" });
  expect(lines("outbox.attempt")[0]).toMatchObject({ item: lines("outbox.queued")[0]?.["item"], verdict: "answered", state: "accepted" });
}, 60_000);
