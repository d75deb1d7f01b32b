import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ImapServer, startImapServer } from "../servers/imap/server.ts";
import { closeBrowser, HAS_BROWSER, PATIENCE_MS, Program } from "../support/browser.ts";
import { openFolder, openRow } from "../support/browser-deeds.ts";
import { addAccount } from "../support/host-process.ts";
import { sampleMail } from "../support/sample-mail.ts";

const ME = "user1@example.test";

describe.skipIf(!HAS_BROWSER)("getting ready for a trip", { timeout: 180_000 }, () => {
  let imap: ImapServer;
  let program: Program;
  beforeAll(async () => {
    imap = await startImapServer({ users: [{ address: ME, password: "secret-user1" }] });
    for (let number = 0; number < 12; number += 1) {
      imap.folder(ME, "INBOX").deliver(sampleMail(`crate ${number}`, 200));
      imap.folder(ME, "Archive").deliver(sampleMail(`old crate ${number}`, 100));
    }
    await imap.pause();
    program = await Program.start();
    const accountId = await addAccount(program.line, { address: ME, password: "secret-user1", imap: imap.port, smtp: 9 });
    await program.line.request("accounts.update", { accountId, accountName: "Harbour Studio" });
    const policy = { keep: { kind: "headers" }, largestMb: null } as const;
    await program.line.request("offline.setPolicy", { accountId, folderId: null, policy });
    await imap.resume();
    await program.line.request("health.syncNow", {});
    await program.line.until("health.status", {}, ({ accounts }) => accounts[0]?.onDemand === 24, PATIENCE_MS);
  }, 180_000);
  afterAll(async () => {
    await program?.stop();
    await closeBrowser();
    await imap?.stop();
  });

  test("chosen folders say what they take, come whole, and read without a line; the others stay as they were", async () => {
    const { page } = program;
    await page.getByRole("button", { name: /Up to date/u }).click();
    await page.getByRole("dialog", { name: "Readiness" }).getByRole("button", { name: "Choose…" }).click();
    const dialog = page.getByRole("dialog", { name: "Get ready for a trip" });
    await dialog.getByRole("checkbox", { name: /Inbox/u }).waitFor();
    expect(await dialog.getByRole("checkbox", { name: /Inbox/u }).isChecked()).toBe(true);
    expect(await dialog.getByRole("checkbox", { name: /Archive/u }).isChecked()).toBe(false);
    await dialog
      .getByText(/^2\.\d MB/u)
      .last()
      .waitFor();
    await program.picture("trip-choose");
    await program.look({ language: "zh-CN", theme: "dark" });
    await program.picture("trip-choose-dark-zh");
    await program.look({ language: "en", theme: "light", width: 420, height: 800 });
    await program.picture("trip-choose-narrow");
    await program.look({ width: 1440, height: 900 });
    // Begun without a line: it waits for one, and then comes by itself.
    await imap.pause();
    await dialog.getByRole("button", { name: "Get ready" }).click();
    await dialog.waitFor({ state: "detached" });
    await page.locator("button.status").click();
    await page.getByText(/3 folders until/u).waitFor();
    await program.picture("trip-waiting");
    await imap.resume();
    await program.line.request("health.syncNow", {});
    await page.getByText(/^3 folders until .*: all of it is here$/u).waitFor();
    await program.picture("trip-ready");
    await page.keyboard.press("Escape");
    const { folders } = await program.line.request("folders.list", {});
    expect(folders.find(({ role }) => role === "inbox")).toMatchObject({ here: 12 });
    expect(folders.find(({ role }) => role === "archive")).toMatchObject({ here: 0 });
    await imap.pause();
    await openFolder(page, "Inbox");
    await (await openRow(page, "About crate 3")).getByText("This is crate 3.").waitFor();
    await imap.resume();
  });

  test("one more folder says how long it takes, and how far it is while its mail comes", async () => {
    const { page } = program;
    const archived = new Set<number>();
    imap.hooks = {
      onCommand: ({ name, line }, { session }) => {
        if (name === "EXAMINE") archived[line.includes("Archive") ? "add" : "delete"](session);
        return archived.has(session) && /BODY\.PEEK\[\]/iu.test(line) ? "hang" : undefined;
      },
    };
    await page.locator("button.status").click();
    await page.getByRole("button", { name: "Change…" }).click();
    const dialog = page.getByRole("dialog", { name: "Get ready for a trip" });
    await dialog.getByRole("checkbox", { name: /Archive/u }).click();
    await dialog.getByText(/^1\.\d MB, (?:less than a minute|about)/u).waitFor();
    await program.picture("trip-time");
    await program.look({ language: "zh-CN", theme: "dark" });
    await program.picture("trip-time-dark-zh");
    await program.look({ language: "en", theme: "light" });
    await dialog.getByRole("button", { name: "Get ready" }).click();
    await dialog.waitFor({ state: "detached" });
    await page.locator("button.status").click();
    await page.getByText(/4 folders until .*: 1\.\d MB/u).waitFor();
    const progress = page.getByRole("progressbar", { name: "Get ready for a trip" });
    expect(await progress.getAttribute("aria-valuenow")).toBe("50");
    await program.picture("trip-under-way");
    imap.hooks = {};
    imap.dropAll();
    await program.line.request("health.syncNow", {});
    await page.getByText(/^4 folders until .*: all of it is here$/u).waitFor();
    expect(await progress.getAttribute("aria-valuenow")).toBe("100");
    await page.keyboard.press("Escape");
  });

  test("a trip that is over leaves what it brought, and asks for no more", async () => {
    const { page } = program;
    await page.locator("button.status").click();
    await page.getByRole("button", { name: "Change…" }).click();
    await page.getByRole("button", { name: "End the trip" }).click();
    await program.line.until("offline.trip", {}, ({ trip }) => trip === null);
    imap.folder(ME, "INBOX").deliver(sampleMail("crate 99"));
    await program.line.request("health.syncNow", {});
    const { accounts } = await program.line.until("health.status", {}, (status) => status.accounts[0]?.onDemand === 1, PATIENCE_MS);
    expect(accounts[0]).toMatchObject({ total: 0, bytesToGo: 0 });
    expect(program.complaints).toEqual([]);
  });
});
