import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { openEngine } from "../../main/engine/open.ts";
import { inProcessPorts } from "../../main/host/in-process-port.ts";
import { KeySecrets } from "../../main/host/key-secrets.ts";
import { silentLog } from "../../main/log.ts";
import { startImapServer } from "../servers/imap/server.ts";
import { Line } from "../support/line.ts";
import { sampleMail } from "../support/sample-mail.ts";
import { testPlatform } from "../support/test-platform.ts";

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
  const profileDir = mkdtempSync(join(tmpdir(), "satchel-idle-"));
  const server = await startImapServer({ users: [{ address: ME, password: "secret-user1" }] });
  for (const id of ["one", "two", "three"]) server.folder(ME, "INBOX").deliver(sampleMail(id));
  const platform = testPlatform({ secrets: new KeySecrets(profileDir, join(profileDir, "keys")) });
  const engine = await openEngine({ profileDir, platform, log: silentLog, recentLog: () => "", restarts: 0 });
  onTestFinished(async () => {
    await engine.close();
    await server.stop();
    rmSync(profileDir, { recursive: true, force: true });
  });
  const [mine, theirs] = inProcessPorts();
  engine.serve(theirs);
  const line = new Line(mine);
  await line.ask("accounts.createVault", { passphrase: null });
  const place = { host: "127.0.0.1", security: "plain", user: ME } as const;
  await line.ask("accounts.add", {
    address: ME,
    accountName: "Harbour Studio",
    personName: "",
    settings: { protocol: "imap", incoming: { ...place, port: server.port }, outgoing: { ...place, port: 9 } },
    credential: { kind: "password", password: "secret-user1" },
  });
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
