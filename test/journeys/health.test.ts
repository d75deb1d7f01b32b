import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addHours } from "../../main/store/health.ts";
import { openStore } from "../../main/store/open.ts";
import { withDuration } from "../../shared/durations.ts";
import type { AccountId } from "../../shared/ids.ts";
import { type ImapServer, startImapServer } from "../servers/imap/server.ts";
import { axeFindings } from "../support/axe.ts";
import { closeBrowser, HAS_BROWSER, PATIENCE_MS, Program } from "../support/browser.ts";
import { row } from "../support/browser-deeds.ts";
import { addAccount } from "../support/host-process.ts";
import { LETTERS, letterFor } from "../support/letters.ts";

const ME = "user1@example.test";
const HOUR = 3_600_000;

/** A week as it may have been: nights without the program, a morning with much mail, a day on which the server could not be had. */
function keepWeek(profileDir: string): void {
  const store = openStore({ profileDir });
  const now = Math.floor(Date.now() / HOUR);
  // Its account is added when the program runs.
  store.db.connection
    .prepare("INSERT INTO account (id, position, name, address, settings, created_at, removed) VALUES (1, 0, '', '', '{}', 0, 0)")
    .run();
  for (let ago = 167; ago >= 1; ago -= 1) {
    const day = (now - ago) % 24;
    if (day < 7 || day > 22) continue;
    const failed = ago > 60 && ago < 66 ? 4 : 0;
    addHours(store, [{ accountId: 1 as AccountId, hour: now - ago, connected: 1, failed, lagMs: 200_000, waiting: day % 3 }], {
      hour: now - ago,
      memoryBytes: 210e6 + (day % 7) * 12e6,
      databaseBytes: 40e6,
      waiting: 0,
      requests: [3, 5, 20, 90, 200, 30, 12, 4, 2].reduce<readonly number[]>((sum, times, at) => withDuration(sum, at * 4, times), []),
      pauses: { engine: withDuration([], 12, 40) },
    });
    if (failed === 0)
      store.db.connection
        .prepare("INSERT OR REPLACE INTO hour_use VALUES (1, ?, ?)")
        .run(now - ago, day === 9 ? 9e6 : 400_000 + (day % 5) * 700_000);
  }
  store.db.connection.exec("DELETE FROM account");
  store.db.connection.exec("DELETE FROM sqlite_sequence WHERE name = 'account'");
  store.close();
}

