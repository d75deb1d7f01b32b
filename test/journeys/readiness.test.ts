import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { OfflinePolicy } from "../../shared/contract/offline.ts";
import type { OutputOf } from "../../shared/contract/table.ts";
import type { AccountId } from "../../shared/ids.ts";
import { type ImapServer, startImapServer } from "../servers/imap/server.ts";
import { closeBrowser, HAS_BROWSER, PATIENCE_MS, Program } from "../support/browser.ts";
import { openFolder, openRow } from "../support/browser-deeds.ts";
import { addAccount } from "../support/host-process.ts";
import { mailWithFilm } from "../support/large-mail.ts";
import { sampleMail } from "../support/sample-mail.ts";

const ME = "user1@example.test";
const RECENT: OfflinePolicy = { keep: { kind: "months", months: 3 }, largestMb: 1 };
/** On the server from the start: two large ones, and one of every month of two years. */
const MONTHS = 24;

describe.skipIf(!HAS_BROWSER)("what is kept offline", { timeout: 180_000 }, () => {
  let imap: ImapServer;
  let program: Program;
  let account: AccountId;
  beforeAll(async () => {
    imap = await startImapServer({ users: [{ address: ME, password: "secret-user1" }] });
    for (let age = MONTHS - 1; age >= 0; age -= 1)
      imap.folder(ME, age % 2 === 0 ? "INBOX" : "Archive").deliver(sampleMail(`month ${age}`, 40), { internalDate: monthsAgo(age) });
    imap.folder(ME, "INBOX").deliver(mailWithFilm("photos"), { internalDate: monthsAgo(0) });
    imap.folder(ME, "Archive").deliver(sampleMail("film", 1200), { internalDate: monthsAgo(0) });
    // Nothing comes before it is said what should.
    await imap.pause();
    program = await Program.start();
    account = await addAccount(program.line, { address: ME, password: "secret-user1", imap: imap.port, smtp: 9 });
    await program.line.request("accounts.update", { accountId: account, accountName: "Harbour Studio" });
    await program.line.request("offline.setPolicy", { accountId: account, folderId: null, policy: RECENT });
    await imap.resume();
    await program.line.request("health.syncNow", {});
    await settled(({ accounts }) => accounts[0]?.onDemand === MONTHS - 4 && accounts[0].large?.messages === 2);
  }, 180_000);
  afterAll(async () => {
    await program?.stop();
    await closeBrowser();
    await imap?.stop();
  });

  const settled = (reached: (status: OutputOf<"health.status">) => boolean) =>
    program.line.until(
      "health.status",
      {},
      (status) => status.accounts[0]?.state === "up-to-date" && status.accounts[0].bytesToGo === 0 && reached(status),
      PATIENCE_MS,
    );

  test("only what was asked for has come, and the window says what has not", async () => {
    const [health] = (await program.line.request("health.status", {})).accounts;
    expect(health).toMatchObject({ done: 6, total: 6, onDemand: MONTHS - 4, large: { messages: 2 } });
    const { page } = program;
    await page.getByRole("button", { name: /All you keep readable offline/u }).click();
    await page
      .getByText(`${MONTHS - 4} messages stay on the server until you open them.`)
      .first()
      .waitFor();
    await page.getByText("last 3 months, over 1 MB on demand").waitFor();
    await program.picture("readiness-popover");
    await page.keyboard.press("Escape");
  });

  test("a folder keeps more than its account when it is told to in its menu", async () => {
    const { page } = program;
    await page.getByRole("navigation", { name: "Folders" }).getByRole("button", { name: "Archive" }).last().click({ button: "right" });
    await page.getByRole("menuitem", { name: "Keep offline…" }).click();
    const dialog = page.getByRole("dialog", { name: "Archive, offline" });
    await dialog.getByText("All you keep readable offline").waitFor();
    await dialog.getByRole("button", { name: /Keep offline/u }).click();
    await page.getByRole("option", { name: "Every message" }).click();
    await dialog.getByRole("button", { name: /Large messages/u }).waitFor();
    // The large one stays where it is until it is opened.
    await settled(({ accounts }) => accounts[0]?.onDemand === MONTHS / 2 - 2);
    await program.picture("readiness-folder");
    await program.look({ language: "zh-CN", theme: "dark" });
    await program.picture("readiness-folder-dark-zh");
    await program.look({ language: "en", theme: "light" });
    await dialog.getByRole("button", { name: "Done" }).click();
  });

  test("what is opened while the line is dead comes first when it is back, before a mailbox full of new mail", async () => {
    const { page } = program;
    await imap.pause();
    await openFolder(page, "Inbox");
    await openRow(page, "About photos");
    const article = page.getByRole("article");
    // Its words are here; its film is named, and asked for.
    await article.frameLocator("iframe").getByText("from the quarry").waitFor();
    await article.getByText(/still on the server/u).waitFor();
    await article.getByText("Its words are here. What is large needs a connection").waitFor();
    await program.picture("outline-offline");
    await program.look({ language: "zh-CN", theme: "dark" });
    await article.getByText("正文已在本机").first().waitFor();
    await program.picture("outline-offline-dark-zh");
    await program.look({ language: "en", theme: "light" });
    await article
      .getByRole("button", { name: /^Fetch 海边\.mp4/u })
      .first()
      .click();
    await article.getByText("There is no connection now. All of it comes first as soon as there is one.").waitFor();
    for (let number = 0; number < 30; number += 1)
      imap.folder(ME, "Archive").deliver(sampleMail(`new ${number}`), { internalDate: monthsAgo(0) });
    const before = imap.commands.length;
    await imap.resume();
    await program.line.request("health.syncNow", {});
    await article.getByText(/still on the server/u).waitFor({ state: "detached" });
    await article.getByRole("button", { name: /^Open 海边\.mp4/u }).waitFor();
    await program.picture("outline-whole");
    const fetched = imap.commands.slice(before).filter(({ line }) => /^\S+ UID FETCH/iu.test(line));
    expect(fetched[0]?.line).toMatch(/BODY/u);
    await settled(({ accounts }) => (accounts[0]?.done ?? 0) > 30);
  });

  test("settings show every folder's meter, and an account can keep headers only", async () => {
    const { page } = program;
    await page.getByRole("button", { name: "Settings" }).click();
    await page.getByRole("navigation", { name: "Sections of the settings" }).getByRole("button", { name: "Offline and storage" }).click();
    await page.getByRole("button", { name: "Show the folders of Harbour Studio" }).click();
    await page.getByRole("button", { name: "Keep Archive offline…" }).waitFor();
    await program.picture("readiness-settings");
    await program.look({ language: "zh-CN", theme: "dark" });
    await program.picture("readiness-settings-dark-zh");
    await program.look({ language: "en", theme: "light", width: 420, height: 800 });
    await program.picture("readiness-settings-narrow");
    await program.look({ width: 1440, height: 900 });
    await program.line.request("offline.setPolicy", {
      accountId: account,
      folderId: null,
      policy: { keep: { kind: "headers" }, largestMb: null },
    });
    await page.getByText("Nothing is kept; messages open when you are online").waitFor();
  });

  test("a provider that will send no more today is named, with the time when the rest follows by itself", async () => {
    const { page } = program;
    imap.hooks = {
      onCommand: ({ line }) =>
        /BODY\.PEEK\[\]/iu.test(line) ? { no: "[OVERQUOTA] Account exceeded command or bandwidth limits." } : undefined,
    };
    await program.line.request("offline.setPolicy", { accountId: account, folderId: null, policy: null });
    await program.line.until("health.status", {}, ({ accounts }) => accounts[0]?.pause?.why === "server", PATIENCE_MS);
    await page.getByRole("button", { name: "Back to mail" }).click();
    await page.locator("button.status").click();
    await page.getByText(/^The server asked for a pause\. The rest follows by itself at \d/u).waitFor();
    await program.picture("readiness-paused");
    await program.look({ language: "zh-CN", theme: "dark" });
    await program.picture("readiness-paused-dark-zh");
    await program.look({ language: "en", theme: "light" });
    expect(program.complaints).toEqual([]);
  });
});

/** The middle of a month, so that no test depends on the day on which it runs. */
function monthsAgo(count: number): Date {
  const now = new Date();
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - count, count === 0 ? 1 : 15));
}
