import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { inProcessPorts } from "../../main/host/in-process-port.ts";
import { KeySecrets } from "../../main/host/key-secrets.ts";
import { type EngineHost, startEngine } from "../../main/host/start.ts";
import { createLog } from "../../main/log.ts";
import { LogRing } from "../../main/log-ring.ts";
import { type ImapServer, startImapServer } from "../servers/imap/server.ts";
import { Line } from "../support/line.ts";
import { sampleMail } from "../support/sample-mail.ts";
import { testPlatform } from "../support/test-platform.ts";

const ME = "user1@example.test";

let folder: string;
let imap: ImapServer;
let host: EngineHost;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "satchel-restart-"));
  imap = await startImapServer({ users: [{ address: ME, password: "secret-sesame-7" }] });
  const ring = new LogRing();
  host = startEngine({
    profileDir: folder,
    platform: testPlatform({ secrets: new KeySecrets(folder, join(folder, "keys")) }),
    log: createLog({ sinks: [ring.push], level: "info", clock: Date.now }),
    logLevel: "info",
    writeLine: ring.push,
    recentLines: () => ring.lines(),
    threadUrl: new URL("../support/breaking-engine-thread.ts", import.meta.url),
  });
});
afterEach(async () => {
  await host.close();
  await imap.stop();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

function window(): Line {
  const [mine, theirs] = inProcessPorts();
  host.serve(theirs);
  return new Line(mine);
}

/** As a window does: again, until somebody answers. */
function connectAgain(): Promise<Line> {
  return vi.waitFor(
    async () => {
      const line = window();
      await line.ask("health.hello", {});
      return line;
    },
    { timeout: 15_000, interval: 50 },
  );
}

const accountOf = async (line: Line) => (await line.ask("health.status", {})).accounts[0];
const noticesOf = async (line: Line) => (await line.ask("health.notices", { afterId: 0 })).notices.map(({ code }) => code);

test("an engine that breaks down closes its window's line; the next one finds the account at work, what was done, and a word about it", async () => {
  imap.folder(ME, "INBOX").deliver(Buffer.from(sampleMail("one")));
  const line = window();
  await line.ask("accounts.createVault", { passphrase: null });
  const server = { host: "127.0.0.1", port: imap.port, security: "plain", user: ME } as const;
  await line.ask("accounts.add", {
    address: ME,
    accountName: "",
    personName: "",
    settings: { protocol: "imap", incoming: server, outgoing: { ...server, port: 9 } },
    credential: { kind: "password", password: "secret-sesame-7" },
  });
  await expect.poll(() => accountOf(line)).toMatchObject({ state: "up-to-date", done: 1, total: 1 });
  expect(await noticesOf(line)).toEqual([]);
  const before = await line.ask("health.hello", {});

  await line.ask("health.workOffline", { on: true });
  const page = await line.ask("mail.page", { view: "all:inbox", grouped: false, filter: "all", from: { kind: "top" }, limit: 10 });
  const ids = page.rows.map(({ placementId }) => placementId);
  await line.ask("mail.act", { targets: { kind: "placements", ids }, change: { kind: "archive" } });
  const broke = host.readAsset("/break", { range: null }).catch((error: unknown) => error);
  await line.closed;
  await broke;

  const again = await connectAgain();
  expect((await again.ask("health.hello", {})).engineRun).not.toBe(before.engineRun);
  expect(await noticesOf(again)).toEqual(["engine-restarted"]);
  expect((await again.ask("health.report", {})).text).toContain("a bug in the engine");
  await again.ask("health.workOffline", { on: false });
  await expect.poll(() => accountOf(again)).toMatchObject({ state: "up-to-date", pending: 0 });
  expect(imap.folder(ME, "INBOX").messages()).toEqual([]);
  expect(imap.folder(ME, "Archive").messages()).toHaveLength(1);
});
