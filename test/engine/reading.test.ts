import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import iconv from "iconv-lite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { inProcessPorts } from "../../main/host/in-process-port.ts";
import { KeySecrets } from "../../main/host/key-secrets.ts";
import { type EngineHost, startEngine } from "../../main/host/start.ts";
import { silentLog } from "../../main/log.ts";
import { blobPath, sha256 } from "../../main/store/blobs.ts";
import type { ListRow } from "../../shared/contract/mail.ts";
import { zipOf } from "../mime/support/zip.ts";
import { type ImapServer, startImapServer } from "../servers/imap/server.ts";
import { Line } from "../support/line.ts";
import { testPlatform } from "../support/test-platform.ts";

const ME = "user1@example.test";
let folder: string;
let imap: ImapServer;
let host: EngineHost;
let line: Line;

/** Cyrillic that says it is western: nothing in it can tell. */
function lying(number: number, subject: string, words: string, from = "Ivan"): Buffer {
  const cyrillic = (text: string) => iconv.encode(text, "windows-1251");
  return Buffer.concat([
    Buffer.from(
      `Message-ID: <${number}@example.test>\r\nFrom: "=?iso-8859-1?B?${cyrillic("Иван").toString("base64")}?=" <${from}@example.test>\r\nTo: ${ME}\r\n`,
    ),
    Buffer.from(`Subject: =?iso-8859-1?B?${cyrillic(subject).toString("base64")}?=\r\nContent-Type: multipart/mixed; boundary=a\r\n\r\n`),
    Buffer.from("--a\r\nContent-Type: text/plain; charset=iso-8859-1\r\n\r\n"),
    cyrillic(words),
    Buffer.from("\r\n--a\r\nContent-Type: message/rfc822\r\n\r\nSubject: =?iso-8859-1?B?"),
    Buffer.from(
      `${cyrillic("Внутри").toString("base64")}?=\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\ninner words\r\n`,
    ),
    Buffer.from('--b\r\nContent-Type: application/pdf; name="'),
    cyrillic("счёт"),
    Buffer.from('.pdf"\r\n\r\n%PDF\r\n--b--\r\n--a--\r\n'),
  ]);
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "satchel-read-as-"));
  imap = await startImapServer({ users: [{ address: ME, password: "secret-sesame-7" }] });
  host = startEngine({
    profileDir: folder,
    platform: testPlatform({ secrets: new KeySecrets(folder, join(folder, "keys")) }),
    log: silentLog,
    logLevel: "error",
    writeLine: () => undefined,
    recentLines: () => [],
  });
  const [mine, theirs] = inProcessPorts();
  host.serve(theirs);
  line = new Line(mine);
});
afterAll(async () => {
  await host.close();
  await imap.stop();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

const rows = async (): Promise<readonly ListRow[]> =>
  (await line.ask("mail.page", { view: "all:inbox", grouped: false, filter: "all", from: { kind: "top" }, limit: 10 })).rows;
const subjects = async () => (await rows()).map(({ subject }) => subject).sort();
const hits = async (query: string) => (await line.ask("search.run", { query, view: null, limit: 10, cursor: null })).hits.length;
const page = async (url: string | null) => Buffer.from((await host.readAsset(url ?? "", { range: null })).body).toString();

test("a message that lies about its charset is read as the user says: itself, its sender's other mail, what comes later, and what is found", async () => {
  imap.folder(ME, "INBOX").deliver(lying(1, "Договор", "Подписан вчера"));
  imap.folder(ME, "INBOX").deliver(lying(2, "Повестка", "Завтра в девять"));
  await line.ask("accounts.createVault", { passphrase: null });
  const server = { host: "127.0.0.1", port: imap.port, security: "plain", user: ME } as const;
  await line.ask("accounts.add", {
    address: ME,
    accountName: "",
    personName: "",
    settings: { protocol: "imap", incoming: server, outgoing: { ...server, port: 9 } },
    credential: { kind: "password", password: "secret-sesame-7" },
  });
  await expect.poll(async () => (await rows()).filter(({ here }) => here).length).toBe(2);
  expect((await subjects()).join()).not.toMatch(/[а-я]/u);
  const first = (await rows()).find(({ snippet }) => snippet.startsWith(iconv.decode(iconv.encode("Подписан", "windows-1251"), "latin1")));
  if (first === undefined) throw new Error("the first message is not there");
  const { placementId } = first;
  const before = await line.ask("mail.read", { placementId });
  expect(before).toMatchObject({ readAs: null });

  await line.ask("mail.readAs", { placementId, charset: "windows-1251" });
  const after = await line.ask("mail.read", { placementId });
  expect(after).toMatchObject({
    readAs: "windows-1251",
    head: { subject: "Договор", from: [{ name: "Иван" }], snippet: "Подписан вчера" },
  });
  expect(after.parts[0]?.name).toBe("Внутри.eml");
  expect(after.text.trim()).toBe("Подписан вчера");
  await expect.poll(subjects).toEqual(["Договор", "Повестка"]);

  imap.folder(ME, "INBOX").deliver(lying(3, "Отчёт", "Готов"));
  await line.ask("health.syncNow", {});
  await expect.poll(subjects).toEqual(["Договор", "Отчёт", "Повестка"]);
  for (const word of ["договор", "завтра", "готов"]) await expect.poll(() => hits(word)).toBe(1);

  const inside = await line.ask("mail.readInside", { placementId, part: after.parts[0]?.part ?? "" });
  expect(inside).toMatchObject({ subject: "Внутри", text: "inner words", htmlUrl: null, parts: [{ name: "счёт.pdf" }] });
  const { url } = await line.ask("mail.partUrl", { placementId, part: inside.parts[0]?.part ?? "", download: true });
  expect(await page(url)).toBe("%PDF");

  // A colleague whose mail lies in the same way: nobody has said anything of that one.
  imap.folder(ME, "INBOX").deliver(lying(4, "Приказ", "Немедленно исполнить и доложить об исполнении", "Olga"));
  await line.ask("health.syncNow", {});
  await expect.poll(subjects).toContain("Приказ");
  const learnt = (await rows()).find((row) => row.subject === "Приказ")?.placementId ?? (0 as never);
  expect(await line.ask("mail.read", { placementId: learnt })).toMatchObject({
    readAs: null,
    text: expect.stringContaining("доложить") as string,
  });
  await expect.poll(() => hits("доложить")).toBe(1);
  await line.ask("health.rebuildIndex", {});
  await expect.poll(() => hits("доложить")).toBe(1);
  await line.ask("mail.act", { targets: { kind: "placements", ids: [learnt] }, change: { kind: "delete" } });

  await line.ask("mail.readAs", { placementId, charset: null });
  await expect.poll(async () => (await subjects()).join()).not.toMatch(/[а-я]/u);
  await expect.poll(() => hits("договор")).toBe(0);
});

test("a message that passes itself off as something else is told by its tricks, in all that it does", async () => {
  imap
    .folder(ME, "INBOX")
    .deliver(
      Buffer.concat([
        Buffer.from(
          `From: "service@bank.example" <q1@evil.test>\r\nReply-To: q1.bank@gmail.com\r\nTo: ${ME}\r\nSubject: Your account\r\nContent-Type: multipart/mixed; boundary=a\r\n\r\n`,
        ),
        Buffer.from("--a\r\nContent-Type: text/plain\r\n\r\nSee the file.\r\n--a\r\nContent-Type: application/zip; name=papers.zip\r\n"),
        Buffer.from(`Content-Transfer-Encoding: base64\r\n\r\n${zipOf(["papers.pdf.exe"]).toString("base64")}\r\n--a--\r\n`),
      ]),
    );
  await line.ask("health.syncNow", {});
  await expect.poll(subjects).toContain("Your account");
  const row = (await rows()).find(({ subject }) => subject === "Your account");
  await expect.poll(async () => (await rows()).find(({ subject }) => subject === "Your account")?.here).toBe(true);
  const { tricks } = await line.ask("mail.read", { placementId: row?.placementId ?? (0 as never) });
  expect(tricks).toEqual([
    { kind: "archive", file: "papers.zip", inside: "papers.pdf.exe" },
    { kind: "name-is-address", shown: "service@bank.example", real: "q1@evil.test" },
    { kind: "reply-elsewhere", real: "q1.bank@gmail.com" },
  ]);
});

/** As it is sent: words, a file of 9 MB, and more words behind it. */
function large(subject: string): Buffer {
  const lines = "QUFB".repeat(19);
  return Buffer.from(
    [
      `From: a@b.example\r\nTo: ${ME}\r\nSubject: ${subject}\r\nContent-Type: multipart/mixed; boundary=a\r\n`,
      "--a\r\nContent-Type: text/html\r\n\r\n<p>See the film.</p>\r\n--a\r\nContent-Type: video/mp4; name=film.mp4",
      `Content-Transfer-Encoding: base64\r\n\r\n${`${lines}\r\n`.repeat(120_000)}--a\r\nContent-Type: text/html\r\n\r\n<p>And call me.</p>\r\n--a--\r\n`,
    ].join("\r\n"),
  );
}

async function deliverLarge(subject: string) {
  const bytes = large(subject);
  imap.folder(ME, "INBOX").deliver(bytes);
  await line.ask("health.syncNow", {});
  const found = async () => (await rows()).find((row) => row.subject === subject && row.here);
  await expect.poll(found).toBeDefined();
  return { placementId: (await found())?.placementId ?? (0 as never), file: blobPath(join(folder, "mail"), sha256(bytes)) };
}

test("a large message is shown before its file is read, and what comes behind the file a moment later", async () => {
  const { placementId } = await deliverLarge("The film");
  const told = () => line.events.filter(({ event }) => event === "mail.updated").length;
  const before = told();
  const first = await line.ask("mail.read", { placementId });
  expect(first).toMatchObject({ state: { kind: "here" }, parts: [{ part: "2", name: "film.mp4", sizeBytes: 6_840_000, here: true }] });
  expect(first.text).not.toContain("call me");
  expect(await page(first.htmlUrl)).toContain("See the film.");
  await expect.poll(told).toBeGreaterThan(before);
  const whole = await line.ask("mail.read", { placementId });
  expect(whole.text).toContain("call me");
  expect(whole.parts).toEqual(first.parts);
  expect(whole.htmlUrl).not.toBe(first.htmlUrl);
  expect(await page(whole.htmlUrl)).toContain("And call me.");
});

test("a large message whose file is damaged is found out behind its first words, and fetched again", async () => {
  const { placementId, file } = await deliverLarge("A damaged film");
  const bytes = readFileSync(file);
  writeFileSync(file, bytes.fill("B", 5_000_000, 5_000_100));
  expect(await line.ask("mail.read", { placementId })).toMatchObject({ state: { kind: "here" } });
  await expect.poll(() => existsSync(file) && sha256(readFileSync(file)) === sha256(large("A damaged film"))).toBe(true);
  await expect.poll(async () => (await line.ask("mail.read", { placementId })).text).toContain("call me");
});
