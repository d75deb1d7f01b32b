import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { mailServersAvailable } from "../servers/install.ts";
import { type RealServers, startMailServers } from "../servers/real.ts";
import { closeBrowser, HAS_BROWSER, Program } from "../support/browser.ts";
import { openRow } from "../support/browser-deeds.ts";
import { addAccount } from "../support/host-process.ts";

const MAILS = 60;
const OPENED = 20;
const PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";

describe.skipIf(!HAS_BROWSER || mailServersAvailable() !== null)("with the servers gone", { timeout: 240_000 }, () => {
  let servers: RealServers;
  let program: Program;
  beforeAll(async () => {
    servers = await startMailServers();
    for (let at = 0; at < MAILS; at += 1) await servers.deliver("user1@example.test", letter(at), at % 3 === 0 ? "Archive" : "INBOX");
    program = await Program.start();
    await addAccount(program.line, {
      address: "user1@example.test",
      password: "secret-user1",
      imap: servers.ports.imap,
      smtp: servers.ports.smtp,
    });
    await program.line.until(
      "health.status",
      {},
      ({ accounts }) => accounts[0]?.state === "up-to-date" && accounts[0].done === MAILS,
      120_000,
    );
    await Promise.all([servers.stopDovecot(), servers.stopExim()]);
  }, 240_000);
  afterAll(async () => {
    await program?.stop();
    await closeBrowser();
    await servers?.stop();
  });

  test("the status line says so, and a restart of the program changes nothing of it", async () => {
    await program.line.until("health.status", {}, ({ accounts }) => accounts[0]?.state === "offline");
    await program.page.getByRole("button", { name: /Offline since \d/u }).waitFor();
    await program.restart();
    await program.page.getByRole("button", { name: /Offline since \d/u }).waitFor();
    await program.page.getByRole("button", { name: /All of it readable offline/u }).waitFor();
  });

  test(`${OPENED} messages open with text, pictures and attachments, byte for byte`, async () => {
    const { page, line } = program;
    const wrong: string[] = [];
    for (let turn = 0; turn < OPENED; turn += 1) {
      // Spread over all of them, kinds and folders alike: 7 and 60 have no factor in common.
      const at = (turn * 7) % MAILS;
      await page
        .getByRole("navigation", { name: "Folders" })
        .getByRole("button", { name: at % 3 === 0 ? "Archive" : "Inbox" })
        .last()
        .click();
      const { rows } = await line.request("mail.page", {
        view: await viewOf(program, at % 3 === 0 ? "archive" : "inbox"),
        grouped: true,
        filter: "all",
        from: { kind: "top" },
        limit: 100,
      });
      const rank = rows.findIndex((one) => one.subject === `Letter ${at} of many`);
      await page.getByRole("grid").press("Home");
      for (let step = 0; step < rank; step += 1) await page.keyboard.press("j");
      const card = await openRow(page, `Letter ${at} of many`);
      if (at % 4 === 1) await card.frameLocator("iframe").getByText(`The ${at}th letter, in colour.`).waitFor();
      else await card.getByText(`The ${at}th letter, plainly.`).waitFor();
      if (at % 4 !== 2) continue;
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        card.getByRole("button", { name: `Save numbers-${at}.csv` }).click(),
      ]);
      const stream = await download.createReadStream();
      const chunks: Buffer[] = [];
      for await (const chunk of stream) chunks.push(Buffer.from(chunk as Uint8Array));
      if (Buffer.concat(chunks).toString() !== csv(at)) wrong.push(`numbers-${at}.csv`);
    }
    expect(wrong).toEqual([]);
    expect(program.strangers).toEqual([]);
  });
});

async function viewOf({ line }: Program, role: "inbox" | "archive"): Promise<`folder:${number}`> {
  const { folders } = await line.request("folders.list", {});
  const found = folders.find((folder) => folder.role === role);
  if (found === undefined) throw new Error(`no ${role}`);
  return `folder:${found.id}`;
}

function csv(at: number): string {
  return Array.from({ length: 200 }, (_, line) => `${line};${line * at};äöü${at}`).join("\r\n");
}

/** Plain, HTML with a picture inside, or with a table attached, in turn. */
function letter(at: number): string {
  const head = [
    `Message-ID: <letter-${at}@example.test>`,
    `Date: Fri, 20 Nov 2026 ${String(8 + Math.floor(at / 10)).padStart(2, "0")}:${String(at).padStart(2, "0")}:00 +0000`,
    `Subject: Letter ${at} of many`,
    "From: Writer <writer@example.test>",
    "To: user1@example.test",
    "MIME-Version: 1.0",
  ];
  if (at % 4 === 1) {
    return [
      ...head,
      'Content-Type: multipart/related; boundary="=b"',
      "",
      "--=b",
      "Content-Type: text/html; charset=utf-8",
      "",
      `<p style="color:#024">The ${at}th letter, in colour. <img src="cid:dot@example.test" width="40" height="40" alt="dot"></p>`,
      "--=b",
      "Content-Type: image/png",
      "Content-ID: <dot@example.test>",
      "Content-Disposition: inline",
      "Content-Transfer-Encoding: base64",
      "",
      PNG,
      "--=b--",
      "",
    ].join("\r\n");
  }
  if (at % 4 === 2) {
    return [
      ...head,
      'Content-Type: multipart/mixed; boundary="=b"',
      "",
      "--=b",
      "Content-Type: text/plain; charset=utf-8",
      "",
      `The ${at}th letter, plainly.`,
      "--=b",
      `Content-Type: text/csv; charset=utf-8; name="numbers-${at}.csv"`,
      `Content-Disposition: attachment; filename="numbers-${at}.csv"`,
      "Content-Transfer-Encoding: base64",
      "",
      ...(Buffer.from(csv(at))
        .toString("base64")
        .match(/.{1,76}/gu) ?? []),
      "--=b--",
      "",
    ].join("\r\n");
  }
  return [...head, "Content-Type: text/plain; charset=utf-8", "", `The ${at}th letter, plainly.`, ""].join("\r\n");
}
