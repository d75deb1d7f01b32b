import { expect, onTestFinished, test } from "vitest";
import { fetchFlags } from "../../main/imap/fetch-flags.ts";
import { fetchHeaders } from "../../main/imap/fetch-headers.ts";
import { openFolder } from "../../main/imap/select-folder.ts";
import type { Session } from "../../main/imap/session.ts";
import { startImapServer } from "../servers/imap/server.ts";
import { sessionTo } from "../support/imap-session.ts";
import { sampleMail } from "../support/sample-mail.ts";

const ME = "user1@example.test";
const MAILS = 1600;

type Ask = (session: Session, onRows: (rows: readonly unknown[]) => void) => Promise<void>;

// A whole answer may be here at once: read without a break it would keep the window waiting for a second.
test.each<[string, Ask]>([
  ["headers", (session, onRows) => fetchHeaders(session, "1:*", (rows) => void onRows(rows))],
  ["flags", (session, onRows) => fetchFlags(session, "1:*", onRows)],
])("between two batches of %s it is the turn of others", async (_, ask) => {
  const server = await startImapServer({ users: [{ address: ME, password: "secret-user1" }] });
  for (let at = 0; at < MAILS; at += 1) server.folder(ME, "INBOX").deliver(sampleMail(`m${at}`));
  const session = await sessionTo({ port: server.port });
  await openFolder(session, "INBOX", "read");
  let turns = 0;
  let ended = false;
  const turn = (): void => {
    turns += 1;
    if (!ended) setImmediate(turn);
  };
  onTestFinished(async () => {
    ended = true;
    session.destroy();
    await server.stop();
  });
  turn();
  const seen: { turns: number; rows: number }[] = [];
  await ask(session, (rows) => void seen.push({ turns, rows: rows.length }));
  expect(seen.reduce((sum, { rows }) => sum + rows, 0)).toBe(MAILS);
  expect(seen.length).toBeGreaterThan(2);
  expect(new Set(seen.slice(0, -1).map((one) => one.turns)).size).toBe(seen.length - 1);
});

test("messages to thousands of people are taken in few at a time", async () => {
  const everybody = Array.from({ length: 2000 }, (_, at) => `Person ${at} <person${at}@example.test>`).join(",\r\n ");
  const server = await startImapServer({ users: [{ address: ME, password: "secret-user1" }] });
  for (let at = 0; at < 20; at += 1) server.folder(ME, "INBOX").deliver(`Subject: ${at}\r\nTo: ${everybody}\r\n\r\ntext\r\n`);
  const session = await sessionTo({ port: server.port });
  onTestFinished(async () => {
    session.destroy();
    await server.stop();
  });
  await openFolder(session, "INBOX", "read");
  const batches: number[] = [];
  await fetchHeaders(session, "1:*", (rows) => void batches.push(rows.length));
  expect(batches.reduce((sum, rows) => sum + rows, 0)).toBe(20);
  expect(Math.max(...batches)).toBeLessThanOrEqual(2);
});
