import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ImapServer, startImapServer } from "../servers/imap/server.ts";
import { type SmtpServer, startSmtpServer } from "../servers/smtp.ts";
import { axeFindings } from "../support/axe.ts";
import { closeBrowser, HAS_BROWSER, PATIENCE_MS, Program } from "../support/browser.ts";
import { openFolder, openRow, write } from "../support/browser-deeds.ts";
import { addAccount } from "../support/host-process.ts";

const ME = "lin@harbour.example";
const PASSWORD = "secret-glaze";
const GOOD = "mira@atelier.example";
const BAD = "h.brandt@kiln-works.example";

/** What a server writes that could not hand on a message to one of its recipients (RFC 3464). */
function bounce(messageId: string): Buffer {
  return Buffer.from(
    [
      "Return-Path: <>",
      "From: Mail Delivery System <MAILER-DAEMON@mx.harbour.example>",
      `To: ${ME}`,
      "Subject: Undelivered Mail Returned to Sender",
      `Date: ${new Date().toUTCString().replace("GMT", "+0000")}`,
      "Message-ID: <bounce-1@mx.harbour.example>",
      "MIME-Version: 1.0",
      'Content-Type: multipart/report; report-type=delivery-status; boundary="report"',
      "",
      "--report",
      "Content-Type: text/plain; charset=us-ascii",
      "",
      "I'm sorry to have to inform you that your message could not be delivered.",
      "",
      "--report",
      "Content-Type: message/delivery-status",
      "",
      "Reporting-MTA: dns; mx.harbour.example",
      "",
      `Final-Recipient: rfc822; ${BAD}`,
      "Action: failed",
      "Status: 5.1.1",
      "Remote-MTA: dns; mx.kiln-works.example",
      `Diagnostic-Code: smtp; 550 5.1.1 <${BAD}>: Recipient address rejected: User unknown`,
      "",
      "--report",
      "Content-Type: text/rfc822-headers",
      "",
      `From: ${ME}`,
      `Message-ID: ${messageId}`,
      "Subject: Studio visit in December",
      "",
      "--report--",
      "",
    ].join("\r\n"),
  );
}

const ASKING = Buffer.from(
  [
    `From: Mira Okafor <${GOOD}>`,
    `To: ${ME}`,
    "Subject: The contract",
    `Date: ${new Date().toUTCString().replace("GMT", "+0000")}`,
    "Message-ID: <contract@atelier.example>",
    `Disposition-Notification-To: <${GOOD}>`,
    "Content-Type: text/plain; charset=utf-8",
    "",
    "Please have a look at page 4.",
    "",
  ].join("\r\n"),
);

