import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ImapServer, startImapServer } from "../servers/imap/server.ts";
import { axeFindings } from "../support/axe.ts";
import { closeBrowser, HAS_BROWSER, PATIENCE_MS, Program } from "../support/browser.ts";
import { atRest, openFolder, openRow, row } from "../support/browser-deeds.ts";
import { addAccount } from "../support/host-process.ts";
import { sampleMail } from "../support/sample-mail.ts";

const HOME = "home@example.test";
const WORK = "work@example.test";

describe.skipIf(!HAS_BROWSER)("mail moves to another account", { timeout: 240_000 }, () => {
  let imap: ImapServer;
  let program: Program;
  beforeAll(async () => {
    imap = await startImapServer({ users: [HOME, WORK].map((address) => ({ address, password: "secret-user1" })) });
    for (const name of ["lamp", "desk", "sofa", "chair"]) imap.folder(HOME, "INBOX").deliver(sampleMail(name));
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
    await expect.poll(() => imap.folder(HOME, "INBOX").messages().length, { timeout: PATIENCE_MS }).toBe(4);
  });

  test("back before any server has heard of it, it opens again; seen from where it went, it is no longer open when it has gone back", async () => {
    const { page } = program;
    const archive = page
      .getByRole("navigation", { name: "Folders" })
      .getByRole("button", { name: /^Archive/u })
      .last();
    const read = (words: string) =>
      imap
        .folder(HOME, "INBOX")
        .messages()
        .some(({ raw, flags }) => raw.includes(words) && flags.includes("\\Seen"));
    const move = async (words: string): Promise<void> => {
      await openFolder(page, "Inbox");
      await openRow(page, words);
      await expect.poll(() => read(words), { timeout: PATIENCE_MS }).toBe(true);
      await page.keyboard.press("v");
      await page.getByRole("combobox", { name: "Move to which folder?" }).fill("archive");
      await page.getByRole("option", { name: `Archive ${WORK}` }).click();
      await page.getByText(`1 message moved to Archive in ${WORK}`).waitFor();
      await row(page, words).waitFor({ state: "detached" });
    };
    const held = Promise.withResolvers<undefined>();
    imap.hooks = { onCommand: ({ name }) => (name === "STATUS" ? held.promise : undefined) };
    // The next one opens, and what has just gone is read ahead, being beside it.
    await move("About sofa");
    await page.getByRole("heading", { level: 1, name: "About desk" }).waitFor();
    await page.keyboard.press("Control+z");
    await openRow(page, "About sofa");
    await page.getByRole("article").getByText("writer@example.test").waitFor();
    held.resolve(undefined);
    imap.hooks = {};
    await move("About chair");
    await archived().toBe(1);
    await expect.poll(() => imap.folder(HOME, "INBOX").messages().length, { timeout: PATIENCE_MS }).toBe(3);
    await archive.click();
    await openRow(page, "About chair");
    await page.keyboard.press("Control+z");
    await page.getByText("All of it is with you").waitFor();
    await openFolder(page, "Inbox");
    await openRow(page, "About chair");
    await atRest(page);
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
