import { beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { createLog } from "../../main/log.ts";
import type { Trace } from "../../shared/contract/vitals.ts";
import type { ViewKey } from "../../shared/ids.ts";
import { type ImapServer, startImapServer } from "../servers/imap/server.ts";
import type { Line } from "../support/line.ts";
import { sampleMail } from "../support/sample-mail.ts";
import { wholeEngine } from "../support/whole-engine.ts";

const ME = "someone.private@example.test";
const PASSWORD = "secret-of-someone";

let server: ImapServer;
let line: Line;
let lines: string[];
beforeEach(async () => {
  server = await startImapServer({ users: [{ address: ME, password: PASSWORD }] });
  for (const id of ["one", "two", "three"]) server.folder(ME, "INBOX").deliver(sampleMail(id));
  onTestFinished(() => server.stop());
  lines = [];
  const log = createLog({ sinks: [(text) => lines.push(text)], level: "info", clock: Date.now });
  line = await wholeEngine({ address: ME, password: PASSWORD, imap: server.port, smtp: 9 }, log, () => lines.join("\n"));
  await vi.waitFor(async () => {
    const { accounts } = await line.ask("health.status", {});
    expect(accounts[0]).toMatchObject({ state: "up-to-date", done: 3 });
  }, 30_000);
});

async function inboxRow(): Promise<number> {
  const { folders } = await line.ask("folders.list", {});
  const inbox = folders.find(({ role }) => role === "inbox");
  const { rows } = await line.ask("mail.page", {
    view: `folder:${inbox?.id}` as ViewKey,
    grouped: false,
    filter: "all",
    from: { kind: "top" },
    limit: 10,
  });
  return rows[0]?.placementId ?? 0;
}

test("an act is traced from the click to the server's answer, under one correlation that stands in the log", async () => {
  const placementId = await inboxRow();
  const at = Date.now() - 3;
  await line.raw({
    method: "mail.act",
    input: { targets: { kind: "placements", ids: [placementId] }, change: { kind: "flag", flag: "flagged", on: true } },
    correlation: "w-click-7",
    at,
  });
  const traced = async (): Promise<Trace | undefined> =>
    (await line.ask("health.traces", {})).traces.find(({ correlation }) => correlation === "w-click-7");
  await vi.waitFor(async () => expect((await traced())?.state).toBe("done"), 30_000);
  const trace = await traced();
  expect(trace).toMatchObject({ method: "mail.act", count: 1 });
  expect(trace?.steps.map(({ what }) => what).filter((what) => what !== "done")).toEqual(["clicked", "heard", "kept", "sent", "answered"]);
  expect(trace?.steps[0]?.at).toBe(at);
  expect(trace?.steps.find(({ what }) => what === "sent")?.detail).toBe("flag");
  expect(trace?.steps.map(({ at: when }) => when)).toEqual(trace?.steps.map(({ at: when }) => when).toSorted((a, b) => a - b));
  expect(lines.filter((text) => text.includes('"correlation":"w-click-7"') && text.includes("trace.answered"))).toHaveLength(1);
});

test("the report tells numbers and what went wrong, and neither address nor host nor secret nor mail", async () => {
  await expect(line.raw({ method: "mail.act", input: { to: ME, password: PASSWORD }, correlation: "w-2" })).rejects.toThrow();
  server.folder(ME, "INBOX").deliver(sampleMail("a private matter"));
  const { text } = await line.ask("health.report", {});
  for (const part of ["Satchel 0.0.0", "Thread engine", "imap, own server", "lines opened", "p95", "engine.opened"])
    expect(text).toContain(part);
  for (const secret of [ME, "someone.private", PASSWORD, "127.0.0.1", String(server.port), "About one", "a private matter"])
    expect(text).not.toContain(secret);
});

test("thirty seconds, or as many as are wanted, are recorded of every thread, without the folders of this computer", async () => {
  await inboxRow();
  const recording = line.ask("health.record", { seconds: 60 });
  await vi.waitFor(async () => {
    await expect(line.ask("health.record", { seconds: 1 })).rejects.toMatchObject({ code: "recording-already" });
  });
  await line.ask("health.recordStop", {});
  const answer = await recording;
  if (answer.kind !== "download") throw new Error(answer.kind);
  expect(answer.files.map(({ name }) => name.replace(/-\d+\.cpuprofile$/u, ""))).toEqual(
    expect.arrayContaining(["satchel-engine", "satchel-search", "satchel-parse"]),
  );
  for (const { sizeBytes, url } of answer.files) {
    expect(sizeBytes).toBeGreaterThan(100);
    expect(url).toMatch(/^\/asset\/.+\.(?:zip|html|json|cpuprofile|heapprofile)$/u);
  }
});

test("a window sees how each thread is, and how long it waited for its answers", async () => {
  const vitals = await vi.waitFor(async () => {
    const now = await line.ask("health.vitals", {});
    expect(now.threads.map(({ thread }) => thread)).toEqual(expect.arrayContaining(["engine", "search", "parse"]));
    return now;
  }, 30_000);
  expect(vitals.mail).toMatchObject({ files: 3 });
  expect(vitals.accounts[0]?.today).toMatchObject({ failed: 0 });
  expect(vitals.accounts[0]?.today.connected).toBeGreaterThan(0);
  expect(vitals.accounts[0]?.today.bytes).toBeGreaterThan(0);
  expect(vitals.requests.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(1);
  expect(vitals.alerts).toEqual([]);
});
