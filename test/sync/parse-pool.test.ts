import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, unlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { silentLog } from "../../main/log.ts";
import { NO_HINTS } from "../../main/mime/charset-hints.ts";
import { blobPath } from "../../main/store/blobs.ts";
import { type ParsePool, startParsePool } from "../../main/sync/parse-pool.ts";

let dir: string;
let pool: ParsePool;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "satchel-pool-"));
  pool = startParsePool({ size: 2, blobDir: dir, log: silentLog });
});

afterEach(async () => {
  await pool.close();
  rmSync(dir, { recursive: true, force: true });
});

const plain = (number: number) =>
  Buffer.from(
    `From: User <user${number}@example.test>\r\nSubject: Letter ${number}\r\nMessage-ID: <${number}@example.test>\r\n\r\nWords of letter ${number}.\r\n`,
  );

const rich = Buffer.from(
  [
    "From: user1@example.test",
    "Subject: Pictures",
    "Content-Type: multipart/related; boundary=b",
    "",
    "--b",
    "Content-Type: text/html; charset=utf-8",
    "",
    '<p>Hello</p><img src="cid:logo"><img src="https://pictures.example.test/a.png"><script>alert(1)</script>',
    "--b",
    "Content-Type: image/png; name=logo.png",
    "Content-ID: <logo>",
    "Content-Transfer-Encoding: base64",
    "",
    "iVBORw0KGgo=",
    "--b",
    "Content-Type: image/png; name=unused.png",
    "Content-ID: <unused>",
    "Content-Transfer-Encoding: base64",
    "",
    "iVBORw0KGgo=",
    "--b--",
    "",
  ].join("\r\n"),
);

const options = { partPrefix: "part/", remotePrefix: null, quoteLabel: "Quoted text", hints: NO_HINTS, inside: null };

test("three hundred messages at once are all written under their hash and read", async () => {
  const arrived = await Promise.all(Array.from({ length: 300 }, (_, number) => pool.arrive({ bytes: plain(number), durable: false })));
  for (const [number, { subject, hash, snippet, sizeBytes }] of arrived.entries()) {
    expect(subject).toBe(`Letter ${number}`);
    expect(snippet).toBe(`Words of letter ${number}.`);
    expect(sizeBytes).toBe(plain(number).length);
    expect(hash).toBe(createHash("sha256").update(plain(number)).digest("hex"));
    expect(readFileSync(blobPath(dir, hash)).equals(plain(number))).toBe(true);
  }
  expect(pool.inFlightBytes).toBe(0);
});

test("bytes under way are counted until their promise is settled", async () => {
  const promise = pool.arrive({ bytes: plain(1), durable: true });
  expect(pool.inFlightBytes).toBe(plain(1).length);
  await promise;
  expect(pool.inFlightBytes).toBe(0);
});

test("a message is read with its own picture, without the remote one, and an unused picture is an attachment", async () => {
  const { hash } = await pool.arrive({ bytes: rich, durable: false });
  const read = await pool.read({ hash }, options);
  expect(read.html).toContain('<img src="part/2">');
  expect(read.html).not.toMatch(/script|pictures\.example\.test/u);
  expect(read.remoteHosts).toEqual(["pictures.example.test"]);
  expect(read.parts.map(({ name, inline }) => ({ name, inline }))).toEqual([
    { name: "logo.png", inline: true },
    { name: "unused.png", inline: false },
  ]);
  const allowed = await pool.read({ hash }, { ...options, remotePrefix: "remote/" });
  expect(allowed.html).toContain("remote/https%3A%2F%2Fpictures.example.test%2Fa.png");
  const quotable = await pool.quotable({ hash });
  expect(quotable.html).toContain('src="cid:logo"');
  expect(quotable.html).toContain("https://pictures.example.test/a.png");
});

test("parts come back byte for byte, by the hash or from a file of its own", async () => {
  const { hash } = await pool.arrive({ bytes: rich, durable: false });
  expect(Buffer.from((await pool.part({ hash }, "2")).bytes)).toEqual(Buffer.from("iVBORw0KGgo=", "base64"));
  const path = join(dir, "draft.eml");
  writeFileSync(path, rich);
  expect((await pool.part({ path }, "3")).name).toBe("unused.png");
  await expect(pool.part({ hash }, "9")).rejects.toMatchObject({ code: "part-gone" });
});

