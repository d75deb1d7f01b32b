import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openEngine } from "../../main/engine/open.ts";
import { inProcessPorts } from "../../main/host/in-process-port.ts";
import { KeySecrets } from "../../main/host/key-secrets.ts";
import { silentLog } from "../../main/log.ts";
import { startImapServer } from "../servers/imap/server.ts";
import { startSmtpServer } from "../servers/smtp.ts";
import { Line } from "../support/line.ts";
import { testPlatform } from "../support/test-platform.ts";

const ME = { address: "user1@example.test", password: "secret-sesame-9" };

test("a program that is closed right after Send sends first, and has its copy filed by the next start", async () => {
  const imap = await startImapServer({ users: [ME] });
  let taken = 0;
  const smtp = await startSmtpServer({
    users: [ME],
    onMessage: () => {
      taken += 1;
      return undefined;
    },
  });
  const profileDir = mkdtempSync(join(tmpdir(), "satchel-closed-"));
  onTestFinished(async () => {
    await Promise.all([imap.stop(), smtp.stop()]);
    rmSync(profileDir, { recursive: true, force: true });
  });
  const open = async () => {
    const platform = testPlatform({ secrets: new KeySecrets(profileDir, join(profileDir, "keys")) });
    const engine = await openEngine({ profileDir, platform, log: silentLog, recentLog: () => "", restarts: 0 });
    const [mine, theirs] = inProcessPorts();
    engine.serve(theirs);
    return { engine, line: new Line(mine) };
  };
  const first = await open();
  const { line } = first;
  await line.ask("accounts.createVault", { passphrase: null });
  const place = { host: "127.0.0.1", security: "plain", user: ME.address } as const;
  await line.ask("accounts.add", {
    address: ME.address,
    accountName: ME.address,
    personName: "",
    settings: { protocol: "imap", incoming: { ...place, port: imap.port }, outgoing: { ...place, port: smtp.port } },
    credential: { kind: "password", password: ME.password },
  });
  await expect.poll(async () => (await line.ask("health.status", {})).accounts[0]?.state).toBe("up-to-date");
  const [account] = (await line.ask("accounts.list", {})).accounts;
  const { id, revision, content } = await line.ask("compose.start", { kind: "new", accountId: account?.id ?? expect.fail("no account") });
  const written = { ...content, to: [{ name: "", address: ME.address }], subject: "Just before I go" };
  const saved = await line.ask("compose.save", { draftId: id, revision, content: written });
  const { undoUntil } = await line.ask("compose.send", { draftId: id, revision: saved.revision });
  expect(undoUntil).toBeGreaterThan(Date.now());
  expect(taken).toBe(0);
  await first.engine.close();
  expect(taken).toBe(1);

  const second = await open();
  await expect.poll(async () => (await second.line.ask("outbox.list", {})).items[0]?.state, { timeout: 30_000 }).toBe("filed");
  await second.engine.close();
  expect(taken).toBe(1);
});
