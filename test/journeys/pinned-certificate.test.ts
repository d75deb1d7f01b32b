import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeCertificates } from "../servers/certificates.ts";
import { mailServersAvailable } from "../servers/install.ts";
import { type RealServers, startMailServers } from "../servers/real.ts";
import { axeFindings } from "../support/axe.ts";
import { closeBrowser, HAS_BROWSER, Program } from "../support/browser.ts";
import { fillHandForm, makeVault, openHandForm, row } from "../support/browser-deeds.ts";
import { sampleMail } from "../support/sample-mail.ts";

const CAN_RUN = HAS_BROWSER && mailServersAvailable() === null;
const USER = "user1@example.test";

describe.skipIf(!CAN_RUN)("a server that nobody vouches for", { timeout: 120_000 }, () => {
  let servers: RealServers;
  beforeAll(async () => {
    servers = await startMailServers();
    await servers.deliver(USER, sampleMail("letter-1", 40));
  }, 60_000);
  afterAll(async () => {
    await closeBrowser();
    await servers?.stop();
  });

  test("is trusted by hand after its fingerprint was seen, and stops hard when it shows another one", async () => {
    const program = await Program.start();
    try {
      const { page } = program;
      await openHandForm(page);
      const ports = { imap: servers.ports.imaps, smtp: servers.ports.smtps };
      await fillHandForm(page, { address: USER, password: "secret-user1", host: "localhost", security: "TLS", ...ports });
      await page.getByRole("button", { name: "Test connection" }).click();
      await makeVault(page);
      await page.getByRole("button", { name: "Test connection" }).click();
      for (const side of ["Incoming", "Outgoing"]) {
        await page.getByRole("region", { name: side }).getByRole("button", { name: "Look at the certificate" }).click();
        const dialog = page.getByRole("dialog");
        await dialog.getByText("Nobody whom this computer knows vouches for it").waitFor();
        if (side === "Incoming") {
          await dialog.getByText(/^(?:[0-9A-F]{2} ){31}[0-9A-F]{2}$/u).waitFor();
          await program.picture("certificate-unknown");
          await program.look({ language: "zh-CN" });
          await program.picture("certificate-unknown-zh");
          await program.look({ language: "en" });
          expect(await axeFindings(page)).toEqual([]);
        }
        await dialog.getByRole("button", { name: "Trust this one for this server" }).click();
        await dialog.waitFor({ state: "detached" });
      }
      await page.getByRole("heading", { name: "Both sides work" }).waitFor();
      await page.getByRole("button", { name: "Continue" }).click();
      await page.getByRole("button", { name: "Add account" }).click();
      await row(page, "letter-1").waitFor();

      await page.getByRole("button", { name: "Settings" }).first().click();
      await page.getByRole("navigation", { name: "Sections of the settings" }).getByRole("button", { name: "Accounts" }).click();
      await page.getByRole("button", { name: /Edit example\.test/u }).click();
      await page
        .getByText(/^TLSv1\.[23] · TLS_\w+ · trusted by hand · last sign-in .+$/u)
        .first()
        .waitFor();
      await program.picture("line-security");
      await program.look({ width: 700, height: 900, language: "zh-CN", theme: "dark" });
      await program.picture("line-security-narrow-zh");
      await program.look({ width: 1440, height: 900, language: "en", theme: "light" });
      await page.getByRole("button", { name: "Back to mail", exact: true }).click();

      renew(servers);
      await servers.stopDovecot();
      await servers.startDovecot();
      await program.line.request("health.networkChanged", {});
      await page.getByText("shows another certificate than the one that you trusted", { exact: false }).waitFor();
      await program.line.until("health.status", {}, ({ accounts }) => accounts[0]?.failure?.code === "certificate-changed");
      await program.picture("certificate-changed-stopped");
      await page.getByRole("button", { name: "Look closer" }).click();
      await page.getByRole("region", { name: "Incoming" }).getByRole("button", { name: "Compare the certificates" }).click();
      await page.getByText("This is not the certificate that you trusted").waitFor();
      expect(await page.locator(".fingerprint").count()).toBe(2);
      await program.picture("certificate-changed");
      await program.look({ language: "zh-CN" });
      await program.picture("certificate-changed-zh");
      expect(await axeFindings(page)).toEqual([]);
      expect(program.complaints).toEqual([]);
    } finally {
      await program.stop();
    }
  });
});

/** The server gets another certificate of another authority, under the same name. */
function renew({ folder }: RealServers): void {
  const made = mkdtempSync(join(tmpdir(), "satchel-renewed-"));
  const { cert, key } = makeCertificates(made);
  writeFileSync(join(folder, "tls/cert.pem"), readFileSync(cert));
  writeFileSync(join(folder, "tls/key.pem"), readFileSync(key));
  rmSync(made, { recursive: true });
}
