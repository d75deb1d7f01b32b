import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ImapServer, startImapServer } from "../servers/imap/server.ts";
import { axeFindings } from "../support/axe.ts";
import { closeBrowser, HAS_BROWSER, PATIENCE_MS, Program } from "../support/browser.ts";
import { openFolder, row } from "../support/browser-deeds.ts";
import { addAccount } from "../support/host-process.ts";
import { sampleMail } from "../support/sample-mail.ts";

const ME = "user1@example.test";
const FOLDERS = {
  INBOX: null,
  Drafts: "\\Drafts",
  Sent: "\\Sent",
  Archive: "\\Archive",
  Junk: "\\Junk",
  Trash: "\\Trash",
  Projects: null,
  "Projects/Harbour": null,
  "Projects/Harbour/Drawings": null,
  // 发票与报销
  "&U9F5aE4OYqWVAA-": null,
  Board: null,
  Receipts: null,
};
const RIGHTS: Readonly<Record<string, string>> = { Board: "lr" };

const tree = (page: Page) => page.getByRole("navigation", { name: "Folders" });
/** By its own name, whatever else its button says. */
const folder = (page: Page, name: string) =>
  tree(page)
    .getByRole("button", { name: new RegExp(`^${name}( |$)`, "u") })
    .first();
const menuOf = async (page: Page, name: string) => {
  await folder(page, name).click({ button: "right" });
  return page.getByRole("menu", { name: `Actions for ${name}` });
};

