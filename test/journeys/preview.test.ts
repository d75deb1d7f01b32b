import iconv from "iconv-lite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { pdf } from "../servers/demo/pdf.ts";
import { png, rgb, vase } from "../servers/demo/png.ts";
import { type ImapServer, startImapServer } from "../servers/imap/server.ts";
import { axeFindings } from "../support/axe.ts";
import { closeBrowser, HAS_BROWSER, Program } from "../support/browser.ts";
import { openRow } from "../support/browser-deeds.ts";
import { addAccount } from "../support/host-process.ts";

const PICTURES = process.env["SATCHEL_PICTURES_IN"] ?? new URL("../../docs/pictures", import.meta.url).pathname;
const USER = { address: "user1@example.test", password: "secret-user1" };
const HEAD = ["Date: Fri, 20 Nov 2026 10:00:00 +0000", "From: 陈晓雯 <chen@example.test>", "To: user1@example.test", "MIME-Version: 1.0"];

const base64 = (content: Buffer): string => content.toString("base64").replace(/.{76}/gu, "$&\r\n");
const attachment = (name: string, type: string, content: Buffer): string[] => [
  "--=b",
  `Content-Type: ${type}`,
  `Content-Disposition: attachment; filename*=UTF-8''${encodeURIComponent(name)}`,
  "Content-Transfer-Encoding: base64",
  "",
  base64(content),
];

/** A second of a tone. */
function wave(): Buffer {
  const samples = Buffer.from(Array.from({ length: 8000 }, (_, at) => 128 + Math.round(60 * Math.sin(at / 3))));
  const head = Buffer.alloc(44);
  head.write("RIFF", 0, "latin1");
  head.writeUInt32LE(36 + samples.length, 4);
  head.write("WAVEfmt ", 8, "latin1");
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(8000, 24);
  head.writeUInt32LE(8000, 28);
  head.writeUInt16LE(1, 32);
  head.writeUInt16LE(8, 34);
  head.write("data", 36, "latin1");
  head.writeUInt32LE(samples.length, 40);
  return Buffer.concat([head, samples]);
}

const INNER = [
  "From: 青岚美术馆 <hall@example.test>",
  "To: chen@example.test",
  "Subject: =?utf-8?B?5YCf5bGV5Y2P6K6u?=",
  "Date: Thu, 19 Nov 2026 09:00:00 +0000",
  "MIME-Version: 1.0",
  'Content-Type: multipart/related; boundary="=i"',
  "",
  "--=i",
  "Content-Type: text/html; charset=utf-8",
  "",
  '<p>展品照片如下：</p><p><img src="cid:vase@hall" alt="盐釉长瓶" width="200"></p>',
  "--=i",
  "Content-Type: image/png",
  "Content-ID: <vase@hall>",
  "Content-Disposition: inline; filename=vase.png",
  "Content-Transfer-Encoding: base64",
  "",
  base64(vase([150, 160, 158], 0.5)),
  "--=i--",
].join("\r\n");

const SVG = `<svg xmlns="http://www.w3.org/2000/svg" width="320" height="200"><script>parent.document.title="taken"</script>
<image href="http://beacon.example.test/a.png" width="9" height="9"/><rect width="320" height="200" fill="#0e6a61"/></svg>`;

/** A letter whose style would take the head of a printed page, and more than its own place, if it could. */
const DESIGNED = [
  ...HEAD,
  "Subject: =?utf-8?B?56eL5a2j5bGV6KeI55qE5a6J5o6S?=",
  "Content-Type: text/html; charset=utf-8",
  "",
  "<style>html,body,h1,dl,header,article,.words{display:none!important;color:red!important}</style>",
  "<p>各位好：</p><p>展览十二月三日开幕，请于上午九点半到 C 厅。装箱清单见附件。</p><p>Doors open at half past nine.</p>",
  "<span style='position:fixed;left:0;top:0;width:900px;height:900px;z-index:9'></span>",
  "<img src='http://beacon.example.test/c.png'>",
];

