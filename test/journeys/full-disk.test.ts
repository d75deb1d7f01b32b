import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { mailServersAvailable } from "../servers/install.ts";
import { type RealServers, startMailServers } from "../servers/real.ts";
import { closeBrowser, HAS_BROWSER, PATIENCE_MS, Program } from "../support/browser.ts";
import { write } from "../support/browser-deeds.ts";
import { addAccount } from "../support/host-process.ts";
import { canMount, smallDisk } from "../support/small-disk.ts";

const ME = "user1@example.test";
const THEM = "user2@example.test";
const MAILS = 40;
const MB = 1024 * 1024;

const able = canMount() && HAS_BROWSER && mailServersAvailable() === null;

describe.skipIf(!able)("on a disk that fills up during the first synchronisation", { timeout: 240_000 }, () => {
  let servers: RealServers;
  let program: Program;
  let disk: ReturnType<typeof smallDisk>;
  beforeAll(async () => {
    disk = smallDisk(48);
    servers = await startMailServers();
    for (let at = 0; at < MAILS; at += 1) await servers.deliver(ME, letter(at));
    program = await Program.start({ profile: disk?.folder ?? "" });
    await addAccount(program.line, { address: ME, password: "secret-user1", imap: servers.ports.imap, smtp: servers.ports.smtp });
  }, 240_000);
  afterAll(async () => {
    await program?.stop();
    await closeBrowser();
    await servers?.stop();
    disk?.remove();
  });

  test("the window says so and what is here can be read", async () => {
    const { page, line } = program;
    const { storage, accounts } = await line.until("health.status", {}, (status) => status.storage !== null, PATIENCE_MS);
    expect(storage?.code).toBe("disk-full");
    await page.getByText("The disk is full. Drafts and outbox are safe; downloads wait until there is room.").first().waitFor();
    expect(accounts[0]?.done).toBeLessThan(MAILS);
    await program.picture("disk-full");
  });

  test("what is written is kept, and sent: it has a reserve", async () => {
    const { page, line } = program;
    await page.getByRole("button", { name: /New message/u }).click();
    await write(page, { to: THEM, subject: "Before it is lost", text: "Written while nothing fits any more." });
    await page.getByText(/Draft saved/u).waitFor();
    await page.getByRole("button", { name: "Send", exact: true }).click();
    await line.until("outbox.list", {}, ({ items }) => items.some(({ state }) => state === "accepted" || state === "filed"), PATIENCE_MS);
    // The reserve is not given back to the mail that fetches itself.
    expect((await line.request("health.status", {})).storage?.code).toBe("disk-full");
  });

  test("as soon as there is room all goes on by itself, and nothing was lost", async () => {
    const { page, line } = program;
    disk?.grow(256);
    await line.until("health.status", {}, ({ storage }) => storage === null, PATIENCE_MS);
    await page.getByText("The disk is full.").waitFor({ state: "detached" });
    await line.until(
      "health.status",
      {},
      ({ accounts }) => (accounts[0]?.done ?? 0) >= MAILS && accounts[0]?.state === "up-to-date",
      PATIENCE_MS,
    );
    await line.until("health.status", {}, ({ index }) => index.toIndex === 0 && index.indexed >= MAILS, PATIENCE_MS);
    await expect.poll(async () => (await servers.mailboxOf(THEM, "INBOX")).length, { timeout: PATIENCE_MS }).toBe(1);
  });
});

function letter(at: number): string {
  const line = `crate ${at} ${"abcdefghij".repeat(7)}\r\n`;
  return [
    `Message-ID: <crate-${at}@example.test>`,
    `Date: Fri, 20 Nov 2026 10:00:${String(at).padStart(2, "0")} +0000`,
    `Subject: Crate ${at}`,
    `From: Second User <${THEM}>`,
    `To: ${ME}`,
    "",
    line.repeat(Math.ceil((1.5 * MB) / line.length)),
  ].join("\r\n");
}
