import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { corpora } from "./corpora.ts";
import { ALL_CAPABILITIES, type ImapServer, startImapServer } from "./imap/server.ts";
import { runScript } from "./imaptest/run.ts";
import { parseScript, type Script } from "./imaptest/script.ts";
import { mailServersAvailable } from "./install.ts";
import { type RealServers, startMailServers } from "./real.ts";

const folder = corpora();
const scripts = folder === null ? [] : readScripts(join(folder, "imap/imaptest/tests"));
const missing = (script: Script, offered: readonly string[]): string[] =>
  script.capabilities.filter((name) => !offered.some((one) => one.toUpperCase() === name));

interface NamedScript {
  name: string;
  script: Script;
  mbox: string;
}

function readScripts(at: string): NamedScript[] {
  const read = (name: string): string => readFileSync(join(at, name), "latin1");
  const names = readdirSync(at).filter((name) => !name.endsWith(".mbox"));
  return names.map((name) => ({
    name,
    script: parseScript(read(name)),
    mbox: read(existsSync(join(at, `${name}.mbox`)) ? `${name}.mbox` : "default.mbox"),
  }));
}

describe.skipIf(folder === null)(
  `the IMAP server answers imaptest${folder === null ? " (the collected test mail is not here)" : ""}`,
  () => {
    let server: ImapServer;
    beforeAll(async () => {
      server = await startImapServer({ users: [{ address: "user1@example.test", password: "secret-of-one" }] });
    });
    afterAll(() => server.stop());

    for (const [index, { name, script, mbox }] of scripts.entries()) {
      const lacking = missing(script, ALL_CAPABILITIES);
      test.skipIf(lacking.length > 0)(`${name}${lacking.length > 0 ? ` (needs ${lacking.join(" ")})` : ""}`, async () => {
        await runScript(script, mbox, {
          port: server.port,
          address: "user1@example.test",
          password: "secret-of-one",
          mailbox: `box${index}x`,
        });
      });
    }
  },
);

const why = folder === null ? "the collected test mail is not here" : mailServersAvailable();

/** Where Dovecot 2.3 answers otherwise than the script, and what it says. */
const DOVECOT_DIFFERS: Readonly<Record<string, string>> = {
  "append-binary": "the script expects one byte less than it appended",
};

describe.skipIf(why !== null)(`Dovecot answers the same scripts${why === null ? "" : ` (${why})`}`, () => {
  let servers: RealServers;
  let offered: string[];
  beforeAll(async () => {
    servers = await startMailServers({ users: 1 });
    const client = await servers.connect("user1@example.test");
    offered = (await client.expectOk("CAPABILITY")).flatMap(({ line }) => line.split(" "));
    client.close();
  });
  afterAll(() => servers.stop());

  for (const [index, { name, script, mbox }] of scripts.entries()) {
    test(name, async (context) => {
      const lacking = missing(script, offered);
      if (lacking.length > 0) return context.skip(`needs ${lacking.join(" ")}`);
      const run = runScript(script, mbox, {
        port: servers.ports.imap,
        address: "user1@example.test",
        password: "secret-user1",
        mailbox: `box${index}x`,
      });
      const differs = DOVECOT_DIFFERS[name];
      if (differs === undefined) await run;
      else await expect(run, differs).rejects.toThrow();
    });
  }
});
