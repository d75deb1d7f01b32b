import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { mailServersAvailable } from "../servers/install.ts";
import { type RealServers, startMailServers } from "../servers/real.ts";
import { closeBrowser, HAS_BROWSER, Program } from "../support/browser.ts";
import { openRow, row } from "../support/browser-deeds.ts";
import { addAccount } from "../support/host-process.ts";

const USER = { address: "user1@example.test", password: "secret-user1" };
const PIN = "secret-pelican-9";
/** What no stranger at the desk may see of two letters: who, what about, and what they say. */
const WORDS = ["Ottoline Vane", "ottoline@example.test", "Kiln temperatures", "twelve hundred degrees", "Glaze recipe", "two parts of ash"];

function letter(id: string, subject: string, words: string): string {
  return [
    `Message-ID: <${id}@example.test>`,
    `Date: ${new Date().toUTCString().replace("GMT", "+0000")}`,
    `Subject: ${subject}`,
    "From: Ottoline Vane <ottoline@example.test>",
    "To: user1@example.test",
    "",
    words,
    "",
  ].join("\r\n");
}

describe.skipIf(!HAS_BROWSER || mailServersAvailable() !== null)("a locked Satchel", { timeout: 180_000 }, () => {
  let servers: RealServers;
  beforeAll(async () => {
    servers = await startMailServers();
    await servers.deliver(USER.address, letter("first", "Kiln temperatures", "Not above twelve hundred degrees."));
  }, 60_000);
  afterAll(async () => {
    await closeBrowser();
    await servers?.stop();
  });

  test("takes mail in and shows nothing of it: not in the page, its title, what the browser keeps, or a notification", async () => {
    const program = await Program.start();
    try {
      const { page, line } = program;
      const { imap, submission: smtp } = servers.ports;
      await addAccount(line, { ...USER, imap, smtp });
      await openRow(page, "Kiln temperatures");
      // Whatever would pop up on the desk is written down instead.
      await page.addInitScript(() => {
        const shown: string[] = [];
        Object.assign(globalThis, { shown });
        Object.assign(globalThis, {
          Notification: class {
            static permission = "granted";
            constructor(title: string, options?: { body?: string }) {
              shown.push(`${title} ${options?.body ?? ""}`);
            }
          },
        });
      });
      await line.request("lock.set", { pin: PIN, afterMinutes: null });
      let arrived: () => void = () => undefined;
      const arrival = new Promise<void>((resolve) => {
        arrived = resolve;
      });
      await page.keyboard.press("Control+Shift+L");
      await page.getByRole("heading", { name: "Satchel is locked" }).waitFor();
      line.onEvent("mail.changed", () => arrived());
      await servers.deliver(USER.address, letter("second", "Glaze recipe", "Take two parts of ash."));
      await arrival;
      await expect(line.request("folders.list", {})).rejects.toMatchObject({ code: "app-locked" });
      const seen = await page.evaluate(() =>
        [
          document.title,
          document.documentElement.outerHTML,
          JSON.stringify({ ...localStorage }),
          JSON.stringify({ ...sessionStorage }),
          JSON.stringify((globalThis as unknown as { shown?: string[] }).shown ?? []),
          location.href,
        ].join("\n"),
      );
      for (const word of [...WORDS, USER.address]) expect(seen).not.toContain(word);
      expect(await page.getByRole("row").count()).toBe(0);
      await program.picture("locked-mail-arriving");

      await page.getByLabel("PIN").fill(PIN);
      await page.keyboard.press("Enter");
      await row(page, "Glaze recipe").waitFor();
      expect(program.complaints).toEqual([]);
    } finally {
      await program.stop();
    }
  });
});
