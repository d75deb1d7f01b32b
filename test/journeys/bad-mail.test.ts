import iconv from "iconv-lite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { writeTnef } from "../mime/support/tnef.ts";
import { type ImapServer, startImapServer } from "../servers/imap/server.ts";
import { axeFindings } from "../support/axe.ts";
import { closeBrowser, HAS_BROWSER, Program } from "../support/browser.ts";
import { openRow, row } from "../support/browser-deeds.ts";
import { addAccount } from "../support/host-process.ts";

const USER = { address: "user1@example.test", password: "secret-user1" };
const HEAD = ["Date: Fri, 20 Nov 2026 10:00:00 +0000", "From: Writer <writer@example.test>", "To: user1@example.test", "MIME-Version: 1.0"];
/** The sets of the properties of meetings (MS-OXPROPS §1.3.2). */
const APPOINTMENT = "00062002-0000-0000-c000-000000000046";
const MEETING = "6ed8da90-450b-101b-98da-00aa003f1305";
const ATTACHED = 60 * 1024 * 1024;

/** Each was met in the wild, or is what a broken or hostile sender could make. */
const MAILS: Record<string, () => Buffer> = {
  "Nothing but NUL": () =>
    Buffer.concat([lines(...HEAD, "Subject: Nothing but NUL", "Content-Type: text/plain", "", ""), Buffer.alloc(40_000)]),
  "Header without end": () =>
    lines(...HEAD, "Subject: Header without end", ...Array.from({ length: 20_000 }, (_, at) => `X-More-${at}: and on it goes`)),
  "Ten thousand parts": () =>
    lines(
      ...HEAD,
      "Subject: Ten thousand parts",
      'Content-Type: multipart/mixed; boundary="=b"',
      "",
      ...Array.from({ length: 10_000 }, (_, at) => [
        "--=b",
        "Content-Type: text/plain",
        `Content-Disposition: attachment; filename="part-${at}.txt"`,
        "",
        `part ${at}`,
      ]).flat(),
      "--=b--",
    ),
  "Sixty megabytes": () =>
    Buffer.concat([
      lines(
        ...HEAD,
        "Subject: Sixty megabytes",
        'Content-Type: multipart/mixed; boundary="=b"',
        "",
        "--=b",
        "Content-Type: text/plain",
        "",
        "The film is attached.",
        "--=b",
        'Content-Type: video/mp4; name="film.mp4"',
        'Content-Disposition: attachment; filename="film.mp4"',
        "Content-Transfer-Encoding: base64",
        "",
        "",
      ),
      // 57 bytes make a line of 76: the same line, as often as it takes.
      Buffer.from(`${Buffer.alloc(57, "film").toString("base64")}\r\n`.repeat(Math.ceil(ATTACHED / 57))),
      lines("--=b--", ""),
    ]),
  // Too short to prove its label wrong: only its reader knows.
  "Contract of a liar": () =>
    Buffer.concat([
      lines(...HEAD, "Subject: Contract of a liar "),
      iconv.encode("合同", "gbk"),
      lines("", "Content-Type: text/plain; charset=euc-kr", "", ""),
      iconv.encode("合同", "gbk"),
    ]),
  "Nothing but a winmail.dat": () =>
    lines(
      ...HEAD,
      "Subject: Nothing but a winmail.dat",
      "Content-Type: application/ms-tnef; name=winmail.dat",
      "Content-Transfer-Encoding: base64",
      "",
      writeTnef({
        messageClass: "IPM.Schedule.Meeting.Request",
        properties: { 55: "秋季展览布展会" },
        named: [
          { set: APPOINTMENT, id: 0x820d, value: new Date("2026-12-02T06:00:00Z") },
          { set: APPOINTMENT, id: 0x820e, value: new Date("2026-12-02T07:30:00Z") },
          { set: APPOINTMENT, id: 0x8208, value: "C 厅" },
          { set: MEETING, id: 3, value: Buffer.alloc(56, "kiln") },
        ],
        files: [{ data: Buffer.from("PK"), properties: { 14087: "布展图.docx" } }],
      }).toString("base64"),
      "",
    ),
  "Your account is locked": () =>
    lines(
      "Date: Fri, 20 Nov 2026 10:00:00 +0000",
      'From: "service@bank.example" <q1@evil.test>',
      "To: user1@example.test",
      "Subject: Your account is locked",
      "MIME-Version: 1.0",
      'Content-Type: multipart/mixed; boundary="=b"',
      "",
      "--=b",
      "Content-Type: text/html; charset=utf-8",
      "",
      '<p>Dear customer, please sign in at <a href="https://evil.test/in">https://bank.example/login</a> today.</p>',
      "--=b",
      'Content-Type: application/octet-stream; name="statement.pdf.exe"',
      'Content-Disposition: attachment; filename="statement.pdf.exe"',
      "",
      "MZ",
      "--=b--",
      "",
    ),
  "Beacons and traps": () =>
    lines(
      ...HEAD,
      "Subject: Beacons and traps",
      "Content-Type: text/html; charset=utf-8",
      "",
      "<style>@import url('http://beacon.example.test/a.css'); body{background:url(http://beacon.example.test/b.png)}</style>",
      "<p>Look inside.</p><img src='http://beacon.example.test/c.png' srcset='http://beacon.example.test/d.png 2x' onerror='parent.document.title=1'>",
      "<script>parent.document.body.innerHTML='taken over'</script><iframe src='http://beacon.example.test/e'></iframe>",
      "<div style='position:fixed;top:-900px;left:-900px;width:5000px;height:5000px;z-index:99999;background:#f00'>Over everything</div>",
      "<form action='http://beacon.example.test/f'><input name=q autofocus></form><svg><image href='http://beacon.example.test/g.png'/></svg>",
      "<link rel=stylesheet href='http://beacon.example.test/h.css'><video src='http://beacon.example.test/i.mp4' autoplay></video>",
      "<meta http-equiv=refresh content='0;url=http://beacon.example.test/j'>",
    ),
};

