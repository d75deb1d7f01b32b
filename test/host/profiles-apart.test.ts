import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { startImapServer } from "../servers/imap/server.ts";
import { startSmtpServer } from "../servers/smtp.ts";
import { addAccount, HostProcess } from "../support/host-process.ts";

const USER = { address: "user1@example.test", password: "secret-user1" };

test("two profiles run side by side and know nothing of each other: accounts, settings, mail, secrets", { timeout: 60_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), "satchel-profiles-"));
  const imap = await startImapServer({ users: [USER] });
  imap.folder(USER.address, "INBOX").deliver(Buffer.from("Subject: only at work\r\n\r\nx\r\n"));
  const smtp = await startSmtpServer({ users: [USER] });
  const env = { XDG_CONFIG_HOME: join(folder, "config") };
  const start = (name: string) => HostProcess.start({ profile: join(folder, name), env });
  const [work, home] = await Promise.all([start("work"), start("home")]);
  onTestFinished(async () => {
    await Promise.all([work.stop(), home.stop(), imap.stop(), smtp.stop()]);
    rmSync(folder, { recursive: true, force: true });
  });
  const [atWork, atHome] = await Promise.all([work.connect(), home.connect()]);
  await addAccount(atWork, { ...USER, imap: imap.port, smtp: smtp.port });
  await atWork.request("settings.write", { theme: "dark" });
  await atWork.until("folders.list", {}, ({ folders }) => folders.some(({ role, here }) => role === "inbox" && here === 1));

  const { accounts, vault } = await atHome.request("accounts.list", {});
  expect({ accounts, vault: vault.kind }).toEqual({ accounts: [], vault: "none" });
  expect((await atHome.request("folders.list", {})).folders).toEqual([]);
  expect((await atHome.request("settings.read", {})).theme).toBe("system");
  // Each has the same things in its own folder, and beside them lies only the key of the one that has a vault.
  expect(readdirSync(join(folder, "home"))).not.toContain("vault.json");
  expect(readdirSync(folder).sort()).toEqual(["config", "home", "work"]);
  expect(readdirSync(join(folder, "config", "satchel-keys"))).toHaveLength(1);
  atWork.close();
  atHome.close();
});
