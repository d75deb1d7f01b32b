import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { indexText } from "../../main/mime/index-text.ts";
import { parseArrived } from "../../main/mime/parse-arrived.ts";
import { find } from "../../main/search/finder.ts";
import { openIndexFile, removeDocument, writeDocument } from "../../main/search/index-file.ts";
import { PdfIntake } from "../../main/search/pdf-intake.ts";
import { PdfReader } from "../../main/search/pdf-reader.ts";
import { type Database, openDatabase } from "../../main/store/database.ts";
import { migrate, readMigrations } from "../../main/store/migrate.ts";
import { pdf } from "../servers/demo/pdf.ts";

const REPORT = pdf(["Kiln report 2026", "窑炉温度一千二百度", "It cooled for three days."]);

function mailWith(files: readonly (readonly [string, Buffer])[]): Buffer {
  const parts = files.map(
    ([name, bytes]) =>
      `--b\r\nContent-Type: application/octet-stream; name="${name}"\r\nContent-Disposition: attachment; filename="${name}"\r\nContent-Transfer-Encoding: base64\r\n\r\n${bytes.toString("base64")}\r\n`,
  );
  return Buffer.from(
    `From: a@b.example\r\nSubject: Papers\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nSee below.\r\n${parts.join("")}--b--\r\n`,
  );
}

describe("the words of a PDF document", () => {
  const readers: PdfReader[] = [];
  const reader = (...options: ConstructorParameters<typeof PdfReader>): PdfReader => {
    const made = new PdfReader(...options);
    readers.push(made);
    return made;
  };
  afterEach(async () => {
    for (const one of readers.splice(0)) await one.close();
  });

  test("are read, Chinese ones by the character map that they name, and what is no document has none", async () => {
    const reads = reader();
    const text = await reads.read(new Uint8Array(REPORT));
    expect(text).toContain("Kiln report 2026");
    expect(text).toContain("窑炉温度一千二百度");
    expect(await reads.read(new Uint8Array(Buffer.from("%PDF-1.4\nnothing of the kind")))).toBe("");
    expect(await reads.read(new Uint8Array(REPORT))).toBe(text);
  });

  test("are given up when the thread hangs, ends or breaks, and the next document has a new one", async () => {
    const threadUrl = new URL("../support/stubborn-pdf-thread.ts", import.meta.url);
    const reads = reader({ threadUrl, longestMs: 3000 });
    for (const what of [1, 2, 3]) {
      expect([what, await reads.read(new Uint8Array([what]))]).toEqual([what, ""]);
      expect(await reads.read(new Uint8Array([9, 9]))).toBe("read 2");
    }
  });
});

