import { connect, createServer, type Server } from "node:net";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { mailServersAvailable } from "../servers/install.ts";
import { type RealServers, startMailServers } from "../servers/real.ts";
import { type SmtpServer, startSmtpServer } from "../servers/smtp.ts";
import { closeBrowser, HAS_BROWSER, PATIENCE_MS, Program } from "../support/browser.ts";
import { openFolder, openRow, row, write } from "../support/browser-deeds.ts";
import { addPop3Account } from "../support/pop3-account.ts";
import { sampleMail } from "../support/sample-mail.ts";

const ME = "user1@example.test";
const MAILS = ["kettle", "harbour", "timber", "lamp"];

/** A line to the POP3 server on which one hears what is said to it. */
async function overheard(port: number): Promise<{ server: Server; port: number; commands: string[] }> {
  const commands: string[] = [];
  const server = createServer((client) => {
    const real = connect(port, "127.0.0.1");
    client.on("data", (chunk: Buffer) => commands.push(...chunk.toString("latin1").split("\r\n").filter(Boolean)));
    client.pipe(real).pipe(client);
    for (const socket of [client, real])
      socket.on("error", () => {
        client.destroy();
        real.destroy();
      });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return { server, port: typeof address === "object" && address !== null ? address.port : 0, commands };
}

const draft = (page: Page) => page.getByRole("button", { name: /^(?!Discard).*Ribs and planks/u });

const ready = HAS_BROWSER && mailServersAvailable() === null;

describe.skipIf(!ready)("a POP3 account's own folders", { timeout: 240_000 }, () => {
  let servers: RealServers;
  let smtp: SmtpServer;
  let line: Awaited<ReturnType<typeof overheard>>;
  let program: Program;
  beforeAll(async () => {
    servers = await startMailServers({ users: 1 });
    for (const name of MAILS) await servers.deliver(ME, sampleMail(name, 2));
    line = await overheard(servers.ports.pop3);
    smtp = await startSmtpServer({ users: [{ address: ME, password: "secret-user1" }] });
    program = await Program.start();
    const account = { address: ME, password: "secret-user1", pop3: line.port, smtp: smtp.port };
    await addPop3Account(program.line, { ...account, leaveOnServer: { kind: "forever" } });
    await row(program.page, "About lamp").waitFor();
  }, 240_000);
  afterAll(async () => {
    await program?.stop();
    await closeBrowser();
    line?.server.close();
    await smtp?.stop();
    await servers?.stop();
  });

  const retrieved = (): number => line.commands.filter((command) => command.startsWith("RETR")).length;
  const visits = (): number => line.commands.filter((command) => command.startsWith("UIDL")).length;

  test("take mail in, and a message sent and a draft begun lie there too", async () => {
    const { page } = program;
    const tree = page.getByRole("navigation", { name: "Folders" });
    await tree.getByRole("button", { name: "New folder in", exact: false }).first().focus();
    await page.keyboard.press("Enter");
    await page.getByRole("dialog", { name: "New folder" }).getByRole("textbox", { name: "Name" }).fill("Shipyard");
    await page.keyboard.press("Enter");
    await tree.getByRole("button", { name: /^Shipyard/u }).waitFor();
    await openRow(page, "About harbour");
    await page.keyboard.press("v");
    await page.getByRole("combobox", { name: "Move to which folder?" }).fill("Shipyard");
    await page.keyboard.press("Enter");
    await row(page, "About harbour").waitFor({ state: "detached" });
    await openRow(page, "About timber");
    await page.keyboard.press("s");
    await openRow(page, "About lamp");
    await page.keyboard.press("#");
    await row(page, "About lamp").waitFor({ state: "detached" });
    await page.getByRole("button", { name: /New message/u }).click();
    await write(page, { to: "writer2@example.test", subject: "The keel is laid", text: "Come and see." });
    await page.getByRole("button", { name: /^Send/u }).first().click();
    await expect.poll(() => smtp.messages.length, { timeout: PATIENCE_MS }).toBe(1);
    await openFolder(page, "Sent");
    await row(page, "The keel is laid").waitFor();
    await page.getByRole("button", { name: /New message/u }).click();
    await write(page, { subject: "Ribs and planks", text: "To be written in the evening." });
    await page.getByText(/Draft saved/u).waitFor();
    await openFolder(page, "Drafts");
    await draft(page).waitFor();
    expect(retrieved()).toBe(MAILS.length);
  });

  test("are the same after the program was killed and after it ended in order; a visit fetches only what is new, and once", async () => {
    const places: readonly (readonly [string, string])[] = [
      ["Shipyard", "About harbour"],
      ["Trash", "About lamp"],
      ["Sent", "The keel is laid"],
      ["Inbox", "About kettle"],
      ["Starred", "About timber"],
    ];
    for (const [round, signal] of (["SIGKILL", "SIGTERM"] as const).entries()) {
      const news = `news ${round}`;
      await servers.deliver(ME, sampleMail(news));
      const before = visits();
      await program.restart(signal);
      const { page } = program;
      await row(page, `About ${news}`).waitFor();
      for (const [folder, words] of places) {
        await openFolder(page, folder);
        await row(page, words).waitFor();
        expect(await row(page, words).count()).toBe(1);
      }
      await openFolder(page, "Drafts");
      await draft(page).waitFor();
      await openFolder(page, "Shipyard");
      const card = await openRow(page, "About harbour");
      await card.getByText("This is harbour.", { exact: false }).waitFor();
      // Another visit, after all of that.
      await program.line.request("health.syncNow", {});
      await expect.poll(visits, { timeout: PATIENCE_MS }).toBeGreaterThan(before + 1);
      expect(retrieved()).toBe(MAILS.length + round + 1);
      const { folders } = await program.line.request("folders.list", {});
      expect(folders.reduce((sum, { total }) => sum + total, 0)).toBe(MAILS.length + round + 1 + 1);
    }
    expect(line.commands.filter((command) => command.startsWith("DELE"))).toEqual([]);
    expect(await servers.mailboxOf(ME, "INBOX")).toHaveLength(MAILS.length + 2);
    expect(program.complaints).toEqual([]);
  });
});
