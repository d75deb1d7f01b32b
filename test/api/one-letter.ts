import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, vi } from "vitest";
import type { Engine } from "../../main/engine/engine.ts";
import { openEngine } from "../../main/engine/open.ts";
import type { Platform } from "../../main/engine/platform.ts";
import { inProcessPorts } from "../../main/host/in-process-port.ts";
import { silentLog } from "../../main/log.ts";
import type { MessageBody } from "../../shared/contract/mail.ts";
import { startImapServer } from "../servers/imap/server.ts";
import { Line } from "../support/line.ts";
import { testPlatform } from "../support/test-platform.ts";

const ME = "user1@example.test";
const PASSWORD = "secret-sesame-7";
const HEAD = ["From: writer@example.test", "Subject: Files", "MIME-Version: 1.0", "Content-Type: multipart/mixed; boundary=b", ""];
const WORDS = ["--b", "Content-Type: text/plain", "", "See below."];

export type OneLetter = {
  readonly folder: string;
  readonly engine: Engine;
  readonly line: Line;
  readonly body: MessageBody;
  close(): Promise<void>;
};

/** A part of the letter: a file that is attached, in lines. */
export function attached(name: string, type: string, content: Buffer | string): string[] {
  return [
    "--b",
    `Content-Type: ${type}`,
    `Content-Disposition: attachment; filename*=UTF-8''${encodeURIComponent(name)}`,
    "Content-Transfer-Encoding: base64",
    "",
    Buffer.from(content).toString("base64"),
  ];
}

/** The real engine with one account and one letter in it, that has these parts and is read. `platform` is told the profile's folder. */
export async function oneLetter(
  parts: readonly string[][],
  platform: (folder: string) => Partial<Platform> = () => ({}),
): Promise<OneLetter> {
  const folder = mkdtempSync(join(tmpdir(), "satchel-letter-"));
  const imap = await startImapServer({ users: [{ address: ME, password: PASSWORD }] });
  imap.folder(ME, "INBOX").deliver([...HEAD, ...WORDS, ...parts.flat(), "--b--", ""].join("\r\n"));
  const engine = await openEngine({
    profileDir: folder,
    platform: testPlatform(platform(folder)),
    log: silentLog,
    recentLog: () => "",
    restarts: 0,
  });
  const [mine, theirs] = inProcessPorts();
  engine.serve(theirs);
  const line = new Line(mine);
  const server = { host: "127.0.0.1", port: imap.port, security: "plain", user: ME } as const;
  await line.ask("accounts.add", {
    address: ME,
    accountName: "",
    personName: "",
    settings: { protocol: "imap", incoming: server, outgoing: { ...server, port: 9 } },
    credential: { kind: "password", password: PASSWORD },
  });
  await vi.waitFor(async () => expect((await line.ask("health.status", {})).accounts[0]).toMatchObject({ done: 1, total: 1 }), 20_000);
  const page = await line.ask("mail.page", { view: "all:inbox", grouped: false, filter: "all", from: { kind: "top" }, limit: 10 });
  const [row] = page.rows;
  if (row === undefined) throw new Error("no mail came");
  return {
    folder,
    engine,
    line,
    body: await line.ask("mail.read", { placementId: row.placementId }),
    async close() {
      line.close();
      await engine.close();
      await imap.stop();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
