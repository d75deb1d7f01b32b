import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { gmail } from "../servers/imap/personalities/gmail.ts";
import { type ImapServer, startImapServer } from "../servers/imap/server.ts";
import { closeBrowser, HAS_BROWSER, PATIENCE_MS, Program } from "../support/browser.ts";
import { atRest, openFolder, openRow, row } from "../support/browser-deeds.ts";
import { addAccount } from "../support/host-process.ts";
import { sampleMail } from "../support/sample-mail.ts";

const ME = "user1@example.test";

describe.skipIf(!HAS_BROWSER)("a Gmail account in the window", { timeout: 180_000 }, () => {
  let imap: ImapServer;
  let program: Program;
  beforeAll(async () => {
    imap = await startImapServer({ users: [{ address: ME, password: "secret-user1" }], personality: gmail });
    for (const name of ["crates", "tickets", "lunch"]) imap.folder(ME, "INBOX").deliver(sampleMail(name));
    imap.folder(ME, "客户").deliver(sampleMail("quote"));
    imap.folder(ME, "[Gmail]/Important").deliver(sampleMail("deadline"));
    const all = imap.folder(ME, "[Gmail]/All Mail");
    all.label(all.messages()[1]?.uid ?? 0, ["Work", "Work/Travel", "客户"]);
    program = await Program.start();
    await addAccount(program.line, { address: ME, password: "secret-user1", imap: imap.port, smtp: 9 });
    await program.line.until(
      "health.status",
      {},
      ({ accounts }) => accounts[0]?.state === "up-to-date" && accounts[0].done === 5,
      PATIENCE_MS,
    );
  }, 180_000);
  afterAll(async () => {
    await program?.stop();
    await closeBrowser();
    await imap?.stop();
  });

  const there = (folder: string) =>
    imap
      .folder(ME, folder)
      .messages()
      .map(({ raw }) => /^Subject: About (.*)$/mu.exec(raw.toString())?.[1]?.trim())
      .sort();
  test("labels are folders and tags, and a tag can be taken off", async () => {
    const { page } = program;
    const folders = page.getByRole("navigation", { name: "Folders" });
    for (const name of ["Inbox", "All mail", "Important", "Work", "Travel", "客户"])
      await folders.getByRole("button", { name }).first().waitFor();
    expect(await folders.getByRole("button", { name: "[Gmail]" }).count()).toBe(0);
    await openFolder(page, "Work");
    await openRow(page, "About tickets");
    const off = page.getByRole("button", { name: "Take the label Travel off" });
    await off.waitFor();
    await atRest(page);
    await page.mouse.move(0, 0);
    await program.picture("gmail-labels");
    await program.look({ language: "zh-CN", theme: "dark" });
    await page.getByRole("article").getByText("This is tickets.").waitFor();
    await program.picture("gmail-labels-dark-zh");
    await program.look({ language: "en", theme: "light" });
    await off.click();
    await off.waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Undo" }).waitFor();
    await program.line.until("health.status", {}, ({ accounts }) => accounts[0]?.pending === 0, PATIENCE_MS);
    expect(there("Work/Travel")).toEqual([]);
    expect(there("Work")).toEqual(["tickets"]);
  });

  test("a label is put on by its name", async () => {
    const { page } = program;
    await openFolder(page, "Inbox");
    await row(page, "About lunch").click();
    await page.keyboard.press("l");
    await page.getByRole("combobox", { name: "Which label?" }).fill("trav");
    await page.getByRole("option", { name: /Travel/u }).waitFor();
    expect(await page.getByRole("option").count()).toBe(1);
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Take the label Travel off" }).waitFor();
    await program.line.until("health.status", {}, ({ accounts }) => accounts[0]?.pending === 0, PATIENCE_MS);
    expect(there("Work/Travel")).toEqual(["lunch"]);
    expect(there("INBOX")).toEqual(["crates", "lunch", "tickets"]);
  });

  test("archiving leaves the message under its labels and in All mail, deleting takes it from everywhere", async () => {
    const { page } = program;
    await openFolder(page, "Inbox");
    await row(page, "About tickets").click();
    await page.keyboard.press("e");
    await row(page, "About tickets").waitFor({ state: "detached" });
    await row(page, "About crates").click();
    await page.keyboard.press("#");
    await row(page, "About crates").waitFor({ state: "detached" });
    await program.picture("gmail-archived");
    await openFolder(page, "All mail");
    await row(page, "About tickets").waitFor();
    expect(await row(page, "About crates").count()).toBe(0);
    await program.line.until("health.status", {}, ({ accounts }) => accounts[0]?.pending === 0, PATIENCE_MS);
    expect(there("INBOX")).toEqual(["lunch"]);
    expect(there("[Gmail]/Trash")).toEqual(["crates"]);
    expect(there("Work")).toEqual(["tickets"]);
    expect(program.complaints).toEqual([]);
  });
});