test("a message whose file is gone or damaged counts as not here", async () => {
  const { hash } = await pool.arrive({ bytes: plain(1), durable: false });
  writeFileSync(blobPath(dir, hash), "something else");
  await expect(pool.read({ hash }, options)).rejects.toMatchObject({ code: "not-here-yet" });
  if (existsSync(blobPath(dir, hash))) unlinkSync(blobPath(dir, hash));
  await expect(pool.source({ hash }, 100)).rejects.toMatchObject({ code: "not-here-yet" });
});

test("the source is cut at the limit and says so", async () => {
  const { hash } = await pool.arrive({ bytes: plain(7), durable: false });
  expect(await pool.source({ hash }, 10)).toEqual({ text: "From: User", truncated: true, sizeBytes: plain(7).length });
});

test("a thread that was got ready takes what comes, also after it was asked twice, and closes when nothing came", async () => {
  pool.prepare();
  pool.prepare();
  expect((await pool.arrive({ bytes: plain(1), durable: false })).subject).toBe("Letter 1");
  await pool.close();
  pool.prepare();
  const idle = startParsePool({ size: 1, blobDir: dir, log: silentLog });
  idle.prepare();
  await idle.close();
  await expect(idle.arrive({ bytes: plain(2), durable: false })).rejects.toMatchObject({ code: "engine-restarted" });
});

test("a message that kills its thread is kept unread, and those around it lose nothing", async () => {
  await pool.close();
  const warnings: string[] = [];
  pool = startParsePool({ size: 1, blobDir: dir, log: { ...silentLog, warn: (event) => warnings.push(event) }, maxHeapMb: 24 });
  // Text that needs more than the whole heap once it is decoded.
  const killer = Buffer.concat([
    Buffer.from("Subject: big\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"),
    Buffer.from("<i>字</i>".repeat(1_500_000)),
  ]);
  const letters = [1, 2, 3, 4].map((number) => pool.arrive({ bytes: plain(number), durable: false }));
  const dangerous = pool.arrive({ bytes: killer, durable: false });
  const later = [5, 6, 7].map((number) => pool.arrive({ bytes: plain(number), durable: false }));
  expect((await Promise.all([...letters, ...later])).map(({ subject }) => subject)).toEqual(
    [1, 2, 3, 4, 5, 6, 7].map((number) => `Letter ${number}`),
  );
  expect(await dangerous).toMatchObject({ unreadable: true, subject: "", sizeBytes: killer.length });
  expect(warnings).toEqual(["parse-thread-restarted"]);
});

test("after closing, everything asked fails at once", async () => {
  await pool.close();
  await expect(pool.arrive({ bytes: plain(1), durable: false })).rejects.toMatchObject({ code: "engine-restarted" });
});

test("a message of one account comes after what the threads have at hand, however much another has waiting", async () => {
  await pool.close();
  pool = startParsePool({ size: 1, blobDir: dir, log: silentLog });
  let before = 0;
  const flood = Array.from({ length: 2000 }, (_, number) =>
    pool.arrive({ bytes: plain(number), durable: false, account: 1 }).then(() => {
      before += 1;
    }),
  );
  const late = pool.arrive({ bytes: plain(9000), durable: false, account: 2 }).then(() => before);
  // Two that were begun before the others came, and one batch.
  expect(await late).toBeLessThanOrEqual(2 + 24);
  await Promise.all(flood);
});

test("what somebody opens comes before all that is only looked through", async () => {
  const { hash } = await pool.arrive({ bytes: rich, durable: false });
  let before = 0;
  const aside = Array.from({ length: 200 }, () =>
    pool.again({ hash }, NO_HINTS).then(() => {
      before += 1;
    }),
  );
  const opened = pool.read({ hash }, options).then(() => before);
  expect(await opened).toBeLessThanOrEqual(1);
  await Promise.all(aside);
});

test("a message that no thread comes to an end with is kept unread, and those of other accounts come", async () => {
  await pool.close();
  const warnings: string[] = [];
  pool = startParsePool({
    size: 1,
    blobDir: dir,
    log: { ...silentLog, warn: (event) => warnings.push(event) },
    threadUrl: new URL("../support/stuck-parse-thread.ts", import.meta.url),
    stuckMs: 300,
  });
  const stuck = pool.arrive({ bytes: Buffer.from("stuck for ever"), durable: false, account: 1 });
  const other = pool.arrive({ bytes: Buffer.from("a letter"), durable: false, account: 2 });
  expect(await other).toMatchObject({ subject: "a letter" });
  expect(await stuck).toMatchObject({ subject: "stuck for ever", unreadable: true });
  expect(warnings).toEqual(["parse-thread-stuck", "parse-thread-restarted"]);
});
