import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type Fault, type FaultProxy, startFaultProxy } from "../servers/fault-proxy.ts";
import { mailServersAvailable } from "../servers/install.ts";
import { type RealServers, startMailServers } from "../servers/real.ts";
import { closeBrowser, HAS_BROWSER, PATIENCE_MS, Program } from "../support/browser.ts";
import { openFolder, openRow, write } from "../support/browser-deeds.ts";
import { addAccount } from "../support/host-process.ts";

const ME = "user1@example.test";
const THEM = "user2@example.test";

const QUESTION = [
  "Message-ID: <question@example.test>",
  "Date: Fri, 20 Nov 2026 10:00:00 +0000",
  "Subject: Which glaze for the bowls",
  `From: Second User <${THEM}>`,
  `To: ${ME}`,
  "Content-Type: text/html; charset=utf-8",
  "",
  '<p>Celadon or <b style="color:#630">tenmoku</b>?</p>',
  "",
].join("\r\n");

describe.skipIf(!HAS_BROWSER || mailServersAvailable() !== null)("what is written while offline", { timeout: 240_000 }, () => {
  let servers: RealServers;
  let line: FaultProxy;
  let program: Program;
  beforeAll(async () => {
    servers = await startMailServers();
    line = await startFaultProxy(servers.ports.smtp);
    await servers.deliver(ME, QUESTION);
    program = await Program.start();
    await addAccount(program.line, { address: ME, password: "secret-user1", imap: servers.ports.imap, smtp: line.port });
    await program.line.until(
      "health.status",
      {},
      ({ accounts }) => accounts[0]?.state === "up-to-date" && accounts[0].done === 1,
      PATIENCE_MS,
    );
    await Promise.all([servers.stopDovecot(), servers.stopExim()]);
    await program.line.until("health.status", {}, ({ accounts }) => accounts[0]?.state === "offline", PATIENCE_MS);
  }, 240_000);
  afterAll(async () => {
    await program?.stop();
    await closeBrowser();
    await line?.close();
    await servers?.stop();
  });

  /** All that lies in a mailbox under this subject. */
  const mailOf = async (address: string, folder: string, subject: string): Promise<Buffer[]> =>
    (await servers.mailboxOf(address, folder))
      .map(({ raw }) => raw)
      .filter((raw) => /^Subject: (.*?)\r?$/mu.exec(raw.toString())?.[1] === subject);

  test("a draft is found again after the program was killed in the middle of it", async () => {
    await program.page.getByRole("button", { name: /New message/u }).click();
    await write(program.page, { to: THEM, subject: "Firing plan", text: "First the large pieces, 然后是小件。" });
    await program.page.getByText(/Draft saved/u).waitFor();
    await program.line.until("compose.drafts", {}, ({ drafts }) => drafts[0]?.subject === "Firing plan");
    await program.restart("SIGKILL");
    const { page } = program;
    await page
      .getByRole("navigation", { name: "Folders" })
      .getByRole("button", { name: /^Drafts/u })
      .first()
      .click();
    await page.getByRole("button", { name: /^(?!Discard).*Firing plan/u }).click();
    await page.getByRole("textbox", { name: "Message" }).getByText("First the large pieces, 然后是小件。").waitFor();
  });

  test("is sent, taken back within the moment for second thoughts, and sent again", async () => {
    const { page } = program;
    await page.getByRole("button", { name: "Send", exact: true }).click();
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByRole("textbox", { name: "Message" }).getByText("First the large pieces").waitFor();
    await page.getByRole("button", { name: "Send", exact: true }).click();
    await page
      .getByRole("navigation", { name: "Folders" })
      .getByRole("button", { name: /^Outbox/u })
      .click();
    const card = page.getByRole("article", { name: /Firing plan/u });
    await card.waitFor();
    await page.getByText("Offline.", { exact: true }).waitFor();
    await program.picture("outbox");
  });

  test("an answer quotes what it answers, as it was", async () => {
    const { page } = program;
    await page
      .getByRole("navigation", { name: "Folders" })
      .getByRole("button", { name: /All inboxes/u })
      .click();
    await openRow(page, "Which glaze for the bowls");
    await page.keyboard.press("r");
    await write(page, { text: "Celadon, please." });
    await page.getByRole("button", { name: "Send", exact: true }).click();
    await program.line.until("outbox.list", {}, ({ items }) => items.filter((item) => item.state === "queued").length === 2);
  });

  test("waits through another end of the program, goes out when the servers are back, and lies in Sent exactly once", async () => {
    await program.restart("SIGKILL");
    await Promise.all([servers.startDovecot(), servers.startExim()]);
    await program.line.request("health.syncNow", {});
    await program.line.until("outbox.list", {}, ({ items }) => items.filter((item) => item.state === "filed").length === 2, 120_000);

    const sent = await servers.mailboxOf(ME, "Sent");
    // Exim delivers after it has accepted: filing can be faster.
    const arrived = await vi.waitFor(
      async () => {
        const mails = await servers.mailboxOf(THEM, "INBOX");
        expect(mails.length).toBeGreaterThanOrEqual(2);
        return mails;
      },
      { timeout: PATIENCE_MS, interval: 200 },
    );
    const subjects = (mails: { raw: Buffer }[]): string[] =>
      mails.map(({ raw }) => /^Subject: (.*)$/mu.exec(raw.toString())?.[1]?.trim() ?? "").sort();
    expect(subjects(sent)).toEqual(["Firing plan", "Re: Which glaze for the bowls"]);
    expect(subjects(arrived)).toEqual(["Firing plan", "Re: Which glaze for the bowls"]);
    const reply = arrived.find(({ raw }) => raw.includes("Re: Which glaze"))?.raw.toString() ?? "";
    expect(reply).toMatch(/^In-Reply-To: <question@example\.test>/mu);
    expect(reply.replaceAll("=\r\n", "").replaceAll("=3D", "=")).toContain('<b style="color:#630">tenmoku</b>');

    const { page } = program;
    await program.line.request("health.syncNow", {});
    await page.getByRole("navigation", { name: "Folders" }).getByRole("button", { name: /^Sent/u }).click();
    await page.getByRole("row", { name: /Firing plan/u }).waitFor();
    await page
      .getByRole("navigation", { name: "Folders" })
      .getByRole("button", { name: /^Outbox/u })
      .click();
    await page
      .getByText(/filed in Sent once/u)
      .first()
      .waitFor();
    await program.picture("outbox-online-again");
    expect(program.complaints).toEqual([]);
  });

  test("a wrong address holds a message in the server's words; corrected, it arrives", async () => {
    const { page } = program;
    await program.line.request("settings.write", { undoSendSeconds: 0 });
    await page.getByRole("button", { name: /New message/u }).click();
    await write(page, { to: "hannes@reject.test", subject: "Kiln in December", text: "Shall we say the 12th?" });
    await page.getByRole("button", { name: "Send", exact: true }).click();
    await openFolder(page, "Outbox");
    const card = page.getByRole("region", { name: /^Needs you/u }).getByRole("article", { name: /Kiln in December/u });
    expect(await card.getByRole("note", { name: "The server’s words" }).textContent()).toContain("550 5.1.1 mailbox unavailable");
    await page.getByText("“Kiln in December” waits for you in the outbox").waitFor();
    await page.getByRole("button", { name: "Close", exact: true }).click();
    await program.picture("outbox-held");
    await program.look({ language: "zh-CN", theme: "dark", width: 480 });
    await program.picture("outbox-held-dark-zh-narrow");
    await program.look({ language: "en", theme: "light", width: 1440 });

    // What is taken away as a file is what will leave.
    const download = page.waitForEvent("download");
    await card.getByRole("button", { name: /^More/u }).click();
    await page.getByRole("menuitem", { name: "Save as .eml" }).click();
    const saved = readFileSync(await (await download).path());
    expect((await download).suggestedFilename()).toMatch(/\.eml$/u);
    expect(saved.toString()).toContain("Shall we say the 12th?");

    await card.getByRole("button", { name: "Edit message" }).click();
    const wrong = page.getByRole("list", { name: /^To/u }).getByRole("button", { name: "hannes@reject.test" });
    // The text has the keyboard once the composer has opened; before that it would take it from the name.
    const text = page.getByRole("textbox", { name: "Message" });
    await expect.poll(() => text.evaluate((one) => one === document.activeElement)).toBe(true);
    await wrong.press("Delete");
    await wrong.waitFor({ state: "detached" });
    await write(page, { to: THEM });
    await page.getByRole("button", { name: "Send", exact: true }).click();
    await page
      .getByRole("region", { name: /^Sent today/u })
      .getByRole("article", { name: /Kiln in December/u })
      .waitFor();
    await program.picture("outbox-corrected");
    await expect.poll(() => mailOf(THEM, "INBOX", "Kiln in December").then((mail) => mail.length), { timeout: PATIENCE_MS }).toBe(1);
    await program.line.until("outbox.list", {}, ({ items }) => items.every((item) => item.state === "filed"), PATIENCE_MS);
    expect((await mailOf(ME, "Sent", "Kiln in December")).length).toBe(1);
  });

  test("the answer is lost: nothing is sent again, the user is told what is known, and what he decides is done", async () => {
    // Exim takes it, and the line dies under its answer. A connection from before would have no fault, so the program begins anew.
    const fault: Fault = { kind: "cut", toward: "client", at: /^250 OK id=/mu, once: true };
    line.plan = () => fault;
    await program.restart("SIGTERM");
    const { page } = program;
    await page.getByRole("button", { name: /New message/u }).click();
    await write(page, { to: THEM, subject: "Glaze order", text: "Forty kilos of celadon." });
    await page.getByRole("button", { name: "Send", exact: true }).click();
    await openFolder(page, "Outbox");
    await page
      .getByRole("navigation", { name: "Folders" })
      .getByRole("button", { name: /^Needs you 1/u })
      .waitFor();
    const card = page.getByRole("region", { name: /^Needs you/u }).getByRole("article", { name: /Glaze order.*May have been delivered/u });
    await card.getByText(/Looked for it in Sent/u).waitFor();
    await card.getByText(/were handed over at/u).waitFor();
    // What was said when it was sent stays beside the sidebar on this page too.
    const lefts = await page.evaluate(() =>
      [".toast-place", ".shell-page"].map((one) => document.querySelector(one)?.getBoundingClientRect().left),
    );
    expect(lefts[0]).toBeGreaterThanOrEqual(lefts[1] ?? 0);
    await program.picture("outbox-unknown");
    await program.look({ language: "zh-CN", theme: "dark", width: 480 });
    await program.picture("outbox-unknown-dark-zh-narrow");
    await program.look({ language: "en", theme: "light", width: 1440 });

    // He asks the one it went to, who has it; a try to send it again would first name the risk.
    await expect.poll(() => mailOf(THEM, "INBOX", "Glaze order").then((mail) => mail.length), { timeout: PATIENCE_MS }).toBe(1);
    await card.getByRole("button", { name: "Send it again…" }).click();
    await page.getByText(/would have it twice/u).waitFor();
    await page.getByRole("button", { name: "Don’t send" }).click();
    await card.getByRole("button", { name: "It arrived, file it" }).click();
    const done = page.getByRole("region", { name: /^Sent today/u }).getByRole("article", { name: /Glaze order/u });
    await program.line.until("outbox.list", {}, ({ items }) => items.every((item) => item.state === "filed"), PATIENCE_MS);
    await done.getByRole("button", { name: /^Details/u }).click();
    await done.getByText("The line went dead before the answer.").waitFor();
    await done.getByText("Known to have arrived.").waitFor();
    await program.picture("outbox-unknown-decided");
    expect(line.struck).toBe(1);
    expect((await mailOf(ME, "Sent", "Glaze order")).length).toBe(1);
    expect((await mailOf(THEM, "INBOX", "Glaze order")).length).toBe(1);
    expect(program.complaints).toEqual([]);
  });
});