describe.skipIf(!HAS_BROWSER)("what became of it", { timeout: 240_000 }, () => {
  let imap: ImapServer;
  let smtp: SmtpServer;
  let program: Program;

  beforeAll(async () => {
    imap = await startImapServer({ users: [{ address: ME, password: PASSWORD }] });
    smtp = await startSmtpServer({ users: [{ address: ME, password: PASSWORD }] });
    imap.folder(ME, "INBOX").deliver(ASKING, { flags: [], internalDate: new Date() });
    program = await Program.start();
    await addAccount(program.line, { address: ME, password: PASSWORD, imap: imap.port, smtp: smtp.port });
    await program.line.request("settings.write", { undoSendSeconds: 0 });
    await program.line.until("health.status", {}, ({ accounts }) => accounts[0]?.state === "up-to-date", PATIENCE_MS);
  }, 240_000);
  afterAll(async () => {
    await program?.stop();
    await closeBrowser();
    await Promise.all([imap?.stop(), smtp?.stop()]);
  });

  const headerOf = (name: string, raw: Buffer): string => new RegExp(`^${name}: *(.*)$`, "imu").exec(raw.toString())?.[1]?.trim() ?? "";

  test("a message asks for a receipt when its writer wants one, and leads from its bounce back to itself", async () => {
    const { page } = program;
    await page.getByRole("button", { name: /New message/u }).click();
    await write(page, { to: GOOD });
    await write(page, { to: BAD, subject: "Studio visit in December", text: "Shall we say the 12th?" });
    await page.getByRole("button", { name: "More ways to send" }).click();
    await page.getByRole("menuitem", { name: "Ask for a receipt when it is read" }).click();
    await page.getByRole("button", { name: "Send", exact: true }).click();
    await expect.poll(() => smtp.messages.length, { timeout: PATIENCE_MS }).toBe(1);
    const [sent] = smtp.messages;
    expect(sent?.to).toEqual([GOOD, BAD]);
    expect(headerOf("Disposition-Notification-To", sent?.raw ?? Buffer.alloc(0))).toBe(`<${ME}>`);
    await program.line.until("outbox.list", {}, ({ items }) => items.every((item) => item.state === "filed"), PATIENCE_MS);

    imap.folder(ME, "INBOX").deliver(bounce(headerOf("Message-ID", sent?.raw ?? Buffer.alloc(0))), { flags: [], internalDate: new Date() });
    await program.line.request("health.syncNow", {});
    await openRow(page, "Undelivered Mail Returned to Sender");
    const report = page.getByRole("region", { name: "Report" });
    await report.getByText(`Not delivered to ${BAD}`).waitFor();
    await report.getByText("There is no such mailbox.").waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await program.picture("bounce");
    await report.getByRole("button", { name: "Open the message" }).click();
    await page.getByRole("heading", { level: 1, name: "Studio visit in December" }).waitFor();
    const course = page.getByRole("region", { name: "What became of it" });
    await expect.poll(() => course.getByRole("listitem").count()).toBe(2);
    expect(await course.getByRole("listitem").last().innerText()).toContain("Handed over");
    await program.picture("bounce-on-the-message");
    expect(await page.getByRole("row", { name: /Studio visit in December.*not delivered to everybody/u }).count()).toBe(1);
  });

  test("the one who did not get it is written to again under another address, and nobody else", async () => {
    const { page } = program;
    await page.getByRole("button", { name: "Correct the address and send to that one again" }).click();
    const composer = page
      .getByRole("article", { name: "Studio visit in December" })
      .filter({ has: page.getByRole("combobox", { name: "To" }) });
    await composer.getByText("The message as it was sent").waitFor();
    await program.picture("bounce-corrected");
    await page.getByRole("combobox", { name: "To" }).focus();
    await page.keyboard.press("Backspace");
    await page.keyboard.press("Backspace");
    await write(page, { to: "hannes.brandt@kiln-works.example" });
    await page.getByRole("button", { name: "Send", exact: true }).click();
    await expect.poll(() => smtp.messages.length, { timeout: PATIENCE_MS }).toBe(2);
    const again = smtp.messages[1];
    expect(again?.to).toEqual(["hannes.brandt@kiln-works.example"]);
    expect(headerOf("Subject", again?.raw ?? Buffer.alloc(0))).toBe("Studio visit in December");
    expect(again?.raw.toString()).toContain("Shall we say the 12th?");
  });

  test("a receipt is sent when the user says so, as a report without a return path, and asked for no more", async () => {
    const { page } = program;
    await openFolder(page, "All inboxes");
    await openRow(page, "The contract");
    const bar = page.getByText("Mira Okafor asks for a receipt");
    await bar.waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await program.picture("receipt-asked");
    expect(smtp.messages.length).toBe(2);
    await page.getByRole("button", { name: "Send once" }).click();
    await bar.waitFor({ state: "detached" });
    await expect.poll(() => smtp.messages.length, { timeout: PATIENCE_MS }).toBe(3);
    const receipt = smtp.messages[2];
    const text = receipt?.raw.toString() ?? "";
    expect({ from: receipt?.from, to: receipt?.to }).toEqual({ from: "", to: [GOOD] });
    expect(text).toMatch(/^Content-Type: multipart\/report; report-type=disposition-notification;/mu);
    expect(text).toContain("Original-Message-ID: <contract@atelier.example>");
    expect(text).toContain("Disposition: manual-action/MDN-sent-manually; displayed");
    expect(program.complaints).toEqual([]);
  });

  test("a receipt that comes is shown on the message", async () => {
    const { page } = program;
    const id = headerOf("Message-ID", smtp.messages[0]?.raw ?? Buffer.alloc(0));
    const read = [
      `From: Mira Okafor <${GOOD}>`,
      `To: ${ME}`,
      "Subject: Read: Studio visit in December",
      `Date: ${new Date().toUTCString().replace("GMT", "+0000")}`,
      "Message-ID: <read-1@atelier.example>",
      "MIME-Version: 1.0",
      'Content-Type: multipart/report; report-type=disposition-notification; boundary="r"',
      "",
      "--r",
      "Content-Type: text/plain",
      "",
      "It was displayed.",
      "--r",
      "Content-Type: message/disposition-notification",
      "",
      `Final-Recipient: rfc822; ${GOOD}`,
      `Original-Message-ID: ${id}`,
      "Disposition: manual-action/MDN-sent-manually; displayed",
      "",
      "--r--",
      "",
    ].join("\r\n");
    imap.folder(ME, "INBOX").deliver(Buffer.from(read), { flags: [], internalDate: new Date() });
    await program.line.request("health.syncNow", {});
    await openRow(page, "Read: Studio visit in December");
    await page.getByRole("region", { name: "Report" }).getByText(`Read by ${GOOD}`).waitFor();
    await program.look({ language: "zh-CN", theme: "dark" });
    await page.getByRole("region", { name: "报告" }).getByText(`${GOOD} 已读`).waitFor();
    await program.picture("receipt-dark-zh");
  });
});
