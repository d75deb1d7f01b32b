import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { AuthorizationServer } from "../servers/authorization.ts";
import { mailServersAvailable } from "../servers/install.ts";
import { type RealServers, startMailServers } from "../servers/real.ts";
import { axeFindings } from "../support/axe.ts";
import { closeBrowser, HAS_BROWSER, Program } from "../support/browser.ts";
import { fillHandForm, makeVault, openHandForm, row } from "../support/browser-deeds.ts";
import { sampleMail } from "../support/sample-mail.ts";

const CAN_RUN = HAS_BROWSER && mailServersAvailable() === null;
const USER = "user1@example.test";

describe.skipIf(!CAN_RUN)("signed in through the browser", { timeout: 120_000 }, () => {
  let servers: RealServers;
  let authority: AuthorizationServer;
  beforeAll(async () => {
    servers = await startMailServers();
    authority = await AuthorizationServer.start({ book: servers, rotates: true });
    for (let at = 0; at < 3; at += 1) await servers.deliver(USER, sampleMail(`letter-${at}`, 40));
  }, 60_000);
  afterAll(async () => {
    await closeBrowser();
    await Promise.all([servers?.stop(), authority?.stop()]);
  });

  test("the wrong account, then the right one, to mail in the list; taken back, one question brings it back", async () => {
    // The system's opener of links; what it is given is looked at in the window.
    const folder = mkdtempSync(join(tmpdir(), "satchel-opener-"));
    writeFileSync(join(folder, "xdg-open"), "#!/bin/sh\n", { mode: 0o755 });
    const program = await Program.start({
      env: {
        SATCHEL_OAUTH_CLIENTS: JSON.stringify([authority.configuration()]),
        PATH: `${folder}${delimiter}${process.env["PATH"] ?? ""}`,
      },
    });
    try {
      const { page } = program;
      await openHandForm(page);
      const { ports } = servers;
      await fillHandForm(page, {
        address: USER,
        password: "",
        host: "127.0.0.1",
        security: "None, this computer only",
        imap: ports.imap,
        smtp: ports.submission,
      });
      await page.getByRole("radio", { name: "In the browser" }).click();
      await page.getByRole("button", { name: "Continue" }).click();
      await makeVault(page);
      await page.getByRole("heading", { name: "Sign in at Harbour Mail" }).waitFor();
      await program.picture("sign-in");
      expect(await axeFindings(page)).toEqual([]);
      await program.look({ language: "zh-CN", theme: "dark" });
      await program.picture("sign-in-dark-zh");
      await program.look({ width: 420 });
      await program.picture("sign-in-dark-zh-narrow");
      await program.look({ language: "en", theme: "light", width: 1440 });
      await page.getByRole("button", { name: "Sign in at Harbour Mail" }).click();
      await chooseInTab(program, "Use user2@example.test");
      await page.getByText("You signed in as user2@example.test").waitFor();
      await program.picture("sign-in-other");
      await page.getByRole("button", { name: `Sign in as ${USER}` }).click();
      await page.getByText("Harbour Mail is open in your browser").waitFor();
      await program.picture("sign-in-waiting");
      expect(await axeFindings(page)).toEqual([]);
      await program.look({ language: "zh-CN" });
      await program.picture("sign-in-waiting-zh");
      await program.look({ theme: "dark", width: 420 });
      expect(await axeFindings(page)).toEqual([]);
      await program.picture("sign-in-waiting-dark-zh-narrow");
      await program.look({ language: "en", theme: "light", width: 1440 });
      await chooseInTab(program, `Continue as ${USER}`);
      await page.getByRole("heading", { name: "Both sides work" }).waitFor();
      await page.getByRole("button", { name: "Continue" }).click();
      await page.getByRole("button", { name: "Add account" }).click();
      await row(page, "letter-2").waitFor();
      await page.getByRole("button", { name: /All of it readable offline/u }).waitFor();

      authority.takeBack(USER);
      await servers.stopDovecot();
      await servers.startDovecot();
      await program.line.request("health.networkChanged", {});
      await page.getByText("The provider wants you to sign in once more", { exact: false }).waitFor();
      await program.picture("sign-in-revoked");
      await program.look({ language: "zh-CN", theme: "dark" });
      await program.picture("sign-in-revoked-dark-zh");
      await program.look({ language: "en", theme: "light" });
      await page.getByRole("button", { name: "Sign in again" }).click();
      await page.getByRole("button", { name: "Sign in at Harbour Mail" }).click();
      await chooseInTab(program, "Cancel");
      await page.getByText("You did not allow Satchel in.").waitFor();
      await page.getByRole("button", { name: "Sign in again" }).click();
      await chooseInTab(program, `Continue as ${USER}`);
      await page.getByRole("heading", { name: "Both sides work" }).waitFor();
      await page.getByRole("button", { name: "Continue" }).click();
      await program.line.until("health.status", {}, ({ accounts }) => accounts[0]?.state === "up-to-date");
      expect(program.complaints).toEqual([]);
    } finally {
      await program.stop();
      rmSync(folder, { recursive: true });
    }
  });
});

/** What the user does in the other tab, with the link that is to be copied. */
async function chooseInTab(program: Program, button: string): Promise<void> {
  const { page } = program;
  await page.getByRole("button", { name: /Copy the link|Copied/u }).waitFor();
  await page.evaluate(() => {
    Object.defineProperty(navigator, "clipboard", {
      configurable: true,
      value: {
        writeText: (text: string) => {
          document.title = text;
          return Promise.resolve();
        },
      },
    });
  });
  await page.getByRole("button", { name: "Copy the link" }).click();
  await page.waitForFunction(() => document.title.startsWith("http"));
  const tab = await page.context().newPage();
  await tab.goto(await page.title());
  await tab.getByRole("button", { name: button }).click();
  await tab.getByRole("heading", { level: 1 }).waitFor();
  await tab.close();
}
