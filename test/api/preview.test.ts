import iconv from "iconv-lite";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { zipOf } from "../mime/support/zip.ts";
import { pdf } from "../servers/demo/pdf.ts";
import { png, rgb } from "../servers/demo/png.ts";
import { attached, type OneLetter, oneLetter } from "./one-letter.ts";

const PICTURE = png(8, 6, () => rgb(14, 106, 97));
const FILM = Buffer.concat([Buffer.from("\0\0\0\x14ftypisom\0\0\0\0avc1", "latin1"), Buffer.alloc(5000, "film")]);

const INNER = [
  "From: Inner <inner@example.test>",
  "Subject: The letter inside",
  "MIME-Version: 1.0",
  "Content-Type: multipart/related; boundary=i",
  "",
  "--i",
  "Content-Type: text/html; charset=utf-8",
  "",
  '<p>See <img src="cid:p1@x" alt="the picture"></p><img src="http://pictures.example.test/far.png">',
  "--i",
  "Content-Type: image/png",
  "Content-ID: <p1@x>",
  "Content-Disposition: inline; filename=p.png",
  "Content-Transfer-Encoding: base64",
  "",
  PICTURE.toString("base64"),
  "--i--",
].join("\r\n");

/** A picture that says of itself to be 9000 × 9000 pixels. */
const HUGE = Buffer.from(PICTURE);
HUGE.writeUInt32BE(9000, 16);
HUGE.writeUInt32BE(9000, 20);

const FILES = [
  attached("picture.jpg", "image/jpeg", PICTURE),
  attached("对账单.txt", "text/plain", iconv.encode("十月对账单，共十四件\n", "gb18030")),
  attached("drawing.svg", "image/svg+xml", '<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>'),
  attached("film.mp4", "video/mp4", FILM),
  attached("page.png", "image/png", "<html><script>parent.x=1</script></html>"),
  attached("papers.zip", "application/zip", zipOf(["发票.pdf.exe"])),
  attached("report.pdf", "application/pdf", pdf(["Kiln report 2026", "窑炉温度一千二百度"])),
  ["--b", "Content-Type: message/rfc822", "", INNER],
  attached("letter.eml", "application/octet-stream", INNER),
  attached("huge.png", "image/png", HUGE),
];

let letter: OneLetter;
let engine: OneLetter["engine"];
let line: OneLetter["line"];
let body: OneLetter["body"];

beforeAll(async () => {
  letter = await oneLetter(FILES);
  ({ engine, line, body } = letter);
});
afterAll(() => letter?.close());

const partOf = (name: string) => body.parts.find((part) => part.name === name)?.part ?? "";
const look = (name: string) => line.ask("preview.look", { placementId: body.head.placementId, part: partOf(name) });
const read = async (url: string, range: string | null = null) => {
  const answer = await engine.readAsset(url, { range });
  return { ...answer, text: Buffer.from(answer.body).toString() };
};
const urlOf = async (name: string) => {
  const { preview } = await look(name);
  return "url" in preview ? preview.url : "";
};