function gallery(): Buffer {
  const lines = [
    ...HEAD,
    "Subject: Seven attachments",
    'Content-Type: multipart/mixed; boundary="=b"',
    "",
    "--=b",
    "Content-Type: text/plain; charset=utf-8",
    "",
    "清单和照片都在附件里。",
    ...attachment("盐釉长瓶.png", "image/png", vase([206, 212, 210])),
    ...attachment("装箱清单.pdf", "application/pdf", pdf(["装箱清单（大阪）", "5 号箱  盐釉长瓶  48 kg", "合计 7 箱，288 kg"])),
    ...attachment("十月对账单.txt", "text/plain", iconv.encode("十月寄件 14 件\r\n保价 9 件\r\n运费合计 ¥1,026.50\r\n", "gb18030")),
    "--=b",
    "Content-Type: message/rfc822",
    "",
    INNER,
    ...attachment("drawing.svg", "image/svg+xml", Buffer.from(SVG)),
    ...attachment("tone.wav", "audio/wav", wave()),
    ...attachment("broken.png", "image/png", png(4, 4, () => rgb(1, 2, 3)).subarray(0, 40)),
    "--=b--",
    "",
  ];
  return Buffer.from(lines.join("\r\n"));
}

describe.skipIf(!HAS_BROWSER)("what is attached", { timeout: 180_000 }, () => {
  let imap: ImapServer;
  let program: Program;
  beforeAll(async () => {
    imap = await startImapServer({ users: [USER] });
    imap.folder(USER.address, "INBOX").deliver(gallery());
    imap.folder(USER.address, "INBOX").deliver(Buffer.from(DESIGNED.join("\r\n")));
    program = await Program.start({ width: 1280, height: 860 });
    await addAccount(program.line, { ...USER, imap: imap.port, smtp: 9 });
    await program.line.until("health.status", {}, ({ accounts }) => accounts[0]?.done === 2, 60_000);
  }, 180_000);
  afterAll(async () => {
    await program?.stop();
    await closeBrowser();
    await imap?.stop();
  });

  test("is looked at in a gallery: picture, Chinese document, old text, letter with its pictures, drawing, sound", async () => {
    const { page } = program;
    const asked: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    const readers = (): string[] => asked.filter((url) => /pdf-view|pdf\.worker|\/pdf\//u.test(url));
    const card = await openRow(page, "Seven attachments");
    await card.getByRole("button", { name: /^Open 盐釉长瓶\.png/u }).press("Enter");
    const dialog = page.getByRole("dialog");
    await dialog.getByText(/^\d+ × \d+$/u).waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await program.picture("preview-picture");
    // What reads documents is as large as the window: nobody waits for it who opens none.
    expect(readers()).toEqual([]);

    await page.keyboard.press("ArrowRight");
    const sheet = dialog.getByRole("group", { name: "Page 1 of 1" });
    // Words that can be selected, out of a document whose fonts are not in it.
    await sheet.getByText("装箱清单（大阪）").waitFor();
    const darkPixels = () =>
      sheet.locator("canvas").evaluate((canvas: HTMLCanvasElement) => {
        const { data } = canvas.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] };
        return data.filter((value, at) => at % 4 === 3 && value > 0 && (data[at - 1] ?? 255) < 100).length;
      });
    expect(readers().some((url) => url.endsWith("/UniGB-UCS2-H.bcmap"))).toBe(true);
    await expect.poll(darkPixels).toBeGreaterThan(200);
    expect(await axeFindings(page)).toEqual([]);
    await program.picture("preview-pdf");

    await page.keyboard.press("ArrowRight");
    await dialog.getByText("运费合计 ¥1,026.50").waitFor();
    await program.picture("preview-text");

    await page.keyboard.press("ArrowRight");
    await dialog.getByRole("heading", { name: "借展协议", exact: true }).waitFor();
    const picture = dialog.frameLocator("iframe").getByRole("img", { name: "盐釉长瓶" });
    await expect.poll(() => picture.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBeGreaterThan(0);
    expect(await axeFindings(page)).toEqual([]);
    await program.picture("preview-letter");

    await page.keyboard.press("ArrowRight");
    await dialog.getByText("320 × 200").waitFor();
    await page.keyboard.press("ArrowRight");
    const sound = dialog.frameLocator("iframe").locator("audio");
    await expect.poll(() => sound.evaluate((player: HTMLAudioElement) => Math.round(player.duration))).toBe(1);
    await page.keyboard.press("ArrowRight");
    await dialog.getByText("There is no preview for this file").waitFor();
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    expect(program.strangers).toEqual([]);
    expect(await page.title()).not.toBe("taken");
    expect(program.complaints).toEqual([]);
  });

  test("is found by the words inside a document, which opens with them marked", async () => {
    const { page, line } = program;
    const ask = { query: "大阪", view: null, limit: 5, cursor: null };
    await line.until("search.run", ask, ({ hits }) => hits[0]?.inFile === true, 60_000);
    await page.keyboard.press("/");
    await page.getByRole("searchbox", { name: "Search all mail" }).fill("大阪");
    const hit = page.getByRole("row", { name: /Seven attachments.*in an attachment/u });
    await hit.getByText("in an attachment").waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await program.picture("search-in-a-document");
    await hit.click();
    await page.getByRole("button", { name: /^Open 装箱清单\.pdf/u }).press("Enter");
    await page.getByRole("dialog").getByText("装箱清单（大阪）").waitFor();
    const marked = () => page.evaluate(() => [...(CSS.highlights.get("satchel-found") ?? [])].map(String));
    await expect.poll(marked).toEqual(["大阪"]);
    await program.picture("preview-found");
    await page.keyboard.press("Escape");
    await expect.poll(marked).toEqual([]);
    await page.getByRole("dialog").waitFor({ state: "detached" });
    // Out of the search again.
    await page.keyboard.press("g");
    await page.keyboard.press("i");
    await page.getByRole("row", { name: "秋季展览的安排" }).waitFor();
    expect(program.strangers).toEqual([]);
  });

  test("goes on paper by Ctrl+P: a head that no style reaches, dark on white also in the dark, nothing fetched", async () => {
    const { page } = program;
    await program.line.request("settings.write", { theme: "dark" });
    await openRow(page, "秋季展览的安排");
    await page.evaluate(catchPrinting);
    await page.keyboard.press("Control+p");
    const url = await page.waitForFunction(() => document.body.dataset["printed"]).then((found) => found.jsonValue());
    const paper = await page.context().newPage();
    await paper.emulateMedia({ media: "print", colorScheme: "dark" });
    await paper.setViewportSize({ width: 794, height: 560 });
    await paper.goto(String(url));
    const heading = paper.getByRole("heading", { name: "秋季展览的安排" });
    await heading.waitFor();
    await paper.getByText("陈晓雯 <chen@example.test>").waitFor();
    await paper.getByText("Doors open at half past nine.").waitFor();
    const seen = await heading.evaluate((element) => {
      const { x, y } = element.getBoundingClientRect();
      return [document.elementFromPoint(x + 5, y + 5) === element, getComputedStyle(element).color];
    });
    expect(seen).toEqual([true, "rgb(0, 0, 0)"]);
    expect((await paper.pdf({ preferCSSPageSize: true })).subarray(0, 5).toString()).toBe("%PDF-");
    if (process.env["SATCHEL_PICTURES"] === "1") await paper.screenshot({ path: `${PICTURES}/print.png` });
    await paper.close();
    expect(program.strangers).toEqual([]);
  });
});

/** Runs in the window: notes what would be printed. A browser without a screen has no dialog. */
function catchPrinting(): void {
  new MutationObserver((changes) => {
    for (const node of changes.flatMap(({ addedNodes }) => [...addedNodes])) {
      if (!(node instanceof HTMLIFrameElement)) continue;
      // At the frame itself those that capture are called first.
      node.addEventListener("load", () => takePrint(node), { capture: true });
    }
  }).observe(document.body, { childList: true });
  const takePrint = (frame: HTMLIFrameElement): void => {
    const view = frame.contentWindow;
    if (view === null) return;
    view.print = () => {
      document.body.dataset["printed"] = frame.src;
    };
  };
}
