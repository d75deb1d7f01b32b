import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { z } from "zod";
import type { Engine } from "../../main/engine/engine.ts";
import { openEngine } from "../../main/engine/open.ts";
import { inProcessPorts } from "../../main/host/in-process-port.ts";
import { KeySecrets } from "../../main/host/key-secrets.ts";
import { createLog } from "../../main/log.ts";
import { requests } from "../../shared/contract/table.ts";
import type { PlacementId } from "../../shared/ids.ts";
import { type ImapServer, startImapServer } from "../servers/imap/server.ts";
import { Line } from "../support/line.ts";
import { secretForms } from "../support/secret-forms.ts";
import { testPlatform } from "../support/test-platform.ts";

const ME = "user1@example.test";
const PASSWORD = "secret-kestrel-over-the-harbour-4711";
const CLIENT_SECRET = "secret-heron-and-otter-2026";
const PIN = "secret-pelican-in-the-rain-9";
const LETTER = Buffer.from("From: writer@example.test\r\nSubject: 十月/账单: all\r\n\r\nByte for byte.\r\n");

let folder: string;
let imap: ImapServer;
let engine: Engine;
let line: Line;
let placementId: PlacementId;
const logged: string[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "satchel-exports-"));
  imap = await startImapServer({ users: [{ address: ME, password: PASSWORD }] });
  imap.folder(ME, "INBOX").deliver(LETTER);
  mkdirSync(join(folder, "profile"));
  const platform = testPlatform({ secrets: new KeySecrets(join(folder, "profile"), join(folder, "keys")) });
  const log = createLog({ sinks: [(text) => void logged.push(text)], level: "debug", clock: Date.now });
  engine = await openEngine({ profileDir: join(folder, "profile"), platform, log, recentLog: () => logged.join("\n"), restarts: 0 });
  const [mine, theirs] = inProcessPorts();
  engine.serve(theirs);
  line = new Line(mine);
  await line.ask("accounts.createVault", { passphrase: null });
  await line.ask("signIn.saveClient", {
    address: "lin@gmail.com",
    provider: "google",
    issuer: null,
    clientId: "id-1",
    clientSecret: CLIENT_SECRET,
  });
  const server = { host: "127.0.0.1", port: imap.port, security: "plain", user: ME } as const;
  await line.ask("accounts.add", {
    address: ME,
    accountName: "",
    personName: "",
    settings: { protocol: "imap", incoming: server, outgoing: { ...server, port: 9 } },
    credential: { kind: "password", password: PASSWORD },
  });
  await vi.waitFor(async () => expect((await line.ask("health.status", {})).accounts[0]).toMatchObject({ done: 1, total: 1 }), 20_000);
  const page = await line.ask("mail.page", { view: "all:inbox", grouped: false, filter: "all", from: { kind: "top" }, limit: 10 });
  placementId = page.rows[0]?.placementId ?? (0 as PlacementId);
});
afterAll(async () => {
  await engine?.close();
  await imap?.stop();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

const bytesOf = async (url: string) => {
  const answer = await engine.readAsset(url, { range: null });
  return { ...answer, bytes: Buffer.from(answer.body) };
};

test("a message leaves as the file that it is, under a name of its subject", async () => {
  const { url } = await line.ask("mail.export", { placementId });
  const { bytes, headers } = await bytesOf(url);
  expect(bytes.equals(LETTER)).toBe(true);
  expect(headers["content-disposition"]).toContain(encodeURIComponent("账单"));
  expect(headers["content-disposition"]).toMatch(/^attachment/u);
});

test("with a PIN it does not without that, and nothing else that is given leads to it", async () => {
  await line.ask("lock.set", { pin: PIN, afterMinutes: null });
  const before = await line.ask("mail.read", { placementId });
  await expect(line.ask("mail.export", { placementId })).rejects.toMatchObject({ code: "confirm-first" });
  // Frames and parts of a message have an address; its file has another.
  const { url } = await line.ask("mail.partUrl", { placementId, part: before.parts[0]?.part ?? "1", download: false });
  const base = url.slice(0, url.indexOf("/part/") + 1);
  expect((await bytesOf(`${base}source/message.eml`)).bytes.includes("Byte for byte")).toBe(false);
  await line.ask("lock.confirm", { pin: PIN });
  await expect(line.ask("mail.export", { placementId })).resolves.toBeDefined();
});

test("what the profile, its copies and the exports hold is no secret: the vault's entries are sealed", async () => {
  const { text } = await line.ask("health.report", {});
  const { url } = await line.ask("mail.export", { placementId });
  const files = filesIn(join(folder, "profile"));
  expect(files.map((path) => path.slice(path.lastIndexOf("/") + 1))).toEqual(
    expect.arrayContaining(["satchel.db", "vault.json", "lock.json"]),
  );
  const everything = [
    ...files.map((path) => readFileSync(path)),
    Buffer.from(text),
    Buffer.from(logged.join("\n")),
    (await bytesOf(url)).bytes,
  ];
  for (const secret of [PASSWORD, CLIENT_SECRET, PIN])
    for (const form of secretForms(secret)) expect(everything.some((bytes) => bytes.includes(form))).toBe(false);
});

test("no answer of the contract has a place for a password, a token, a PIN or a client id", () => {
  const names = new Set(Object.values(requests).flatMap(({ output }) => namesIn(z.toJSONSchema(output, { unrepresentable: "any" }))));
  expect(names.size).toBeGreaterThan(200);
  // `secret` says which kind of secret a provider wants.
  expect([...names].filter((name) => /password|secret|token|^pin$|clientid|passphrase/iu.test(name)).sort()).toEqual(["secret"]);
});

function filesIn(path: string): string[] {
  return statSync(path).isDirectory() ? readdirSync(path).flatMap((name) => filesIn(join(path, name))) : [path];
}

/** Of all properties in a JSON schema. */
function namesIn(schema: unknown): string[] {
  if (typeof schema !== "object" || schema === null) return [];
  const { properties } = schema as { properties?: Record<string, unknown> };
  return [...Object.keys(properties ?? {}), ...Object.values(schema).flatMap(namesIn)];
}
