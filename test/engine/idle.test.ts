import { expect, onTestFinished, test, vi } from "vitest";
import { startImapServer } from "../servers/imap/server.ts";
import { sampleMail } from "../support/sample-mail.ts";
import { wholeEngine } from "../support/whole-engine.ts";

const ME = "user1@example.test";
const MINUTE = 60_000;

/** The timers of this thread that have been set and neither came nor were cancelled: ms, and who set them. */
function watchTimers(): () => string[] {
  const live = new Map<unknown, string>();
  const real = { setTimeout, setInterval, clearTimeout, clearInterval };
  const note = (timer: unknown, ms: number | undefined): void => {
    const by = (new Error("set").stack ?? "").split("\n").slice(3, 6).join("\n");
    if ((ms ?? 0) < MINUTE) live.set(timer, `${ms} ms${by}`);
  };
  vi.stubGlobal("setTimeout", (work: () => void, ms?: number) => {
    const timer = real.setTimeout(() => {
      live.delete(timer);
      work();
    }, ms);
    note(timer, ms);
    return timer;
  });
  vi.stubGlobal("setInterval", (work: () => void, ms?: number) => {
    const timer = real.setInterval(work, ms);
    note(timer, ms);
    return timer;
  });
  for (const name of ["clearTimeout", "clearInterval"] as const) {
    vi.stubGlobal(name, (timer: NodeJS.Timeout) => {
      live.delete(timer);
      real[name](timer);
    });
  }
  onTestFinished(() => void vi.unstubAllGlobals());
  return () => [...live.values()];
}

test("an engine that has nothing to do wakes up once a minute at most", { timeout: 90_000 }, async () => {
  const short = watchTimers();
  const server = await startImapServer({ users: [{ address: ME, password: "secret-user1" }] });
  for (const id of ["one", "two", "three"]) server.folder(ME, "INBOX").deliver(sampleMail(id));
  onTestFinished(() => server.stop());
  const line = await wholeEngine({ address: ME, password: "secret-user1", imap: server.port, smtp: 9 });
  await vi.waitFor(async () => {
    const { accounts } = await line.ask("health.status", {});
    expect(accounts[0]).toMatchObject({ state: "up-to-date", pending: 0, done: 3 });
  }, 30_000);
  // What was set for an end of the work comes, or is cancelled; nothing sets another.
  await vi.waitFor(() => expect(short()).toEqual([]), { timeout: 40_000, interval: 200 });
  // And it does not sleep through what the server tells.
  server.folder(ME, "INBOX").deliver(sampleMail("four"));
  await vi.waitFor(async () => {
    const { folders } = await line.ask("folders.list", {});
    expect(folders.find(({ role }) => role === "inbox")).toMatchObject({ total: 4, here: 4 });
  }, 30_000);
});
