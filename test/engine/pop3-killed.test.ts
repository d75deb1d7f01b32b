import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { readBlob } from "../../main/store/blobs.ts";
import { openStore } from "../../main/store/open.ts";
import { type Pop3Verdict, ScriptedPop3 } from "../servers/pop3.ts";
import { HostProcess } from "../support/host-process.ts";
import { addPop3Account } from "../support/pop3-account.ts";
import { sampleMail } from "../support/sample-mail.ts";

/*
 * The whole program ends by SIGKILL between RETR and DELE, and wherever else it hurts: what the server has deleted must be here, byte for byte,
 * and nothing may be here twice. The server keeps mail for no day, so that every visit deletes.
 */
const ME = "user1@example.test";
const SECRET = "secret-user1";
const MAILS = 24;

let folder: string;
let server: ScriptedPop3;
let host: HostProcess | null = null;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "satchel-pop3-killed-"));
  server = await ScriptedPop3.start();
});
afterEach(async () => {
  await host?.stop("SIGKILL");
  host = null;
  await server.stop();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

async function start(): Promise<HostProcess> {
  // Keys lie outside the profile; outside the user's own folder as well, for a test.
  host = await HostProcess.start({ profile: join(folder, "profile"), env: { XDG_CONFIG_HOME: join(folder, "config") } });
  return host;
}

/** Kills the program when the server hears the nth command that begins so. Resolves when it is dead. */
function killAt(verb: string, nth: number, verdict: Pop3Verdict): Promise<void> {
  const killed = Promise.withResolvers<void>();
  let heard = 0;
  server.onCommand = (line) => {
    if (!line.startsWith(verb)) return undefined;
    heard += 1;
    if (heard < nth) return undefined;
    if (heard === nth) host?.stop("SIGKILL").then(killed.resolve, killed.reject);
    return heard === nth ? verdict : "hang";
  };
  return killed.promise;
}

vi.setConfig({ testTimeout: 180_000 });

test("killed between RETR and DELE and wherever else: every message is here once, and gone from the server only then", async () => {
  const raws = Array.from({ length: MAILS }, (_, n) => Buffer.from(sampleMail(`message-${n}`, n % 5)));
  for (const raw of raws) server.deliver(raw);
  const deaths: [string, number, Pop3Verdict][] = [
    ["RETR", 9, { cutAfter: 700 }],
    ["DELE", 1, "hang"],
    ["QUIT", 1, "hang"],
    ["QUIT", 1, "lose-answer"],
  ];
  for (const [index, [verb, nth, verdict]] of deaths.entries()) {
    const killed = killAt(verb, nth, verdict);
    const running = await start();
    if (index === 0) {
      const line = await running.connect();
      await addPop3Account(line, { address: ME, password: SECRET, pop3: server.port, smtp: 9, leaveOnServer: { kind: "days", days: 0 } });
    }
    await killed;
    // Nothing is gone from the server before the QUIT that it carried out, though nobody heard the answer.
    expect(server.mail.length).toBe(verdict === "lose-answer" ? 0 : MAILS);
  }
  server.onCommand = () => undefined;
  const line = await (await start()).connect();
  await line.until("health.status", {}, ({ accounts: [one] }) => one?.state === "up-to-date" && one.done === MAILS && one.total === MAILS);
  await host?.stop();
  host = null;
  const store = openStore({ profileDir: join(folder, "profile") });
  const here = store.db.connection
    .prepare<[], { hash: string }>("SELECT raw_hash AS hash FROM placement JOIN message ON message.id = placement.message_id")
    .all();
  const kept = await Promise.all(here.map(({ hash }) => readBlob(store.blobs.dir, hash)));
  store.close();
  expect(kept.map((raw) => raw?.toString()).sort()).toEqual(raws.map((raw) => raw.toString()).sort());
  // Fetched twice at most what was under way when the program died: no more than one batch.
  const fetched = server.commands.filter((command) => command.startsWith("RETR")).length;
  expect(fetched).toBeLessThanOrEqual(MAILS + 9 + 8);
  const dialogue = server.commands.filter((command) => /^(?:DELE|QUIT)/u.test(command));
  expect(dialogue.filter((command) => command === "QUIT").length).toBeGreaterThanOrEqual(3);
});
