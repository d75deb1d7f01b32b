import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { mailServersAvailable } from "../servers/install.ts";
import { type RealServers, startMailServers } from "../servers/real.ts";
import { closeBrowser, HAS_BROWSER, PATIENCE_MS, Program } from "../support/browser.ts";
import { openRow, write } from "../support/browser-deeds.ts";
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
  let program: Program;
  beforeAll(async () => {
    servers = await startMailServers();
    await servers.deliver(ME, QUESTION);
    program = await Program.start();
    await addAccount(program.line, { address: ME, password: "secret-user1", imap: servers.ports.imap, smtp: servers.ports.smtp });
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
    await servers?.stop();
  });

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
    expect(program.complaints).toEqual([]);
  });
});