describe("a message with a PDF document", () => {
  let folder: string;
  let store: Database;
  let index: Database;
  let mails: Map<string, Buffer>;
  let read: Buffer[];
  let busy: boolean;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "satchel-pdf-"));
    store = openDatabase(join(folder, "satchel.db"));
    migrate(store, readMigrations(new URL("../../main/store/migrations/", import.meta.url)));
    store.connection.exec(`
      INSERT INTO account (id, position, name, address, settings, created_at) VALUES (1, 0, 'A', 'user1@example.test', '{}', 0);
      INSERT INTO folder (id, account_id, path, name, role) VALUES (1, 1, 'INBOX', 'Inbox', 'inbox');
      INSERT INTO conversation (id, account_id) VALUES (1, 1);`);
    index = openIndexFile(join(folder, "search.db")).database;
    mails = new Map();
    read = [];
    busy = false;
  });
  afterEach(() => {
    index.close();
    store.close();
    rmSync(folder, { recursive: true });
  });

  function put(id: number, mail: Buffer): void {
    const hash = String(id).padStart(64, "0");
    mails.set(hash, mail);
    store.connection
      .prepare(
        `INSERT INTO message (id, account_id, conversation_id, size_bytes, subject, from_json, to_json, cc_json, bcc_json, reply_to_json, received_at, raw_hash, bytes_here, has_attachment)
         VALUES (?, 1, 1, 1, 'Papers', '[]', '[]', '[]', '[]', '[]', ?, ?, 1, 1)`,
      )
      .run(id, id * 1000, hash);
    store.connection
      .prepare("INSERT INTO placement (id, message_id, folder_id, shown_folder_id, shown_flags, received_at) VALUES (?, ?, 1, 1, 0, ?)")
      .run(id * 10, id, id * 1000);
    const text = indexText(parseArrived(mail).words);
    index.write((tx) => writeDocument(tx, { messageId: id, receivedAt: id * 1000, text, unread: true }));
  }

  const found = (query: string) => find(index, store, { query, view: null, limit: 50, cursor: null }).placementIds;
  const waiting = () => index.connection.prepare("SELECT message_id FROM pdf_waiting ORDER BY message_id").pluck().all();
  /** Its thread says that a document holds what its bytes say. */
  const intake = (answer: (bytes: Buffer) => string | Promise<string> = (bytes) => bytes.toString()) =>
    new PdfIntake({
      database: index,
      store,
      reader: {
        read: async (bytes) => {
          read.push(Buffer.from(bytes));
          return answer(Buffer.from(bytes));
        },
        close: () => Promise.resolve(),
      },
      load: (hash) => Promise.resolve(mails.get(hash) ?? null),
      likelyCharsets: [],
      busy: () => busy,
    });

  test("is found by the words in it, beside all that it was found by before, and read once", async () => {
    put(1, mailWith([["报告.pdf", Buffer.from("vases and 茶碗")]]));
    put(2, mailWith([["notes.txt", Buffer.from("vases")]]));
    expect(found("vases ")).toEqual([]);
    await intake().rested();
    expect(found("vases ")).toEqual([10]);
    expect(found("茶碗 ")).toEqual([10]);
    expect(found("attachment:vases ")).toEqual([10]);
    expect(found("below ")).toEqual([20, 10]);
    expect(found("attachment:报告 ")).toEqual([10]);
    expect(read).toHaveLength(1);
    expect(waiting()).toEqual([]);
    await intake().rested();
    expect(read).toHaveLength(1);
  });

  test("says where a word stands in a file and nowhere else", async () => {
    put(1, mailWith([["报告.pdf", Buffer.from("vases, see below and 茶碗")]]));
    await intake().rested();
    const inFiles = (query: string) => find(index, store, { query, view: null, limit: 50, cursor: null }).inFiles;
    for (const query of ["vases ", "below vases ", "subject:papers 茶碗 ", "attachment:below ", "报告 ", "vas"])
      expect([query, inFiles(query)]).toEqual([query, [10]]);
    for (const query of ["below ", "subject:papers ", "below papers ", "has:attachment "])
      expect([query, inFiles(query)]).toEqual([query, []]);
  });

  test("that has gone meanwhile stays gone; what else is to be taken in comes first", async () => {
    put(1, mailWith([["a.pdf", Buffer.from("first")]]));
    put(2, mailWith([["b.pdf", Buffer.from("second")]]));
    busy = true;
    await intake().rested();
    expect([read.length, waiting()]).toEqual([0, [1, 2]]);
    busy = false;
    await intake((bytes) => {
      if (bytes.toString() === "second") index.write((tx) => removeDocument(tx, 2));
      return bytes.toString();
    }).rested();
    expect([found("second "), found("first ")]).toEqual([[], [10]]);
    expect(waiting()).toEqual([]);
  });

  test("that ended the program each time is left alone after the second", async () => {
    put(1, mailWith([["a.pdf", Buffer.from("first")]]));
    for (let tries = 0; tries < 5; tries += 1)
      await intake(() => Promise.reject(new Error("the end of the program")))
        .rested()
        .catch(() => undefined);
    expect(read).toHaveLength(2);
    expect(waiting()).toEqual([]);
    expect(found("below ")).toEqual([10]);
  });
});
