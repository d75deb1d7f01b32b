import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { createLog, type LogLevel } from "../../main/log.ts";
import { LogFiles } from "../../main/log-files.ts";
import { LogRing } from "../../main/log-ring.ts";
import { Failure } from "../../shared/failure.ts";

const folders: string[] = [];
function folder(): string {
  const made = mkdtempSync(join(tmpdir(), "satchel-log-"));
  folders.push(made);
  return made;
}
afterEach(() => {
  for (const made of folders.splice(0)) rmSync(made, { recursive: true, force: true });
});

function listening(level: LogLevel = "info") {
  const ring = new LogRing();
  return { ring, log: createLog({ sinks: [ring.push], level, clock: () => Date.UTC(2026, 10, 1) }) };
}

const PRIVATE = ["user1@example.test", "Invoice for March", "secret-hunter", "Dear colleague, the figures are below"];

describe("the log", () => {
  test("a line is one JSON object with time, level, event and the bound fields", () => {
    const { ring, log } = listening();
    log.with({ correlation: "c1", account: 3 }).info("sync.folder", { folder: 12, rows: 500 });
    expect(JSON.parse(ring.text())).toEqual({
      at: "2026-11-01T00:00:00.000Z",
      level: "info",
      event: "sync.folder",
      correlation: "c1",
      account: 3,
      folder: 12,
      rows: 500,
    });
  });

  test("no address, subject, body or secret stands in a line above debug, wherever it came from", () => {
    const { ring, log } = listening("debug");
    const [address = "", subject = "", secret = "", body = ""] = PRIVATE;
    const bearer = Buffer.from(`user=${address} auth=Bearer ${secret}`).toString("base64");
    log.info("one", { subject, body, password: secret, address, note: `sent to <${address}>` });
    log.warn("two", { serverWords: `550 ${address} refused "${subject}"`, accessToken: secret, line: `AUTH PLAIN ${bearer}` });
    log.error("three", new Failure("recipient-refused", { serverWords: `no such user ${address}` }));
    log.error(
      "four",
      new SyntaxError(`Unexpected token 'D', "${body}" is not valid JSON`, { cause: new Error(`while reading "${subject}"`) }),
    );
    for (const word of [...PRIVATE, bearer]) expect(ring.text()).not.toContain(word);
    expect(ring.lines()).toHaveLength(4);
  });

  test("secrets are cut at debug level too, where addresses may stand", () => {
    const { ring, log } = listening("debug");
    log.debug("smtp", { to: "user1@example.test", password: "secret-hunter" });
    expect(ring.text()).toContain("user1@example.test");
    expect(ring.text()).not.toContain("secret-hunter");
  });

  test("a bug keeps its name, its place in the source and the code of its cause", () => {
    const { ring, log } = listening();
    log.error("engine.task", new TypeError("x is undefined", { cause: Object.assign(new Error("reset"), { code: "ECONNRESET" }) }));
    const line: unknown = JSON.parse(ring.text());
    expect(line).toMatchObject({
      error: "TypeError: x is undefined",
      causeCode: "ECONNRESET",
      stack: expect.stringContaining("log.test.ts"),
    });
  });

  test("hashes that name message files stay readable", () => {
    const { ring, log } = listening();
    log.warn("blob.damaged", { hash: "ab".repeat(32) });
    expect(ring.text()).toContain("ab".repeat(32));
  });
});

describe("the ring", () => {
  test("keeps the newest lines within its bound", () => {
    const ring = new LogRing(1000);
    for (let n = 0; n < 500; n += 1) ring.push(`line ${n}`);
    expect(ring.text().length).toBeLessThanOrEqual(1000);
    expect(ring.text().endsWith("line 499")).toBe(true);
    expect(ring.text()).not.toContain("line 10\n");
  });
});

describe("the log's files", () => {
  test("rotate by size, and the oldest leaves", async () => {
    const dir = folder();
    const files = new LogFiles(dir, { maxBytes: 100, keep: 3 });
    for (let n = 0; n < 8; n += 1) {
      files.push(`${n}`.repeat(60));
      await files.flush();
    }
    expect(readdirSync(dir).sort()).toEqual(["satchel.1.log", "satchel.2.log", "satchel.log"]);
    expect(readFileSync(join(dir, "satchel.log"), "utf8")).toBe(`${"7".repeat(60)}\n`);
    expect(readFileSync(join(dir, "satchel.2.log"), "utf8")).toBe(`${"5".repeat(60)}\n`);
  });

  test("what waits is written when the process ends", () => {
    const dir = folder();
    const files = new LogFiles(dir);
    files.push("last words");
    files.flushNow();
    expect(readFileSync(join(dir, "satchel.log"), "utf8")).toBe("last words\n");
  });
});
