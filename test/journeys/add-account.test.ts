import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { mailServersAvailable } from "../servers/install.ts";
import { type RealServers, startMailServers } from "../servers/real.ts";
import { closeBrowser, HAS_BROWSER, Program } from "../support/browser.ts";
import { fillHandForm, makeVault, openHandForm, openRow, row } from "../support/browser-deeds.ts";
import { sampleMail } from "../support/sample-mail.ts";

const CAN_RUN = HAS_BROWSER && mailServersAvailable() === null;
const MAILS = 120;

describe.skipIf(!CAN_RUN)("a mail account is added in the window", { timeout: 180_000 }, () => {
  let servers: RealServers;
  beforeAll(async () => {
    servers = await startMailServers();
    for (const address of ["user1@example.test", "user2@example.test"]) {
      for (let at = 0; at < (address === "user1@example.test" ? MAILS : 3); at += 1)
        await servers.deliver(address, sampleMail(`letter-${at}`, 40));
    }
  }, 120_000);
  afterAll(async () => {
    await closeBrowser();
    await servers?.stop();
  });

  test("by hand, through a wrong password put right, to a list that fills while its progress is shown", async () => {
    const program = await Program.start();
    try {
      const { page } = program;
      await page.getByRole("heading", { name: "Your whole mail, with you." }).waitFor();
      await program.picture("first-run");
      await openHandForm(page);
      const { address, password } = user(servers, 0);
      const form = {
        address,
        host: "127.0.0.1",
        security: "None, this computer only",
        imap: servers.ports.imap,
        smtp: servers.ports.smtp,
      } as const;
      await fillHandForm(page, { ...form, password: "secret-not-this" });
      await page.getByRole("button", { name: "Test connection" }).click();
      await makeVault(page);
      await page.getByRole("button", { name: "Test connection" }).click();

      const incoming = page.getByRole("region", { name: "Incoming" });
      await incoming.getByRole("alert").getByText("The server does not accept this user name and password.", { exact: true }).waitFor();
      await page.getByRole("heading", { name: /Almost there/u }).waitFor();
      await program.picture("wizard-test");
      await incoming.getByRole("button", { name: "Enter the password again" }).click();
      await page.getByRole("textbox", { name: /^Password/u }).fill(password);
      await page.getByRole("button", { name: "Test connection" }).click();
      await page.getByRole("heading", { name: "Both sides work" }).waitFor();
      await page.getByRole("button", { name: "Continue" }).click();
      await page.getByRole("textbox", { name: "Your name" }).fill("First User");
      await page.getByRole("button", { name: "Add account" }).click();

      // A fast computer is done before its progress can be seen.
      const whole = page.getByRole("button", { name: /All of it readable offline/u });
      await page
        .getByRole("button", { name: /of 120/u })
        .or(whole)
        .first()
        .waitFor();
      await row(page, `letter-${MAILS - 1}`).waitFor();
      await whole.waitFor();
      const { folders } = await program.line.request("folders.list", {});
      expect(folders.find((folder) => folder.role === "inbox")).toMatchObject({ total: MAILS, here: MAILS });
      const newest = /letter-\d+/u.exec((await page.getByRole("row").first().getAttribute("aria-label")) ?? "")?.[0] ?? "no letter";
      const card = await openRow(page, `About ${newest}`);
      await card.getByText(`This is ${newest}.`).waitFor();
      expect(program.complaints).toEqual([]);
    } finally {
      await program.stop();
    }
  });

  test("over TLS, verified against the authority that the computer trusts", async () => {
    const program = await Program.start({ ca: servers.ca });
    try {
      const { page } = program;
      await openHandForm(page);
      const { address, password } = user(servers, 1);
      const ports = { imap: servers.ports.imaps, smtp: servers.ports.smtps };
      await fillHandForm(page, { address, password, host: "localhost", security: "TLS", ...ports });
      await page.getByRole("button", { name: "Test connection" }).click();
      await makeVault(page);
      await page.getByRole("button", { name: "Test connection" }).click();
      await page.getByRole("heading", { name: "Both sides work" }).waitFor();
      await page.getByRole("button", { name: "Continue" }).click();
      await page.getByRole("button", { name: "Add account" }).click();
      await row(page, "letter-2").waitFor();
    } finally {
      await program.stop();
    }
  });

  test("over STARTTLS to a server that nobody vouches for, nothing is sent and the reason is said", async () => {
    const program = await Program.start();
    try {
      const { page } = program;
      await openHandForm(page);
      const { address, password } = user(servers, 1);
      await fillHandForm(page, {
        address,
        password,
        host: "localhost",
        security: "STARTTLS",
        imap: servers.ports.imap,
        smtp: servers.ports.smtp,
      });
      await page.getByRole("button", { name: "Test connection" }).click();
      await makeVault(page);
      await page.getByRole("button", { name: "Test connection" }).click();
      const alert = page.getByRole("region", { name: "Incoming" }).getByRole("alert");
      await alert.getByText("comes from an authority that this computer does not know", { exact: false }).waitFor();
      await alert.getByText("Nothing was sent", { exact: false }).waitFor();
    } finally {
      await program.stop();
    }
  });
});

function user(servers: RealServers, at: number): { address: string; password: string } {
  const found = servers.users[at];
  if (found === undefined) throw new Error("no such user");
  return found;
}
