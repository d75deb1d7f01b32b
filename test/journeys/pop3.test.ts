import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ScriptedPop3 } from "../servers/pop3.ts";
import { type SmtpServer, startSmtpServer } from "../servers/smtp.ts";
import { axeFindings } from "../support/axe.ts";
import { closeBrowser, HAS_BROWSER, PATIENCE_MS, Program } from "../support/browser.ts";
import { fillHandForm, makeVault, openFolder, openHandForm, openRow, row, write } from "../support/browser-deeds.ts";
import { LETTERS, letterFor } from "../support/letters.ts";

const ME = "user1@example.test";
const SECRET = "secret-user1";

describe.skipIf(!HAS_BROWSER)("a POP3 account in the window", { timeout: 240_000 }, () => {
  let pop3: ScriptedPop3;
  let smtp: SmtpServer;
  let program: Program;
  beforeAll(async () => {
    pop3 = await ScriptedPop3.start();
    for (const [at, letter] of LETTERS.entries()) pop3.deliver(letterFor(ME, letter, at));
    pop3.mail.reverse();
    smtp = await startSmtpServer({ users: [{ address: ME, password: SECRET }] });
    program = await Program.start();
  }, 240_000);
  afterAll(async () => {
    await program?.stop();
    await closeBrowser();
    await pop3?.stop();
    await smtp?.stop();
  });

  test("is offered where a provider has it, and said to be what it is", async () => {
    const { page } = program;
    await page.getByRole("textbox", { name: "Mail address" }).fill("user1@qq.com");
    await page.keyboard.press("Enter");
    await makeVault(page);
    await page.getByRole("button", { name: "Use POP3 instead" }).click();
    await page.getByText("By POP3: one inbox, everything else on this computer.").waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole("button", { name: "Use IMAP instead" }).click();
    await page.getByText("By POP3", { exact: false }).waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Close" }).click();
  });

  test("is added by hand, tested step by step, with the choice of what stays on the server", async () => {
    const { page } = program;
    await openHandForm(page);
    await fillHandForm(page, {
      address: ME,
      password: SECRET,
      host: "127.0.0.1",
      security: "None, this computer only",
      imap: pop3.port,
      smtp: smtp.port,
      protocol: "POP3",
    });
    await program.picture("pop3-servers");
    await page.getByRole("button", { name: "Test connection" }).click();
    await page.getByRole("heading", { name: "Both sides work" }).waitFor();
    await page.getByRole("region", { name: "Incoming" }).getByText("Messages").waitFor();
    await program.picture("pop3-test");
    await page.getByRole("button", { name: "Continue" }).click();
    await page.getByRole("textbox", { name: "Your name" }).fill("First User");
    await page.getByRole("button", { name: /Mail on the server/u }).click();
    await page.getByRole("option", { name: "Until I delete it here for good" }).click();
    await page.getByText("What you empty from Trash goes from the server too.").waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await program.picture("pop3-leave");
    await program.look({ language: "zh-CN", theme: "dark" });
    await program.picture("pop3-leave-dark-zh");
    await program.look({ language: "en", theme: "light" });
    await page.getByRole("button", { name: "Add account" }).click();
    await row(page, "Berth 14 for the winter").waitFor();
    await page.getByRole("button", { name: /All of it readable offline/u }).waitFor();
    const card = await openRow(page, "周末的茶会");
    await card.getByText("周六下午三点在我家", { exact: false }).waitFor();
    await program.picture("pop3-inbox");
  });

  test("has folders of its own: filing, throwing away and sending need no server", async () => {
    const { page } = program;
    await row(page, "Your order of stoneware").click();
    await page.keyboard.press("e");
    await row(page, "Your order of stoneware").waitFor({ state: "detached" });
    await openFolder(page, "Archive");
    await row(page, "Your order of stoneware").waitFor();
    await page.getByRole("button", { name: /New message/u }).click();
    await write(page, { to: "writer2@example.test", subject: "Three o'clock it is", text: "I bring two cups." });
    await page.getByRole("button", { name: /^Send/u }).first().click();
    await expect.poll(() => smtp.messages.length, { timeout: PATIENCE_MS }).toBe(1);
    await openFolder(page, "Sent");
    await row(page, "Three o'clock it is").waitFor();
    expect(pop3.commands.filter((line) => line.startsWith("DELE"))).toEqual([]);
  });

  test("takes from the server what was deleted for good here, after the settings said so", async () => {
    const { page } = program;
    await page.getByRole("button", { name: "Settings" }).click();
    await page.getByRole("navigation", { name: "Sections of the settings" }).getByRole("button", { name: "Accounts" }).click();
    await page.getByRole("button", { name: /Edit example.test/u }).click();
    await page.getByText("What you empty from Trash goes from the server too.").waitFor();
    await program.picture("pop3-settings");
    await program.look({ width: 700, height: 900, language: "zh-CN", theme: "dark" });
    await program.picture("pop3-settings-narrow-zh");
    await program.look({ width: 1440, height: 900, language: "en", theme: "light" });
    await page.getByRole("button", { name: /Mail on the server/u }).click();
    await page.getByRole("option", { name: "Delete once it is here" }).click();
    await expect.poll(() => pop3.mail.length, { timeout: PATIENCE_MS }).toBe(0);
    const { folders } = await program.line.request("folders.list", {});
    expect(folders.reduce((sum, { here }) => sum + here, 0)).toBe(LETTERS.length + 1);
    expect(program.complaints).toEqual([]);
  });
});
