import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { Engine } from "../../main/engine/engine.ts";
import { openEngine } from "../../main/engine/open.ts";
import { inProcessPorts } from "../../main/host/in-process-port.ts";
import { silentLog } from "../../main/log.ts";
import { isProgram } from "../../main/plan/dangerous-files.ts";
import type { MessageBody } from "../../shared/contract/mail.ts";
import { type ImapServer, startImapServer } from "../servers/imap/server.ts";
import { Line } from "../support/line.ts";
import { testPlatform } from "../support/test-platform.ts";

const ME = "user1@example.test";

test.each(["a.exe", "A.EXE", "invoice.pdf.scr", "x.lnk", "x.js", "x.jar", "x.command", "x.desktop", "x.exe.", "x.exe .", "x.hta", "x.iso"])(
  "%j would run something",
  (name) => {
    expect(isProgram(name)).toBe(true);
  },
);

test.each(["report.pdf", "photo.jpeg", "exe", "notes.txt", "exe.pdf", "json.json", "发票.xlsx"])("%j is only shown", (name) => {
  expect(isProgram(name)).toBe(false);
});

let folder: string;
let imap: ImapServer;
let engine: Engine;
let line: Line;
let body: MessageBody;
const opened: string[] = [];
const marked: string[] = [];
const dragged: string[] = [];

function attachment(name: string, content: string): string {
  const lines = [
    "--b",
    "Content-Type: application/octet-stream",
    `Content-Disposition: attachment; filename*=UTF-8''${encodeURIComponent(name)}`,
    "Content-Transfer-Encoding: base64",
    "",
    Buffer.from(content).toString("base64"),
  ];
  return lines.join("\r\n");
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "satchel-open-part-"));
  imap = await startImapServer({ users: [{ address: ME, password: "opensesame-7" }] });
  const head = ["From: writer@example.test", "Subject: Files", "MIME-Version: 1.0", "Content-Type: multipart/mixed; boundary=b", ""];
  const files = [attachment("报告.pdf", "a report"), attachment("invoice.e\u200bxe", "MZ"), attachment("picture\u202egpj.scr. ", "MZ")];
  imap.folder(ME, "INBOX").deliver([...head, "--b", "Content-Type: text/plain", "", "See below.", ...files, "--b--", ""].join("\r\n"));
  const platform = testPlatform({
    openFile: (path) => {
      opened.push(path);
      return Promise.resolve();
    },
    startDrag: (path) => {
      dragged.push(path);
      return Promise.resolve();
    },
    chooseFolder: () => Promise.resolve(join(folder, "saved")),
    markForeign: (path) => {
      marked.push(path);
      return Promise.reject(new Error("this disk carries no marks"));
    },
  });
  engine = await openEngine({ profileDir: folder, platform, log: silentLog, recentLog: () => "", restarts: 0 });
  const [mine, theirs] = inProcessPorts();
  engine.serve(theirs);
  line = new Line(mine);
  const server = { host: "127.0.0.1", port: imap.port, security: "plain", user: ME } as const;
  await line.ask("accounts.add", {
    address: ME,
    accountName: "",
    personName: "",
    settings: { protocol: "imap", incoming: server, outgoing: { ...server, port: 9 } },
    credential: { kind: "password", password: "opensesame-7" },
  });
  await vi.waitFor(async () => expect((await line.ask("health.status", {})).accounts[0]).toMatchObject({ done: 1, total: 1 }), 20_000);
  const page = await line.ask("mail.page", { view: "all:inbox", grouped: false, filter: "all", from: { kind: "top" }, limit: 10 });
  const [row] = page.rows;
  if (row === undefined) throw new Error("no mail came");
  body = await line.ask("mail.read", { placementId: row.placementId });
});
afterAll(async () => {
  line?.close();
  await engine?.close();
  await imap?.stop();
  for (const path of [...opened, ...dragged]) rmSync(dirname(path), { recursive: true, force: true });
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

const open = (index: number) => line.ask("mail.openPart", { placementId: body.head.placementId, part: body.parts[index]?.part ?? "" });

test("an attachment opens from a copy of its own, byte for byte", async () => {
  expect(body.parts).toHaveLength(3);
  expect(await open(0)).toEqual({ url: null });
  expect(opened.map((path) => basename(path))).toEqual(["报告.pdf"]);
  expect(readFileSync(opened[0] ?? "", "utf8")).toBe("a report");
});

test("what is opened, dragged or saved is marked as come from elsewhere, and is there where it cannot be", async () => {
  expect(marked).toEqual(opened);
  const part = body.parts[0]?.part ?? "";
  await line.ask("preview.drag", { placementId: body.head.placementId, part });
  expect(dragged.map((path) => basename(path))).toEqual(["报告.pdf"]);
  expect(readFileSync(dragged[0] ?? "", "utf8")).toBe("a report");
  const parts = body.parts.map((one) => one.part);
  expect(await line.ask("mail.saveParts", { placementId: body.head.placementId, parts })).toEqual({ kind: "saved", count: 3 });
  expect(readFileSync(join(folder, "saved", "报告.pdf"), "utf8")).toBe("a report");
  expect(marked.slice(1)).toEqual([
    dragged[0],
    ...["报告.pdf", "invoice.exe", "picturegpj.scr"].map((name) => join(folder, "saved", name)),
  ]);
});

test("a program is not opened, whatever characters hide that it is one", async () => {
  opened.splice(1);
  await expect(open(1)).rejects.toMatchObject({ code: "not-supported", params: { name: "invoice.exe" } });
  await expect(open(2)).rejects.toMatchObject({ code: "not-supported", params: { name: "picturegpj.scr" } });
  expect(opened).toHaveLength(1);
});

test("a part that the message does not have is gone", async () => {
  await expect(line.ask("mail.openPart", { placementId: body.head.placementId, part: "99" })).rejects.toMatchObject({ kind: "gone" });
});
