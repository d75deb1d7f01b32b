import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { openEngine } from "../../main/engine/open.ts";
import type { Platform } from "../../main/engine/platform.ts";
import { inProcessPorts } from "../../main/host/in-process-port.ts";
import { KeySecrets } from "../../main/host/key-secrets.ts";
import { type Log, silentLog } from "../../main/log.ts";
import { Line } from "./line.ts";
import { testPlatform } from "./test-platform.ts";

/** The real engine in this thread with one IMAP account, and a window's line to it; all ends with the test. */
export async function wholeEngine(
  account: { address: string; password: string; imap: number; smtp: number },
  log: Log = silentLog,
  recentLog: () => string = () => "",
  more: Partial<Platform> = {},
): Promise<Line> {
  const profileDir = mkdtempSync(join(tmpdir(), "satchel-engine-"));
  const platform = testPlatform({ ...more, secrets: new KeySecrets(profileDir, join(profileDir, "keys")) });
  const engine = await openEngine({ profileDir, platform, log, recentLog, restarts: 0 });
  onTestFinished(async () => {
    await engine.close();
    rmSync(profileDir, { recursive: true, force: true });
  });
  const [mine, theirs] = inProcessPorts();
  engine.serve(theirs);
  const line = new Line(mine);
  await line.ask("accounts.createVault", { passphrase: null });
  const place = { host: "127.0.0.1", security: "plain", user: account.address } as const;
  await line.ask("accounts.add", {
    address: account.address,
    accountName: account.address,
    personName: "",
    settings: { protocol: "imap", incoming: { ...place, port: account.imap }, outgoing: { ...place, port: account.smtp } },
    credential: { kind: "password", password: account.password },
  });
  return line;
}
