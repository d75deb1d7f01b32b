import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ImapServer, startImapServer } from "../servers/imap/server.ts";
import { axeFindings } from "../support/axe.ts";
import { closeBrowser, HAS_BROWSER, PATIENCE_MS, Program } from "../support/browser.ts";
import { openFolder, row } from "../support/browser-deeds.ts";
import { addAccount } from "../support/host-process.ts";
import { sampleMail } from "../support/sample-mail.ts";

const HOME = "home@example.test";
const WORK = "work@example.test";

describe.skipIf(!HAS_BROWSER)("mail moves to another account", { timeout: 240_000 }, () => {
  let imap: ImapServer;
  let program: Program;
  beforeAll(async () => {
    imap = await startImapServer({ users: [HOME, WORK].map((address) => ({ address, password: "secret-user1" })) });
    for (const name of ["lamp", "desk", "chair"]) imap.folder(HOME, "INBOX").deliver(sampleMail(name));
    program = await Program.start();
    for (const address of [HOME, WORK]) await addAccount(program.line, { address, password: "secret-user1", imap: imap.port, smtp: 9 });
    await program.line.until(
      "health.status",
      {},
      ({ accounts }) => accounts.length === 2 && accounts.every(({ state, done, total }) => state === "up-to-date" && done === total),
      PATIENCE_MS,
    );
  }, 180_000);
  afterAll(async () => {
    await program?.stop();
    await closeBrowser();
    await imap?.stop();
  });
  const archived = () => expect.poll(() => imap.folder(WORK, "Archive").messages().length, { timeout: PATIENCE_MS });

  test("by key, which names both the folder and the account, and back with Undo", async () => {
    const { page } = program;
    await openFolder(page, "Inbox");
    await row(page, "About lamp").click();
    await page.keyboard.press("v");
    await page.getByRole("combobox", { name: "Move to which folder?" }).fill("archive");
    await program.picture("move-between-accounts");
    await page.getByRole("option", { name: `Archive ${WORK}` }).click();
    await page.getByText(`1 message moved to Archive in ${WORK}`).waitFor();
    await program.picture("moved-between-accounts");
    await archived().toBe(1);
    await page.getByRole("button", { name: "Undo" }).click();
    await row(page, "About lamp").waitFor();
    await archived().toBe(0);
    await expect.poll(() => imap.folder(HOME, "INBOX").messages().length, { timeout: PATIENCE_MS }).toBe(3);
  });

  test("dragged, in Chinese, in the dark and on a narrow window, and the journal says where it went", async () => {
    const { page } = program;
    await program.look({ language: "zh-CN", theme: "dark" });
    const targets = page.getByRole("navigation", { name: "文件夹" }).getByRole("button", { name: /^归档/u });
    await row(page, "About desk").dragTo(targets.last());
    await page.getByText(`1 封已移到「${WORK}」的「归档」`).waitFor();
    await program.picture("moved-between-accounts-dark-zh");
    expect(await axeFindings(page)).toEqual([]);
    await archived().toBe(1);
    await page.keyboard.press("g");
    await page.keyboard.press("j");
    await page
      .getByRole("option", { name: `移到「${WORK}」的「归档」`, exact: false })
      .first()
      .click();
    await program.picture("journal-between-accounts-dark-zh");
    await program.look({ width: 440, height: 860 });
    await program.picture("journal-between-accounts-narrow-zh");
    expect(program.complaints).toEqual([]);
  });
});
