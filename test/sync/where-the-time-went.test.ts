import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { FinishedRound } from "../../main/sync/round-watch.ts";
import type { AccountNews } from "../../main/sync/running-account.ts";
import { makeCertificates } from "../servers/certificates.ts";
import { startImapServer } from "../servers/imap/server.ts";
import { ScriptedPop3 } from "../servers/pop3.ts";
import { parseHere } from "../support/parse-here.ts";
import { QUICK, testAccount } from "../support/running-account.ts";
import { sampleMail } from "../support/sample-mail.ts";

const ME = "user1@example.test";
/** How long a slow server thinks. */
const THINKS_MS = 250;
const thinking = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, THINKS_MS));

/** Rounds as they end, and the next of them that was a whole one. */
function heard() {
  const rounds: FinishedRound[] = [];
  const onNews = (news: AccountNews): void => {
    if (news.kind === "round") rounds.push(news.round);
  };
  return { rounds, onNews };
}

test("a synchronisation over a new line says how long line, TLS, greeting and sign-in took, and of a slow sign-in that it was that", async () => {
  const folder = mkdtempSync(join(tmpdir(), "satchel-rounds-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const { cert, key, ca } = makeCertificates(folder, { altNames: "DNS:localhost,IP:127.0.0.1" });
  const server = await startImapServer({
    users: [{ address: ME, password: "secret-user1" }],
    tls: { cert, key, implicit: true },
    hooks: { onCommand: ({ name }) => (name === "AUTHENTICATE" ? thinking().then(() => undefined) : undefined) },
  });
  for (const name of ["one", "two", "three"]) server.folder(ME, "INBOX").deliver(sampleMail(name));
  const account = testAccount(server.port, { security: "tls" });
  onTestFinished(async () => {
    await account.close();
    await server.stop();
  });
  const { rounds, onNews } = heard();
  const { readFileSync } = await import("node:fs");
  account.start({ ...QUICK, onNews, ca: readFileSync(ca, "utf8") });
  await account.complete();
  await account.until("a round", () => rounds.length > 0);
  const [first = expect.fail()] = rounds;
  expect(first).toMatchObject({ outcome: "done", first: true, opened: true, messages: 3, failure: null });
  expect(Object.keys(first.stages)).toEqual(
    expect.arrayContaining(["credential", "connect", "secure", "greet", "sign-in", "list", "compare", "store"]),
  );
  expect(first.stages["sign-in"]).toBeGreaterThanOrEqual(THINKS_MS - 5);
  expect(first.folders.map(({ folderId }) => folderId)).toContain(account.folder("inbox").id);
  expect(Object.values(first.stages).reduce((sum, ms) => sum + ms, 0)).toBeGreaterThanOrEqual(first.tookMs - 10);

  await account.running.syncNow();
  await account.until("another round", () => rounds.length > 1);
  expect(rounds[1]).toMatchObject({ outcome: "done", first: false, opened: false, messages: 0 });
  expect(Object.keys(rounds[1]?.stages ?? {})).not.toContain("sign-in");
});

test("a server that thinks long about what folders there are is named by that, and one that goes away by what was under way", async () => {
  const server = await startImapServer({ users: [{ address: ME, password: "secret-user1" }] });
  const account = testAccount(server.port);
  onTestFinished(async () => {
    await account.close();
    await server.stop();
  });
  const { rounds, onNews } = heard();
  account.start({ ...QUICK, onNews });
  await account.complete();
  await account.until("a round", () => rounds.length > 0);
  rounds.length = 0;
  server.hooks = { onCommand: ({ name }) => (name === "LIST" ? thinking().then(() => undefined) : undefined) };
  await account.running.syncNow();
  await account.until("a slow round", () => rounds.length > 0);
  expect(rounds[0]?.stages.list).toBeGreaterThanOrEqual(THINKS_MS - 5);
  rounds.length = 0;
  server.hooks = { onCommand: ({ name }) => (name === "LIST" ? "drop" : undefined) };
  await account.running.syncNow().catch(() => undefined);
  await account.until("a round that failed", () => rounds.length > 0);
  expect(rounds[0]).toMatchObject({ outcome: "failed", failure: { code: "line-closed" } });
  expect(Object.keys(rounds[0]?.stages ?? {})).toContain("list");
  server.hooks = {};
});

test("a visit of a POP3 mailbox tells list, fetching and leaving apart", async () => {
  const server = await ScriptedPop3.start();
  for (const name of ["one", "two"]) server.deliver(sampleMail(name, 1));
  const account = testAccount(server.port, { leaveOnServer: { kind: "forever" }, startPool: parseHere });
  onTestFinished(async () => {
    await account.close();
    await server.stop();
  });
  const { rounds, onNews } = heard();
  account.start({ onNews });
  await account.until("a visit", () => rounds.length > 0);
  const [first = expect.fail()] = rounds;
  expect(first).toMatchObject({ outcome: "done", first: true, opened: true, messages: 2 });
  expect(first.bytes).toBeGreaterThan(100);
  expect(Object.keys(first.stages)).toEqual(expect.arrayContaining(["connect", "greet", "sign-in", "list", "bodies", "store", "leave"]));
});