describe.skipIf(!HAS_BROWSER)("mail that nobody should have sent", { timeout: 180_000 }, () => {
  let imap: ImapServer;
  let program: Program;
  beforeAll(async () => {
    imap = await startImapServer({
      users: [{ ...USER, folders: { INBOX: null, Sent: "\\Sent", "&ZZZ-broken": null, "Half &AOQ": null, "&-": null, "&U9E-": null } }],
    });
    for (const make of Object.values(MAILS)) imap.folder(USER.address, "INBOX").deliver(make());
    program = await Program.start();
    await addAccount(program.line, { ...USER, imap: imap.port, smtp: 9 });
    await program.line.until(
      "health.status",
      {},
      ({ accounts }) => accounts[0]?.state === "up-to-date" && accounts[0].done === Object.keys(MAILS).length,
      120_000,
    );
  }, 180_000);
  afterAll(async () => {
    await program?.stop();
    await closeBrowser();
    await imap?.stop();
  });

  test("folders whose names are broken modified UTF-7 are shown as they came, those that are right decoded", async () => {
    const folders = program.page.getByRole("navigation", { name: "Folders" });
    for (const name of ["&ZZZ-broken", "Half &AOQ", "&", "发"]) await folders.getByRole("button", { name, exact: true }).waitFor();
  });

  test("NUL bytes are a message without text", async () => {
    const card = await openRow(program.page, "Nothing but NUL");
    await card.getByText("This message has no text.").waitFor();
  });

  test("a header without an end is a message with a subject", async () => {
    const card = await openRow(program.page, "Header without end");
    await card.getByText("This message has no text.").waitFor();
  });

  test("ten thousand parts are listed without stopping the window", async () => {
    const card = await openRow(program.page, "Ten thousand parts");
    await card.getByRole("region", { name: /attachments/u }).waitFor();
    await card.getByRole("button", { name: "Save part-0.txt" }).waitFor();
    // The window still answers: another message opens.
    await openRow(program.page, "Nothing but NUL");
  });

  test("an attachment of 60 MB is whole", async () => {
    const card = await openRow(program.page, "Sixty megabytes");
    await card.getByText("The film is attached.").waitFor();
    await card.getByRole("button", { name: /Open film\.mp4, 62\.9 MB/u }).waitFor();
    const { rows } = await program.line
      .request("search.run", { query: "film", view: null, limit: 10, cursor: null })
      .then(({ hits }) => ({ rows: hits.map((hit) => hit.row) }));
    const placementId = rows[0]?.placementId;
    if (placementId === undefined) throw new Error("not found by its text");
    const { parts } = await program.line.request("mail.read", { placementId });
    const part = parts.find(({ name }) => name === "film.mp4")?.part ?? "";
    const { url } = await program.line.request("mail.partUrl", { placementId, part, download: true });
    const answer = await fetch(new URL(url, program.host.address));
    expect((await answer.arrayBuffer()).byteLength).toBe(Math.ceil(ATTACHED / 57) * 57);
  });

  test("GBK under another label is read as its reader says, subject and words", async () => {
    const { page } = program;
    const card = await openRow(page, "Contract of a liar");
    await card.getByText("북谿").waitFor();
    await card.getByRole("button", { name: "More" }).click();
    await page.getByRole("menuitem", { name: "Read as…" }).press("Enter");
    await page.getByRole("menuitem", { name: "Simplified Chinese (GB18030)" }).press("Enter");
    await card.getByText("合同", { exact: true }).waitFor();
    await page.getByRole("heading", { level: 1, name: "Contract of a liar 合同" }).waitFor();
    await card.getByText("Read as Simplified Chinese (GB18030).").waitFor();
    await row(page, "Contract of a liar 合同").waitFor();
    await program.picture("gbk-rescued");
  });

  test("a winmail.dat is what Outlook packed into it: a meeting that can be answered, and its file", async () => {
    const card = await openRow(program.page, "Nothing but a winmail.dat");
    const event = card.getByRole("region", { name: "秋季展览布展会" });
    await event.getByText("C 厅").waitFor();
    await event.getByRole("button", { name: "Accept" }).waitFor();
    await card.getByRole("button", { name: /^Open 布展图\.docx/u }).waitFor();
    expect(await card.getByRole("button", { name: /winmail/u }).count()).toBe(0);
    expect(await axeFindings(program.page)).toEqual([]);
    await program.picture("winmail");
  });

  test("a message that passes itself off as a bank is told by one bar", async () => {
    const card = await openRow(program.page, "Your account is locked");
    await card
      .getByText(/statement\.pdf\.exe/u)
      .first()
      .waitFor();
    await card
      .getByText(/q1@evil\.test/u)
      .first()
      .waitFor();
    expect(await axeFindings(program.page)).toEqual([]);
    await program.picture("phishing-bar");
  });

  test("HTML that wants out of its frame calls nobody and covers nothing", async () => {
    const { page } = program;
    const card = await openRow(page, "Beacons and traps");
    await card.frameLocator("iframe").getByText("Look inside.").waitFor();
    await page.getByText(/Wanted to contact 1 host, contacted none/u).waitFor();
    expect(program.strangers).toEqual([]);
    expect(await page.title()).not.toBe("1");
    await row(page, "Nothing but NUL").waitFor();
    // What lies under the pointer outside the frame is still the window's own.
    const hit = await page.getByRole("button", { name: "Search all mail" }).evaluate((button) => {
      const { x, y, width, height } = button.getBoundingClientRect();
      return button.contains(document.elementFromPoint(x + width / 2, y + height / 2));
    });
    expect(hit).toBe(true);
    expect(await axeFindings(page)).toEqual([]);
    expect(program.complaints).toEqual([]);
  });
});

function lines(...all: string[]): Buffer {
  return Buffer.from(all.join("\r\n"));
}