describe("an attachment is looked at as what its bytes are", () => {
  test("a picture that is called a JPEG, in a page that can do nothing but paint it", async () => {
    const page = await read(await urlOf("picture.jpg"));
    expect(page.text).toContain('<img src="file"');
    const policy = page.headers["content-security-policy"] ?? "";
    expect(policy.split("; ")).toEqual(
      expect.arrayContaining([
        "default-src 'none'",
        "img-src 'self'",
        "script-src 'none'",
        "form-action 'none'",
        "sandbox allow-same-origin",
      ]),
    );
    expect(policy).not.toMatch(/media-src|connect-src|allow-scripts|data:|\*/u);
    const file = await read((await urlOf("picture.jpg")).replace("page.html", "file"));
    expect(Buffer.from(file.body).equals(PICTURE)).toBe(true);
    expect(file.headers).toMatchObject({ "content-type": "image/png", "x-content-type-options": "nosniff" });
  });

  test("a mark is made only of what is a picture by its bytes, whatever it is called, and never of a drawing", async () => {
    const mark = async (name: string) =>
      (await line.ask("preview.thumbnail", { placementId: body.head.placementId, part: partOf(name) })).url;
    const url = await mark("picture.jpg");
    const file = await read(url ?? "");
    expect(Buffer.from(file.body).equals(PICTURE)).toBe(true);
    expect(file.headers).toMatchObject({ "content-type": "image/png", "content-security-policy": expect.stringContaining("sandbox") });
    for (const name of ["drawing.svg", "page.png", "film.mp4", "report.pdf", "huge.png"])
      expect([name, await mark(name)]).toEqual([name, null]);
    expect((await look("huge.png")).preview).toMatchObject({ kind: "image" });
  });

  test("a drawing: as a picture, and as a page of its own under a policy that runs nothing", async () => {
    expect((await look("drawing.svg")).preview).toMatchObject({ kind: "image" });
    const file = await read((await urlOf("drawing.svg")).replace("page.html", "file"));
    expect(file.headers["content-type"]).toBe("image/svg+xml");
    expect(file.headers["content-security-policy"]).toMatch(/default-src 'none'.*; sandbox$/u);
  });

  test("a film, of which a player may ask for any stretch", async () => {
    const url = (await urlOf("film.mp4")).replace("page.html", "file");
    const piece = await read(url, "bytes=20-27");
    expect(piece).toMatchObject({ status: 206, text: "filmfilm" });
    expect(piece.headers).toMatchObject({
      "content-type": "video/mp4",
      "content-range": `bytes 20-27/${FILM.length}`,
      "accept-ranges": "bytes",
    });
  });

  test("words in their own charset", async () => {
    expect((await look("对账单.txt")).preview).toMatchObject({ kind: "text", text: "十月对账单，共十四件\n", lang: "zh-CN" });
  });

  test("a page that is called a picture as its source", async () => {
    expect((await look("page.png")).preview).toMatchObject({ kind: "text", text: expect.stringContaining("<script>") });
  });

  test("an archive not at all, and the program in it is named", async () => {
    expect(await look("papers.zip")).toEqual({
      preview: { kind: "none", why: "unknown" },
      danger: { kind: "archive", file: "papers.zip", inside: "发票.pdf.exe" },
    });
  });

  test("a document as its file; a mail as a mail", async () => {
    const { preview, danger } = await look("report.pdf");
    expect([preview.kind, danger]).toEqual(["pdf", null]);
    expect((await read(await urlOf("report.pdf"))).headers["content-type"]).toBe("application/pdf");
    expect((await look("letter.eml")).preview).toEqual({ kind: "message" });
  });

  test("one that the message does not have is gone", async () => {
    await expect(line.ask("preview.look", { placementId: body.head.placementId, part: "99" })).rejects.toMatchObject({ code: "part-gone" });
  });

  test("under an address that leads to nothing else of the message", async () => {
    const base = (await urlOf("picture.jpg")).replace("page.html", "");
    for (const rest of ["body.html", "part/1", "source/message.eml", `download/${partOf("report.pdf")}/x`, "../file", "page.html/file"])
      expect((await read(base + rest)).status, rest).toBe(404);
  });
});

const WORDS = { from: "From", to: "To", cc: "Cc", sent: "Sent", attachments: "Files", noSubject: "-", unnamed: "?", notHere: "away" };

describe("a message for the printer", () => {
  test("has a quiet head, its words, the names of its files, and walls of its own", async () => {
    const { url } = await line.ask("preview.print", { placementIds: [body.head.placementId, body.head.placementId], words: WORDS });
    const page = await read(url);
    expect(page.text.match(/<h1[^>]*>Files<\/h1>/gu)).toHaveLength(2);
    expect(page.text).toContain("<dt>From</dt><dd>writer@example.test</dd>");
    expect(page.text).toMatch(/<dt>Files<\/dt><dd>picture\.jpg · 对账单\.txt · drawing\.svg/u);
    expect(page.text).toContain("See below.");
    expect(page.text).not.toContain("<dt>Cc</dt>");
    expect(page.headers["content-security-policy"]).toContain("default-src 'none'");
  });

  test("becomes no file, and no attachment is dragged, where a browser does both", async () => {
    const { placementId } = body.head;
    await expect(line.ask("preview.savePdf", { placementIds: [placementId], words: WORDS })).rejects.toMatchObject({
      code: "not-supported",
    });
    await expect(line.ask("preview.drag", { placementId, part: partOf("film.mp4") })).rejects.toMatchObject({ code: "not-supported" });
  });
});

describe.each(["The letter inside.eml", "letter.eml"])("the pictures of an attached message (%s)", (name) => {
  test("are shown with its words", async () => {
    const inside = await line.ask("mail.readInside", { placementId: body.head.placementId, part: partOf(name) });
    expect(inside).toMatchObject({ subject: "The letter inside", parts: [], remoteHosts: ["pictures.example.test"] });
    const url = new URL(inside.htmlUrl ?? "", "http://127.0.0.1");
    const page = await read(url.pathname);
    const [, src = ""] = /<img src="([^"]*)" alt="the picture"/u.exec(page.text) ?? [];
    expect(src).not.toBe("");
    const picture = await read(new URL(src, url).pathname);
    expect(picture.headers["content-type"]).toBe("image/png");
    expect(Buffer.from(picture.body).equals(PICTURE)).toBe(true);
    expect(page.text).not.toContain("pictures.example.test");
  });
});

test("a message is found by the words in its documents, once all else is at rest", { timeout: 60_000 }, async () => {
  const find = (query: string) => line.ask("search.run", { query, view: null, limit: 10, cursor: null });
  await vi.waitFor(async () => expect((await find("窑炉温度 ")).hits).toHaveLength(1), { timeout: 50_000, interval: 250 });
  expect((await find('"Kiln report 2026"')).hits).toHaveLength(1);
  expect((await find("attachment:一千二百度 ")).hits).toHaveLength(1);
});
