import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import type { AccountId, DraftId } from "../../shared/ids.ts";
import { ScriptedPop3 } from "../servers/pop3.ts";
import { axeFindings } from "../support/axe.ts";
import { closeBrowser, HAS_BROWSER, PATIENCE_MS, Program } from "../support/browser.ts";
import { openFolder, row } from "../support/browser-deeds.ts";
import { addAccount, type HostLine, HostProcess } from "../support/host-process.ts";
import { LETTERS, letterFor } from "../support/letters.ts";
import { overwrite } from "../support/overwrite.ts";
import { addPop3Account } from "../support/pop3-account.ts";
import { canMount, smallDisk } from "../support/small-disk.ts";

const ME = "user1@example.test";

async function startDraft(line: HostLine, accountId: AccountId, subject: string): Promise<{ id: DraftId; revision: number }> {
  const draft = await line.request("compose.start", { kind: "new", accountId });
  const content = { ...draft.content, to: [{ name: "", address: "b@example.test" }], subject, html: "<p>Words</p>" };
  const { revision } = await line.request("compose.save", { draftId: draft.id, revision: draft.revision, content });
  return { id: draft.id, revision };
}

describe.skipIf(!HAS_BROWSER)("a profile in trouble", { timeout: 120_000 }, () => {
  let profile = "";
  beforeEach(() => {
    profile = mkdtempSync(join(tmpdir(), "satchel-journey-"));
  });
  afterEach(() => rmSync(profile, { recursive: true, force: true, maxRetries: 5 }));
  afterAll(closeBrowser);

  test("a second start leads to the window of the first, and starts no engine of its own", async () => {
    const program = await Program.start({ profile });
    try {
      const first = await program.line.request("health.hello", {});
      const second = await HostProcess.start({ profile });
      const line = await second.connect();
      expect((await line.request("health.hello", {})).engineRun).toBe(first.engineRun);
      line.close();
      await second.stop();
    } finally {
      await program.stop();
    }
  });

  test("a store that is no database is put aside whole, the window says so, and begins anew", async () => {
    const bytes = "not a database ".repeat(1000);
    writeFileSync(join(profile, "satchel.db"), bytes);
    mkdirSync(join(profile, "outbox"));
    writeFileSync(join(profile, "outbox", "unsent.eml"), "Subject: unsent");
    const program = await Program.start({ profile });
    try {
      await program.page
        .getByText(/it is kept in the profile’s folder set-aside-1/u)
        .first()
        .waitFor();
      await program.page.getByRole("textbox", { name: "Mail address" }).waitFor();
      expect(readFileSync(join(profile, "set-aside-1", "satchel.db"), "utf8")).toBe(bytes);
      expect(readFileSync(join(profile, "set-aside-1", "outbox", "unsent.eml"), "utf8")).toBe("Subject: unsent");
    } finally {
      await program.stop();
    }
  });

  test("a store that is lost: accounts, drafts and what was to be sent come from its spare copy, and are not sent unasked", async () => {
    const before = await HostProcess.start({ profile });
    const line = await before.connect();
    const accountId = await addAccount(line, { address: ME, password: "secret-user1", imap: 1, smtp: 1 });
    for (const subject of ["A draft", "On its way"]) {
      const { id, revision } = await startDraft(line, accountId, subject);
      if (subject === "On its way") await line.request("compose.send", { draftId: id, revision });
    }
    line.close();
    await before.stop();
    writeFileSync(join(profile, "satchel.db"), "not a database ".repeat(1000));
    const program = await Program.start({ profile });
    try {
      const { page } = program;
      await page
        .getByText(/your drafts \(1\) and unsent messages \(1\)/u)
        .first()
        .waitFor();
      await page
        .getByRole("button", { name: /^Outbox/u })
        .first()
        .click();
      await page.getByText("On its way").first().waitFor();
      await program.picture("store-renewed");
      await program.look({ language: "zh-CN", theme: "dark" });
      await program.picture("store-renewed-dark-zh");
      const { items } = await program.line.request("outbox.list", {});
      expect(items.map(({ subject, state }) => ({ subject, state }))).toEqual([{ subject: "On its way", state: "unknown" }]);
      expect((await program.line.request("compose.drafts", {})).drafts.map(({ subject }) => subject)).toEqual(["A draft"]);
    } finally {
      await program.stop();
    }
  });

  test("a store whose messages can be read nowhere: one calm line, and mail that is only here lies in a folder of its own", async () => {
    const pop3 = await ScriptedPop3.start();
    for (const [at, letter] of LETTERS.entries()) pop3.deliver(letterFor(ME, letter, at));
    const before = await HostProcess.start({ profile });
    const line = await before.connect();
    await addPop3Account(line, { address: ME, password: "secret-user1", pop3: pop3.port, smtp: 1, leaveOnServer: { kind: "forever" } });
    await line.until(
      "health.status",
      {},
      ({ accounts }) => accounts[0]?.done === LETTERS.length && accounts[0].state === "up-to-date",
      PATIENCE_MS,
    );
    line.close();
    await before.stop();
    pop3.mail = [];
    overwrite(join(profile, "satchel.db"), ["message"]);
    rmSync(join(profile, "satchel-spare-mail.db"));
    writeFileSync(join(profile, "running"), "");
    const program = await Program.start({ profile });
    try {
      const { page } = program;
      await page
        .getByText(/The store was damaged and has been repaired/u)
        .first()
        .waitFor();
      await openFolder(page, "Recovered");
      await row(page, "Berth 14").first().waitFor();
      expect(await axeFindings(page)).toEqual([]);
      await program.picture("store-repaired");
      await program.look({ language: "zh-CN", theme: "dark" });
      await page
        .getByText(/邮件库曾损坏/u)
        .first()
        .waitFor();
      await program.picture("store-repaired-dark-zh");
      // The next one waits until this one was read.
      await page.locator(".toast").getByRole("button", { name: "关闭" }).click();
      await page.getByText("找回了 7 封失去原位置的邮件，已放入文件夹「Recovered」。").first().waitFor();
      await program.picture("mail-recovered-dark-zh");
    } finally {
      await program.stop();
      await pop3.stop();
    }
  });

  test.skipIf(!canMount())("a disk that takes nothing: the window comes up and says so, and all is there when it takes again", async () => {
    const disk = smallDisk(64);
    if (disk === null) throw new Error("mounted a moment ago");
    const settled = await Program.start({ profile: disk.folder });
    await settled.line.request("settings.write", { density: "compact" });
    const accountId = await addAccount(settled.line, { address: ME, password: "secret-user1", imap: 1, smtp: 1 });
    for (const subject of ["A draft", "On its way"]) {
      const { id, revision } = await startDraft(settled.line, accountId, subject);
      if (subject === "On its way") await settled.line.request("compose.send", { draftId: id, revision });
    }
    await settled.host.stop("SIGTERM");
    await settled.stop();
    disk.writable(false);
    const program = await Program.start({ profile: disk.folder });
    try {
      await program.page.getByText("The profile cannot be written. Check its rights.").first().waitFor();
      expect(readdirSync(disk.folder)).toContain("satchel.db");
      await program.host.stop("SIGTERM");
      disk.writable(true);
      await program.restart();
      await expect.poll(async () => (await program.line.request("settings.read", {})).density, { timeout: PATIENCE_MS }).toBe("compact");
      expect((await program.line.request("compose.drafts", {})).drafts.map(({ subject }) => subject)).toEqual(["A draft"]);
      // A try that is under way ends in the queue again: nobody answers.
      const { items } = await program.line.until("outbox.list", {}, ({ items }) => items.every(({ state }) => state !== "sending"));
      expect(items.map(({ subject, state }) => ({ subject, state }))).toEqual([{ subject: "On its way", state: "queued" }]);
    } finally {
      await program.stop();
      disk.remove();
    }
  });
});
