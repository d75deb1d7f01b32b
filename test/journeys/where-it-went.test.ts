import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { demoMessages } from "../servers/demo/mailbox.ts";
import { type ImapServer, startImapServer } from "../servers/imap/server.ts";
import { axeFindings } from "../support/axe.ts";
import { closeBrowser, HAS_BROWSER, PATIENCE_MS, Program } from "../support/browser.ts";
import { openFolder, openRow } from "../support/browser-deeds.ts";
import { addAccount } from "../support/host-process.ts";

const ME = "lin@harbour.example";
const LETTERS = 24;

describe.skipIf(!HAS_BROWSER)("where it went", { timeout: 240_000 }, () => {
  let imap: ImapServer;
  let program: Program;
  let subjects: string[];

  beforeAll(async () => {
    imap = await startImapServer({ users: [{ address: ME, password: "secret-glaze" }] });
    const letters = demoMessages(new Date())
      .filter(({ folder, raw }) => folder === "inbox" && !/^(?:In-Reply-To|References):/imu.test(raw.toString("latin1")))
      .sort((a, b) => b.at.getTime() - a.at.getTime());
    // Each is a conversation of its own, so that a row stands for it.
    const chosen = new Map<string, (typeof letters)[number]>();
    for (const letter of letters) {
      const subject = subjectOf(letter.raw);
      if (subject !== null && !/^re:/iu.test(subject) && !chosen.has(subject)) chosen.set(subject, letter);
    }
    const some = [...chosen.entries()].slice(0, LETTERS);
    subjects = some.map(([subject]) => subject);
    for (const [, { raw, flags, at }] of [...some].reverse()) imap.folder(ME, "INBOX").deliver(raw, { flags, internalDate: at });
    program = await Program.start();
    await addAccount(program.line, { address: ME, password: "secret-glaze", imap: imap.port, smtp: 9 });
    await program.line.until(
      "health.status",
      {},
      ({ accounts }) => accounts[0]?.state === "up-to-date" && accounts[0].done === LETTERS,
      PATIENCE_MS,
    );
  }, 240_000);
  afterAll(async () => {
    await program?.stop();
    await closeBrowser();
    await imap?.stop();
  });

  /** A letter by its place in the inbox as it was at first. */
  const named = (place: number): string => subjects[place] ?? "";
  const uidOf = (subject: string, folder = "INBOX"): number =>
    imap
      .folder(ME, folder)
      .messages()
      .find(({ raw }) => subjectOf(raw) === subject)?.uid ?? 0;
  const there = (folder: string): (string | null)[] =>
    imap
      .folder(ME, folder)
      .messages()
      .map(({ raw }) => subjectOf(raw));
  const settled = () =>
    program.line.until(
      "health.status",
      {},
      ({ accounts }) => accounts[0]?.state === "up-to-date" && accounts[0].pending === 0,
      PATIENCE_MS,
    );

  test("the journal tells of what was done, and of what the server refused, in its words", async () => {
    const { page } = program;
    const frozen = named(4);
    const uid = uidOf(frozen);
    imap.hooks = {
      onCommand: ({ name, line }) =>
        name === "UID MOVE" && line.includes(` ${uid} `) ? { no: "[NOPERM] You have no right to move mail out of this folder" } : undefined,
    };
    await openRow(page, named(1));
    await page.keyboard.press("e");
    await openRow(page, named(2));
    await page.keyboard.press("s");
    await openRow(page, frozen);
    await page.keyboard.press("#");
    await openRow(page, named(3));
    await page.keyboard.press("!");
    await settled();
    await program.line.request("health.workOffline", { on: true });
    await openRow(page, named(5));
    await page.keyboard.press("e");
    await page.keyboard.press("g");
    await page.keyboard.press("j");
    await page.getByRole("main", { name: "Journal" }).waitFor();
    await page.getByRole("option", { name: `Moved to Archive: ${named(5)}, Waits for the server`, exact: false }).waitFor();
    await page.getByRole("option", { name: `Moved to Archive: ${named(1)}, Done`, exact: false }).waitFor();
    await page.getByRole("option", { name: /Refused/ }).click();
    await page.getByRole("note", { name: "The server’s words" }).getByText("no right to move").waitFor();
    await calm();
    expect(await axeFindings(page)).toEqual([]);
    await program.picture("journal-light");
    await program.look({ language: "zh-CN", theme: "dark" });
    await page.getByRole("main", { name: "操作日志" }).waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await program.picture("journal-dark-zh");
    await program.look({ language: "en", theme: "light", width: 480, height: 860 });
    await program.picture("journal-narrow");
    await program.look({ width: 1440 });
  });

  test("what was refused is tried again, what is done undone after it reached the server", async () => {
    const { page } = program;
    imap.hooks = {};
    await program.line.request("health.workOffline", { on: false });
    await page.getByRole("button", { name: "Try again" }).click();
    await expect.poll(() => there("Trash"), { timeout: PATIENCE_MS }).toEqual([named(4)]);
    await settled();
    await page.getByRole("option", { name: `Moved to Archive: ${named(1)}`, exact: false }).click();
    await page.getByRole("button", { name: "Undo" }).click();
    await expect.poll(() => there("INBOX"), { timeout: PATIENCE_MS }).toContain(named(1));
    await settled();
    expect(there("Archive")).toEqual([named(5)]);
  });

  test("a message tells its story: what was done here, and what another device did", async () => {
    const { page } = program;
    const moved = named(1);
    const inbox = imap.folder(ME, "INBOX");
    inbox.setFlags(uidOf(moved), ["\\Seen", "\\Flagged"]);
    await program.line.request("health.syncNow", {});
    await program.line.until("folders.list", {}, ({ folders }) => folders.length > 0, PATIENCE_MS);
    await settledWith(async () => (await storyOf(moved)).includes("flag"));
    inbox.moveTo("Archive", uidOf(moved));
    await program.line.request("health.syncNow", {});
    await settledWith(async () => (await storyOf(moved)).includes("moved"));
    await page.keyboard.press("g");
    await page.keyboard.press("i");
    await openFolder(page, "Archive");
    await openRow(page, moved);
    await page.getByRole("feed").getByRole("button", { name: /^to /u }).last().click();
    const story = page.getByRole("region", { name: "What happened to it" });
    await story.getByText("Moved from Inbox to Archive").last().waitFor();
    await story.getByText("another device").first().waitFor();
    await calm();
    await program.picture("story-light");
    await program.look({ language: "zh-CN", theme: "dark" });
    await page.getByRole("region", { name: "邮件经历" }).waitFor();
    await program.picture("story-dark-zh");
    await program.look({ language: "en", theme: "light" });
    await page.keyboard.press("Escape");
  });

  test("what another device deleted is found in the safety net, read, and put back as it was", async () => {
    const { page } = program;
    const lost = [named(0), named(6), named(7), named(8)];
    imap.folder(ME, "INBOX").expunge(...lost.map((subject) => uidOf(subject)));
    const gone = named(0);
    await program.line.request("health.syncNow", {});
    await program.line.until("safety.page", { query: "", before: null, limit: 9 }, ({ total }) => total === lost.length, PATIENCE_MS);
    await page.keyboard.press("g");
    await page.keyboard.press("n");
    await page.getByRole("main", { name: "Safety net" }).waitFor();
    await expect.poll(() => page.getByRole("option").count()).toBe(lost.length);
    await page.getByRole("option", { name: gone, exact: false }).click();
    await page.getByRole("article").waitFor();
    await calm();
    expect(await axeFindings(page)).toEqual([]);
    await program.picture("safety-net-light");
    await program.look({ language: "zh-CN", theme: "dark" });
    await page.getByRole("main", { name: "安全网" }).waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await program.picture("safety-net-dark-zh");
    await program.look({ language: "en", theme: "light" });

    await page.getByRole("searchbox", { name: "Subject or sender" }).fill(gone.slice(0, 12));
    await expect.poll(() => page.getByRole("option").count()).toBe(1);
    await page.getByRole("button", { name: "Put back" }).click();
    await page.getByText("Nothing of that name").waitFor();
    await settled();
    expect(there("INBOX").filter((subject) => subject === gone)).toEqual([gone]);
    await page.getByRole("searchbox", { name: "Subject or sender" }).fill("");
    await expect.poll(() => page.getByRole("option").count()).toBe(lost.length - 1);

    await page.getByRole("option").first().click();
    await page.getByRole("button", { name: "Delete now" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Delete for good" }).click();
    await expect.poll(() => page.getByRole("option").count()).toBe(lost.length - 2);
  });

  /** The toast of the last deed is no part of a picture. */
  async function calm(): Promise<void> {
    const toast = program.page.locator(".toast");
    await toast.waitFor({ state: "detached", timeout: 15_000 }).catch(() => undefined);
    if ((await toast.count()) > 0) await closeToast();
    await toast.waitFor({ state: "detached" });
  }
  /** It may go by itself just then. */
  async function closeToast(): Promise<void> {
    await program.page
      .getByRole("button", { name: "Close" })
      .first()
      .click({ timeout: 5_000 })
      .catch(() => undefined);
  }

  async function storyOf(subject: string): Promise<string[]> {
    const { hits } = await program.line.request("search.run", { query: `"${subject.slice(0, 20)}"`, view: null, cursor: null, limit: 5 });
    const [hit] = hits;
    if (hit === undefined) return [];
    const { events } = await program.line.request("story.read", { placementId: hit.row.placementId });
    return events.map(({ kind }) => kind);
  }
  async function settledWith(holds: () => Promise<boolean>): Promise<void> {
    await expect.poll(holds, { timeout: PATIENCE_MS }).toBe(true);
  }
});

function subjectOf(raw: Buffer): string | null {
  const found = /^Subject: (.*)\r?$/imu.exec(raw.toString("utf8"))?.[1]?.trim() ?? null;
  return found === null || found.startsWith("=?") ? null : found;
}