describe.skipIf(!HAS_BROWSER)("folders in the window", { timeout: 240_000 }, () => {
  let imap: ImapServer;
  let program: Program;
  beforeAll(async () => {
    imap = await startImapServer({
      users: [{ address: ME, password: "secret-user1" }],
      personality: {
        name: "with rights",
        folders: FOLDERS,
        capabilities:
          "IMAP4rev1 LITERAL+ AUTH=PLAIN ENABLE IDLE NAMESPACE UIDPLUS MOVE LIST-EXTENDED LIST-STATUS SPECIAL-USE CONDSTORE QRESYNC ACL".split(
            " ",
          ),
        onCommand: ({ name, line }) => {
          const path = /MYRIGHTS "?([^"]+?)"?$/u.exec(line)?.[1] ?? "";
          return name === "MYRIGHTS" ? { raw: `* MYRIGHTS "${path}" ${RIGHTS[path] ?? "lrswipkxtea"}\r\n{tag} OK done\r\n` } : undefined;
        },
      },
    });
    for (const name of ["plans", "tide table", "timber"]) imap.folder(ME, "Projects/Harbour").deliver(sampleMail(name));
    for (const name of ["invoice", "tickets"]) imap.folder(ME, "INBOX").deliver(sampleMail(name));
    imap.folder(ME, "Board").deliver(sampleMail("minutes"));
    for (const name of ["lamp", "desk"]) imap.folder(ME, "Receipts").deliver(sampleMail(name));
    program = await Program.start();
    await addAccount(program.line, { address: ME, password: "secret-user1", imap: imap.port, smtp: 9 });
    await program.line.until(
      "health.status",
      {},
      ({ accounts }) => accounts[0]?.state === "up-to-date" && accounts[0].done === 8,
      PATIENCE_MS,
    );
  }, 180_000);
  afterAll(async () => {
    await program?.stop();
    await closeBrowser();
    await imap?.stop();
  });
  /** What the server has of a folder, once it has been told. */
  const onServer = (path: string) =>
    expect.poll(
      () => {
        const folder = imap.folder(ME, path);
        return folder.exists ? folder.messages().length : null;
      },
      { timeout: PATIENCE_MS },
    );

  test("a folder is made in another one by menu, and what is wrong with its name is said kindly", async () => {
    const { page } = program;
    const menu = await menuOf(page, "Projects");
    await program.picture("folder-menu");
    await menu.getByRole("menuitem", { name: "New subfolder…" }).click();
    const dialog = page.getByRole("dialog", { name: "New folder in “Projects”" });
    await dialog.getByRole("textbox", { name: "Name" }).fill("Harbour");
    await dialog.getByText("There is a folder of that name here already.").waitFor();
    await dialog.getByRole("textbox", { name: "Name" }).fill("2026/Q1");
    await dialog.getByText("This server keeps “/”", { exact: false }).waitFor();
    await program.picture("folder-name");
    await dialog.getByRole("textbox", { name: "Name" }).fill("码头 2026");
    await dialog.getByRole("button", { name: "Create" }).click();
    await folder(page, "码头 2026").waitFor();
    await onServer("Projects/码头 2026").not.toBeNull();
  });

  test("F2 renames it where the focus is, Undo gives the name back", async () => {
    const { page } = program;
    await folder(page, "Receipts").focus();
    await page.keyboard.press("F2");
    const dialog = page.getByRole("dialog", { name: "Rename “Receipts”" });
    await dialog.getByRole("textbox", { name: "Name" }).fill("Bills");
    await page.keyboard.press("Enter");
    await folder(page, "Bills").waitFor();
    await onServer("Bills").toBe(2);
    await page.getByRole("button", { name: "Undo" }).click();
    await folder(page, "Receipts").waitFor();
    await onServer("Receipts").toBe(2);
  });

  test("it is moved by dialog and by drag, and its mail stays readable", async () => {
    const { page } = program;
    await (await menuOf(page, "Receipts")).getByRole("menuitem", { name: "Move to…" }).click();
    const dialog = page.getByRole("dialog", { name: "Move “Receipts” to" });
    await dialog.getByRole("option", { name: "Projects" }).waitFor();
    await program.picture("folder-move");
    await dialog.getByRole("option", { name: "Projects" }).click();
    await dialog.getByRole("button", { name: "Move here" }).click();
    await dialog.waitFor({ state: "detached" });
    await onServer("Projects/Receipts").toBe(2);
    await folder(page, "Harbour").dragTo(folder(page, "Archive"));
    await onServer("Archive/Harbour/Drawings").not.toBeNull();
    await openFolder(page, "Harbour");
    await row(page, "About tide table").waitFor();
  });

  test("what may not be done is greyed and says why", async () => {
    const { page } = program;
    expect(await folder(page, "Board").getAttribute("title")).toBe("You may read it, not change it.");
    const menu = await menuOf(page, "Board");
    const rename = menu.getByRole("menuitem", { name: "Rename…" });
    await rename.getByText("You have no right to do that here.").waitFor();
    expect(await rename.getAttribute("aria-disabled")).toBe("true");
    await program.picture("folder-limited");
    expect(await axeFindings(page)).toEqual([]);
    await page.keyboard.press("Escape");
  });

  test("a deleted one is asked about with its messages, and moves to Trash", async () => {
    const { page } = program;
    await folder(page, "Harbour").focus();
    await page.keyboard.press("Delete");
    const dialog = page.getByRole("alertdialog", { name: "Delete “Harbour”?" });
    await dialog.getByText("It moves to Trash with the 3 messages in it", { exact: false }).waitFor();
    await dialog.getByText("The folder below it goes with it.", { exact: false }).waitFor();
    await program.picture("folder-delete");
    await dialog.getByRole("button", { name: "Move to Trash" }).click();
    await onServer("Trash/Harbour").toBe(3);
    await folder(page, "Harbour").focus();
    await page.keyboard.press("Delete");
    await dialog.getByText("The 3 messages in it", { exact: false }).waitFor();
    await program.picture("folder-delete-for-good");
    await dialog.getByRole("button", { name: "Delete for good" }).click();
    await folder(page, "Harbour").waitFor({ state: "detached" });
    await onServer("Trash/Harbour").toBeNull();
  });

  test("a refusal takes it back, in the server's words", async () => {
    const { page } = program;
    imap.hooks = { onCommand: ({ name }) => (name === "CREATE" ? { no: "[LIMIT] Twelve folders are enough" } : undefined) };
    await folder(page, "Archive").hover();
    await tree(page).getByRole("button", { name: "New folder in", exact: false }).first().focus();
    await page.keyboard.press("Enter");
    const dialog = page.getByRole("dialog", { name: "New folder" });
    await dialog.getByRole("textbox", { name: "Name" }).fill("Thirteenth");
    await page.keyboard.press("Enter");
    await page.getByText("The change to the folder “Thirteenth” was taken back").waitFor();
    await page.getByText("Twelve folders are enough", { exact: false }).waitFor();
    await program.picture("folder-refused");
    await folder(page, "Thirteenth").waitFor({ state: "detached" });
    imap.hooks = {};
  });

  test("mail for a folder that another program has deleted meanwhile stays where it was, and goes into another one by choice", async () => {
    const { page } = program;
    await openFolder(page, "Inbox");
    await program.line.request("health.workOffline", { on: true });
    await row(page, "About tickets").click();
    await page.keyboard.press("v");
    await page.getByRole("combobox", { name: "Move to which folder?" }).fill("Receipts");
    await page.getByRole("option", { name: /Receipts/u }).waitFor();
    await page.keyboard.press("Enter");
    await row(page, "About tickets").waitFor({ state: "detached" });
    imap.folder(ME, "Projects/Receipts").delete();
    await program.line.request("health.workOffline", { on: false });
    await page.getByText("“About tickets” is where it was: the folder “Receipts” is gone").waitFor();
    await row(page, "About tickets").waitFor();
    await page.getByRole("button", { name: "Show" }).click();
    await page
      .getByRole("option", { name: /About tickets/u })
      .first()
      .click();
    await page.getByText("deleted by another program", { exact: false }).waitFor();
    await program.picture("folder-target-gone");
    // What has a role is said in the window's own words, whatever the server calls it.
    await program.look({ language: "zh-CN" });
    await program.picture("folder-target-gone-zh");
    await page.getByRole("button", { name: "另选文件夹…" }).click();
    await page.getByRole("combobox").fill("归档");
    await page.getByRole("option", { name: `归档 ${ME}` }).waitFor();
    await page.keyboard.press("Enter");
    await page.getByText("1 封已移到「归档」").waitFor();
    await onServer("Archive").toBe(1);
    await program.look({ language: "en" });
    await openFolder(page, "Inbox");
  });

  test("roles and subscriptions are set by hand in the account's settings", async () => {
    const { page } = program;
    await page.getByRole("button", { name: "Settings" }).first().click();
    await page.getByRole("button", { name: "Accounts" }).click();
    await page.getByRole("button", { name: /^Edit /u }).click();
    await page.getByRole("button", { name: /Folder for Archive/u }).waitFor();
    await program.picture("folder-settings");
    await page.getByRole("button", { name: /Folder for Archive/u }).click();
    await page.getByRole("option", { name: "发票与报销" }).click();
    await page.getByText("set by you").waitFor();
    await page.getByRole("switch", { name: "Show subscribed folders only" }).focus();
    await page.keyboard.press("Space");
    const { folders } = await program.line.request("folders.list", {});
    expect(folders.find(({ role }) => role === "archive")?.name).toBe("发票与报销");
  });

  test("in Chinese, in the dark and on a narrow window", async () => {
    const { page } = program;
    await program.look({ language: "zh-CN", theme: "dark" });
    await program.picture("folder-settings-dark-zh");
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole("button", { name: "回到邮件" }).first().click();
    await page.getByRole("button", { name: /^Projects( |$)/u }).click({ button: "right" });
    await program.picture("folder-menu-dark-zh");
    await page.getByRole("menuitem", { name: "删除…" }).click();
    await page.getByRole("alertdialog").waitFor();
    await program.picture("folder-delete-dark-zh");
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole("button", { name: "保留" }).click();
    await program.look({ theme: "light", width: 420, height: 800 });
    await page.getByRole("button", { name: "显示侧栏" }).click();
    await page.getByRole("button", { name: /^Projects( |$)/u }).click({ button: "right" });
    await page.getByRole("menuitem", { name: "移动到…" }).click();
    await page.getByRole("dialog").getByRole("option").first().waitFor();
    await program.picture("folder-move-narrow-zh");
    expect(await axeFindings(page)).toEqual([]);
    expect(program.complaints).toEqual([]);
  });
});
