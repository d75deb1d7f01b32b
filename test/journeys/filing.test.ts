import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ImapServer, startImapServer } from "../servers/imap/server.ts";
import { mailServersAvailable } from "../servers/install.ts";
import { type RealServers, startMailServers } from "../servers/real.ts";
import { closeBrowser, HAS_BROWSER, PATIENCE_MS, Program } from "../support/browser.ts";
import { openFolder, row } from "../support/browser-deeds.ts";
import { addAccount } from "../support/host-process.ts";
import { sampleMail } from "../support/sample-mail.ts";

const ME = "user1@example.test";
const NAMES = ["starred", "archived", "deleted", "moved", "dragged", "undone", "kept", "copied"];

describe.skipIf(!HAS_BROWSER || mailServersAvailable() !== null)("mail is filed while offline", { timeout: 240_000 }, () => {
  let servers: RealServers;
  let program: Program;
  beforeAll(async () => {
    servers = await startMailServers();
    for (const name of NAMES) await servers.deliver(ME, sampleMail(name));
    await servers.deliver(ME, sampleMail("old"), "Projects");
    program = await Program.start();
    await addAccount(program.line, { address: ME, password: "secret-user1", imap: servers.ports.imap, smtp: servers.ports.smtp });
    await program.line.until(
      "health.status",
      {},
      ({ accounts }) => accounts[0]?.state === "up-to-date" && accounts[0].done === NAMES.length + 1,
      PATIENCE_MS,
    );
    await servers.stopDovecot();
    await program.line.until("health.status", {}, ({ accounts }) => accounts[0]?.state === "offline", PATIENCE_MS);
  }, 240_000);
  afterAll(async () => {
    await program?.stop();
    await closeBrowser();
    await servers?.stop();
  });

  test("by key, by menu and by drag, each seen at once", async () => {
    const { page } = program;
    await row(page, "About starred").click();
    await page.keyboard.press("s");
    await page.getByRole("row", { name: /About starred.*starred/u }).waitFor();

    await row(page, "About archived").click();
    await page.keyboard.press("e");
    await row(page, "About archived").waitFor({ state: "detached" });

    await row(page, "About deleted").click({ button: "right" });
    await page.getByRole("menuitem", { name: /^Delete/u }).click();
    await row(page, "About deleted").waitFor({ state: "detached" });

    await row(page, "About moved").click();
    await page.keyboard.press("v");
    await page.getByRole("combobox", { name: "Move to which folder?" }).fill("Projects");
    await page.getByRole("option", { name: /Projects/u }).waitFor();
    await page.keyboard.press("Enter");
    await row(page, "About moved").waitFor({ state: "detached" });

    await row(page, "About dragged").dragTo(page.getByRole("navigation", { name: "Folders" }).getByRole("button", { name: "Projects" }));
    await row(page, "About dragged").waitFor({ state: "detached" });

    // It stays, and stands in the other folder, too.
    await row(page, "About copied").click();
    await page.keyboard.press("y");
    await page.getByRole("combobox", { name: "Copy to which folder?" }).fill("Projects");
    await page.getByRole("option", { name: /Projects/u }).waitFor();
    await page.keyboard.press("Enter");
    await page.getByText("1 message copied to Projects").waitFor();
    await row(page, "About copied").click({ button: "right" });
    await page.getByRole("menuitem", { name: /^Copy to/u }).waitFor();
    await page.keyboard.press("Escape");
    await page.keyboard.down("Control");
    await row(page, "About kept").dragTo(page.getByRole("navigation", { name: "Folders" }).getByRole("button", { name: "Projects" }));
    await page.keyboard.up("Control");
    await page.getByText("1 message copied to Projects").waitFor();
  });

  test("what was archived by mistake comes back with Undo", async () => {
    const { page } = program;
    await row(page, "About undone").click();
    await page.keyboard.press("e");
    await row(page, "About undone").waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Undo" }).click();
    await row(page, "About undone").waitFor();
    await row(page, "About kept").click();
    await page.keyboard.press("#");
    await row(page, "About kept").waitFor({ state: "detached" });
    await page.keyboard.press("Control+z");
    await row(page, "About kept").waitFor();
  });

  test("all of it outlives a kill, and the server hears exactly that when it is back", async () => {
    await program.restart("SIGKILL");
    const { page } = program;
    await page.getByRole("row", { name: /About starred.*starred/u }).waitFor();
    expect(await row(page, "About archived").count()).toBe(0);
    await openFolder(page, "Projects");
    await row(page, "About dragged").waitFor();
    await row(page, "About moved").waitFor();
    await row(page, "About copied").waitFor();

    await servers.startDovecot();
    await program.line.request("health.syncNow", {});
    await program.line.until(
      "health.status",
      {},
      ({ accounts }) => accounts[0]?.state === "up-to-date" && accounts[0].pending === 0,
      120_000,
    );
    expect(await subjects(servers, "INBOX")).toEqual(["About copied", "About kept", "About starred", "About undone"]);
    expect(await subjects(servers, "Archive")).toEqual(["About archived"]);
    expect(await subjects(servers, "Trash")).toEqual(["About deleted"]);
    expect(await subjects(servers, "Projects")).toEqual(["About copied", "About dragged", "About kept", "About moved", "About old"]);
    const inbox = await servers.mailboxOf(ME, "INBOX");
    expect(inbox.filter(({ flags }) => flags.includes("\\Flagged")).map(({ raw }) => subjectOf(raw))).toEqual(["About starred"]);
    expect(program.complaints).toEqual([]);
  });
});

describe.skipIf(!HAS_BROWSER)("a server that refuses", { timeout: 180_000 }, () => {
  let imap: ImapServer;
  let program: Program;
  beforeAll(async () => {
    imap = await startImapServer({ users: [{ address: ME, password: "secret-user1" }] });
    imap.folder(ME, "INBOX").deliver(Buffer.from(sampleMail("photos")));
    program = await Program.start();
    await addAccount(program.line, { address: ME, password: "secret-user1", imap: imap.port, smtp: 9 });
    await program.line.until(
      "health.status",
      {},
      ({ accounts }) => accounts[0]?.state === "up-to-date" && accounts[0].done === 1,
      PATIENCE_MS,
    );
  }, 120_000);
  afterAll(async () => {
    await program?.stop();
    await closeBrowser();
    await imap?.stop();
  });

  test("has the message put back where it was, and is quoted", async () => {
    const { page } = program;
    imap.hooks = { onCommand: ({ name }) => (name === "UID MOVE" ? { no: "[NOPERM] You may not delete here" } : undefined) };
    await row(page, "About photos").click();
    await page.keyboard.press("#");
    await page.getByText("“About photos” was put back").waitFor();
    await page.getByText("The server says: ", { exact: false }).getByText("You may not delete here").waitFor();
    await row(page, "About photos").waitFor();
  });
});

async function subjects(servers: RealServers, folder: string): Promise<string[]> {
  return (await servers.mailboxOf(ME, folder)).map(({ raw }) => subjectOf(raw)).sort();
}

function subjectOf(raw: Buffer): string {
  return /^Subject: (.*)$/mu.exec(raw.toString())?.[1]?.trim() ?? "";
}
