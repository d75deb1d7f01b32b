import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ImapServer, startImapServer } from "../servers/imap/server.ts";
import { type SmtpServer, startSmtpServer } from "../servers/smtp.ts";
import { axeFindings } from "../support/axe.ts";
import { closeBrowser, HAS_BROWSER, PATIENCE_MS, Program } from "../support/browser.ts";
import { write } from "../support/browser-deeds.ts";
import { addAccount } from "../support/host-process.ts";

const ME = "lin@harbour.example";
const PASSWORD = "secret-glaze";
const PEOPLE = Array.from({ length: 24 }, (_, at) => `客人${at + 1},guest${at + 1}@atelier.example,${at + 1} 号桌`);
const TABLE = ["姓名,邮箱,座位", ...PEOPLE, "没有地址的人,—,9 号桌", "又一位,guest1@atelier.example,1 号桌"].join("\r\n");

describe.skipIf(!HAS_BROWSER)("one message to each of many", { timeout: 120_000 }, () => {
  let imap: ImapServer;
  let smtp: SmtpServer;
  let program: Program;
  beforeAll(async () => {
    const users = [{ address: ME, password: PASSWORD }];
    imap = await startImapServer({ users });
    smtp = await startSmtpServer({
      users,
      onRecipient: (address) => (address.startsWith("guest4@") ? { code: 550, text: "5.1.1 User unknown" } : undefined),
    });
    program = await Program.start();
    await addAccount(program.line, { address: ME, password: PASSWORD, imap: imap.port, smtp: smtp.port });
    await program.line.until("health.status", {}, ({ accounts }) => accounts[0]?.state === "up-to-date", PATIENCE_MS);
  }, 120_000);
  afterAll(async () => {
    await program?.stop();
    await closeBrowser();
    await smtp?.stop();
    await imap?.stop();
  });

  test("a table makes messages of a draft, which are looked at, started, held up and finished, with a report of each", async () => {
    const { page } = program;
    await page.getByRole("button", { name: /New message/u }).click();
    await write(page, { subject: "{{姓名}}，您的座位", text: "您好 {{姓名}}：您坐在 {{座位}}。" });
    await page.getByText(/Draft saved/u).waitFor();
    await page.getByRole("button", { name: "More ways to send" }).click();
    await page.getByRole("menuitem", { name: "Send to each one separately…" }).click();
    const chooser = page.waitForEvent("filechooser");
    await page.getByRole("button", { name: "Choose a table (CSV)…" }).click();
    await (await chooser).setFiles({ name: "guests.csv", mimeType: "text/csv", buffer: Buffer.from(TABLE) });

    const preview = page.getByRole("region", { name: "How it will be" });
    await preview.getByRole("heading", { name: "客人1，您的座位" }).waitFor();
    await preview.getByRole("button", { name: "The next one" }).click();
    await preview.getByRole("heading", { name: "客人2，您的座位" }).waitFor();
    await preview.frameLocator("iframe").getByText("您坐在 2 号桌。").waitFor();
    await page.getByText("1 row without a good address is left out.").waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await program.picture("bulk-preview");
    await program.look({ language: "zh-CN", theme: "dark" });
    await page.getByRole("region", { name: "实际效果" }).getByRole("heading", { name: "客人" }).waitFor();
    await program.picture("bulk-preview-dark-zh");
    await program.look({ language: "en", theme: "light" });

    await page.getByRole("button", { name: "Send to 24 people" }).click();
    await page.getByText("5.1.1 User unknown").waitFor();
    await page.getByRole("button", { name: "Pause", exact: true }).click();
    await page.getByText("It stands still.").waitFor();
    await program.picture("bulk-paused");
    const { bulks } = await program.line.request("outbox.list", {});
    const [bulk] = bulks;
    if (bulk === undefined) throw new Error("nothing was started");
    await page.getByRole("button", { name: "Do not send the rest" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Do not send the rest" }).click();
    await page.getByText("Done", { exact: true }).waitFor();
    const end = await program.line.request("bulk.read", { bulkId: bulk.id });
    expect(end.counts.accepted).toBe(smtp.messages.length);
    expect(end.counts).toMatchObject({ leftOut: 2, waiting: 0, onTheWay: 0, unknown: 0 });
    await page.getByText("5.1.1 User unknown").waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await program.picture("bulk-report");
    const saved = page.waitForEvent("download");
    await page.getByRole("button", { name: "Save the report (CSV)" }).click();
    expect((await saved).suggestedFilename()).toBe("report.csv");
    await program.look({ language: "zh-CN", theme: "dark" });
    await page.getByText("5.1.1 User unknown").waitFor();
    await program.picture("bulk-report-dark-zh");
    await program.look({ language: "en", theme: "light", width: 640 });
    await page.getByRole("button", { name: "Back to the outbox" }).click();
    await page.getByRole("article", { name: /您的座位/u }).waitFor();
    await program.picture("bulk-outbox-narrow");
    // A toast that is still there has come along into the narrow window.
    const toasts = () =>
      page.evaluate(() => [...document.querySelectorAll(".toast")].map((one) => one.getBoundingClientRect().right <= innerWidth));
    await expect.poll(toasts).not.toContain(false);
  });
});
