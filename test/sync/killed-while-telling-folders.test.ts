import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { folderOperations } from "../../main/store/folder-operations.ts";
import { mailServersAvailable } from "../servers/install.ts";
import { type RealServers, startMailServers } from "../servers/real.ts";
import { imapProxy } from "../support/imap-proxy.ts";
import { QUICK, testAccount } from "../support/running-account.ts";
import { sampleMail } from "../support/sample-mail.ts";

const USUAL = ["INBOX", "Archive", "Drafts", "Junk", "Sent", "Trash"];

describe.skipIf(mailServersAvailable() !== null)("a program that is killed while it tells the server about folders", () => {
  let servers: RealServers;
  let user = 0;
  const address = () => `user${user}@example.test`;
  beforeAll(async () => {
    servers = await startMailServers({ users: 4 });
  });
  afterAll(() => servers.stop());

  async function onServer(): Promise<string[]> {
    const client = await servers.connect(address());
    const rows = await client.expectOk('LIST "" "*"');
    client.close();
    return rows
      .map(({ line }) => / "?([^"]+?)"?$/u.exec(line)?.[1] ?? "")
      .filter((path) => !USUAL.includes(path))
      .sort();
  }

  test.each([
    ["CREATE", /^CREATE/u],
    ["SUBSCRIBE after CREATE", /^SUBSCRIBE/u],
    ["RENAME", /^RENAME/u],
    ["DELETE", /^DELETE/u],
  ])("in the middle of %s goes on as if nothing had happened", { timeout: 120_000 }, async (_what, pattern) => {
    user++;
    await servers.deliver(address(), sampleMail("inbox"));
    for (const id of ["one", "two"]) await servers.deliver(address(), sampleMail(id), "Lists");
    await servers.deliver(address(), sampleMail("old"), "Trash/Old");
    const proxy = await imapProxy(servers.ports.imap);
    const profileDir = mkdtempSync(join(tmpdir(), "satchel-kill-"));
    const script = new URL("../support/account-process.ts", import.meta.url).pathname;
    const child = spawn(process.execPath, [script, profileDir, String(proxy.port), address(), "folders"], { stdio: "ignore" });
    onTestFinished(async () => {
      child.kill("SIGKILL");
      await proxy.close();
      rmSync(profileDir, { recursive: true, force: true });
    });
    // The server has been told, and whether the answer was heard the program will never know.
    proxy.fate = (command) => {
      if (!pattern.test(command)) return "pass";
      child.kill("SIGKILL");
      return "lose-answer";
    };
    await new Promise((resolve) => child.on("exit", resolve));
    proxy.fate = () => "pass";
    proxy.commands.length = 0;
    const account = testAccount(proxy.port, { user: address(), profileDir, patienceMs: 60_000 });
    onTestFinished(() => account.close());
    account.start(QUICK);
    await account.until("all told", ({ pending }) => pending === 0);
    await account.complete();
    expect(await onServer()).toEqual(["Listen", "Made"]);
    expect(folderOperations(account.store.db, account.id)).toEqual([]);
    expect(await servers.mailboxOf(address(), "Made")).toHaveLength(1);
    expect(account.counts("Made")).toEqual({ total: 1, here: 1 });
    expect(account.counts("Listen")).toEqual({ total: 2, here: 2 });
    expect(proxy.commands.filter((command) => /BODY\.PEEK\[\]/u.test(command))).toEqual([]);
  });
});