describe.skipIf(!HAS_BROWSER)("the page of health", { timeout: 180_000 }, () => {
  let imap: ImapServer;
  let program: Program;
  let profile: string;
  beforeAll(async () => {
    profile = mkdtempSync(join(tmpdir(), "satchel-health-"));
    keepWeek(profile);
    imap = await startImapServer({ users: [{ address: ME, password: "secret-user1" }] });
    for (const [at, letter] of LETTERS.entries()) imap.folder(ME, "INBOX").deliver(letterFor(ME, letter, at));
    program = await Program.start({ profile });
    const account = await addAccount(program.line, { address: ME, password: "secret-user1", imap: imap.port, smtp: 9 });
    await program.line.request("accounts.update", { accountId: account, accountName: "Harbour Studio" });
    await program.line.until(
      "health.status",
      {},
      ({ accounts }) => accounts[0]?.state === "up-to-date" && accounts[0].bytesToGo === 0,
      PATIENCE_MS,
    );
  }, 180_000);
  afterAll(async () => {
    await program?.stop();
    await closeBrowser();
    await imap?.stop();
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  });

  test("says first that everything works, then how every account and thread is, and follows an act to the server", async () => {
    const { page } = program;
    await row(page, LETTERS[0][1]).first().click();
    await page.keyboard.press("s");
    await page.keyboard.press("g");
    await page.keyboard.press("h");
    const main = page.getByRole("main", { name: "Health" });
    await main.getByText("Everything works.", { exact: true }).waitFor();
    await main.getByText(/^Last compared with every server/u).waitFor();
    await main.getByRole("region", { name: "Harbour Studio" }).getByText("Up to date").waitFor();
    await main.getByRole("img", { name: /^Mail that came, by hour of seven days\. Most: 9 MB/u }).waitFor();
    // What was synchronised since the start, the mail that came with it.
    const rounds = main.getByRole("region", { name: "Synchronisations" });
    await rounds.getByRole("button", { name: /7 messages/u }).click();
    await rounds.getByText("What is usual here is learnt from the last seven days", { exact: false }).waitFor();
    for (const stage of ["Connecting", "Signing in", "Asking what there is", "Looking into folders"])
      await rounds.getByText(stage, { exact: true }).waitFor();
    await rounds.getByText(/^Folders that took longest:.*Inbox/u).waitFor();
    await rounds.scrollIntoViewIfNeeded();
    await program.picture("health-rounds");
    for (const thread of ["The host", "The engine", "Search"]) await main.getByRole("rowheader", { name: thread }).waitFor();
    const act = main.getByRole("button", { name: /Change to mail.*Done/u }).first();
    await act.waitFor();
    await act.focus();
    await page.keyboard.press("Enter");
    for (const step of ["Clicked", "Sent to the server", "The server answered"])
      await main.getByText(step).filter({ visible: true }).first().waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await program.picture("health");
    await program.look({ width: 700 });
    await program.picture("health-narrow");
    await program.look({ language: "zh-CN", theme: "dark", width: 1440 });
    await page.getByText("一切正常。", { exact: true }).waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await program.picture("health-dark-zh");
    await program.look({ language: "en", theme: "light" });
  });

  test("records what the threads are busy with and offers the files, and nothing has gone elsewhere", async () => {
    const { page } = program;
    await page.getByRole("button", { name: "Record 30 seconds" }).click();
    await page.getByText("Recording. Do now what is slow.").first().waitFor();
    await program.look({ language: "zh-CN" });
    await page.getByRole("button", { name: "停止" }).scrollIntoViewIfNeeded();
    await program.picture("health-recording-zh");
    await program.look({ language: "en" });
    await page.getByRole("button", { name: "Stop" }).click();
    const all = page.getByRole("link", { name: "Save the recording" });
    await all.waitFor();
    const [whole] = await Promise.all([page.waitForEvent("download"), all.click()]);
    const zip = join(profile, "recording.zip");
    await whole.saveAs(zip);
    expect(whole.suggestedFilename()).toMatch(/^satchel-recording-[\d-]+\.zip$/u);
    // It is not compressed, so what lies in it is seen in it.
    const everything = readFileSync(zip);
    for (const name of ["summary.html", "satchel-engine-", ".heapprofile"]) expect(everything.includes(name), name).toBe(true);
    for (const planted of [ME, "secret-user1", ...LETTERS.map(([, subject]) => subject)])
      expect(everything.includes(planted), planted).toBe(false);
    await page.getByRole("button", { name: /^Its \d+ files one by one$/u }).click();
    const engine = page.getByRole("link", { name: /satchel-engine-\d+\.cpuprofile/u });
    const [download] = await Promise.all([page.waitForEvent("download"), engine.click()]);
    const file = join(profile, "engine.cpuprofile");
    await download.saveAs(file);
    const text = readFileSync(file, "utf8");
    expect(Object.keys(JSON.parse(text) as object)).toEqual(expect.arrayContaining(["nodes", "samples", "timeDeltas"]));
    expect(text).not.toContain("/main/");
    await page.getByRole("link", { name: /summary\.html/u }).scrollIntoViewIfNeeded();
    await program.picture("health-recorded");
    await page.getByRole("button", { name: "Show" }).click();
    const report = page.getByRole("region", { name: "Report" });
    await expect.poll(() => report.textContent()).toContain("Thread engine");
    expect(await report.textContent()).not.toContain(ME);
    expect(await axeFindings(page)).toEqual([]);
    await report.scrollIntoViewIfNeeded();
    await program.picture("health-report");
    expect(program.strangers).toEqual([]);
    expect(program.complaints).toEqual([]);
  });
});
