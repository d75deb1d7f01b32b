import { expect, onTestFinished, test } from "vitest";
import { sourceOf } from "../../main/line/byte-source.ts";
import { outlook } from "../servers/imap/personalities/outlook.ts";
import { strato } from "../servers/imap/personalities/strato.ts";
import type { Personality } from "../servers/imap/personality.ts";
import { startImapServer } from "../servers/imap/server.ts";
import { testAccount } from "../support/running-account.ts";
import { sampleMail } from "../support/sample-mail.ts";

const USER = "user1@example.test";
const MINUTE = 60_000;

async function accountAt(personality: Personality, sentFolder: string) {
  const server = await startImapServer({ users: [{ address: USER, password: "secret-user1" }], personality });
  const account = testAccount(server.port);
  onTestFinished(async () => {
    await account.close();
    await server.stop();
  });
  account.start();
  await account.complete();
  const sent = server.folder(USER, sentFolder);
  return {
    server,
    account,
    sent,
    copies: (id: string) =>
      sent.messages().filter(({ raw, flags }) => raw.toString().includes(`<${id}@example.test>`) && !flags.includes("\\Deleted")).length,
    /** As the outbox asks, so long after the server took it. */
    file: (id: string, sinceMs: number, sentBy = "smtp.example.test:465") =>
      account.running.appendSent({
        folderRole: "sent",
        source: sourceOf(Buffer.from(sampleMail(id))),
        flags: ["\\Seen"],
        messageIdHeader: `${id}@example.test`,
        acceptedAt: Date.now() - sinceMs,
        sentBy,
      }),
  };
}

test("a host of which nothing is known gets a minute to file by itself; twice in vain, and its mail is filed at once", async () => {
  const { file, copies } = await accountAt(strato, "Gesendet");
  expect((await file("one", 0)).laterMs).toBeGreaterThan(55_000);
  expect(await file("one", MINUTE)).toMatchObject({ filed: true });
  expect((await file("two", 0)).laterMs).toBeGreaterThan(55_000);
  expect(await file("two", MINUTE)).toMatchObject({ filed: true });
  expect(await file("three", 0)).toMatchObject({ filed: true });
  expect(["one", "two", "three"].map(copies)).toEqual([1, 1, 1]);
});

test("a clock that was set back since makes nobody wait for a host that files nothing", async () => {
  const { file, copies } = await accountAt(strato, "Gesendet");
  for (const id of ["one", "two"]) await file(id, MINUTE);
  expect(await file("three", -60 * MINUTE)).toMatchObject({ filed: true });
  expect(copies("three")).toBe(1);
});

test("a host that files by itself is found out by its first copy, and is waited for ever after", async () => {
  const { file, copies, sent } = await accountAt(strato, "Gesendet");
  sent.deliver(sampleMail("one"), { flags: ["\\Seen"] });
  expect(await file("one", 5000)).toMatchObject({ already: true });
  expect((await file("two", MINUTE)).laterMs).toBeGreaterThan(30_000);
  sent.deliver(sampleMail("two"), { flags: ["\\Seen"] });
  expect(await file("two", MINUTE)).toMatchObject({ already: true });
  expect(["one", "two"].map(copies)).toEqual([1, 1]);
});

test("a host that was thought not to file, and does so late, is found out by the second copy", async () => {
  const { file, sent, copies } = await accountAt(strato, "Gesendet");
  for (const id of ["one", "two"]) await file(id, MINUTE);
  sent.deliver(sampleMail("two"), { flags: ["\\Seen"] });
  expect(copies("two")).toBe(2);
  expect((await file("three", 0)).laterMs).toBeGreaterThan(MINUTE);
});

test("our own copy, found after its answer was lost, is not taken for the host's", async () => {
  const { file, copies } = await accountAt(strato, "Gesendet");
  await file("one", MINUTE);
  // Asked again, as after a kill between APPEND and writing that down.
  expect(await file("one", MINUTE)).toMatchObject({ already: true });
  await file("two", MINUTE);
  expect(await file("three", 0)).toMatchObject({ filed: true });
  expect(["one", "two", "three"].map(copies)).toEqual([1, 1, 1]);
});

test("what is learnt of one host does not hold for another", async () => {
  const { file } = await accountAt(strato, "Gesendet");
  for (const id of ["one", "two"]) await file(id, MINUTE);
  expect((await file("three", 0, "smtp.elsewhere.test:465")).laterMs).toBeGreaterThan(0);
});

test("Outlook's copy is known by the Message-ID that it replaced", async () => {
  const { file, sent } = await accountAt(outlook, "Sent Items");
  const rewritten = sampleMail("one")
    .toString()
    .replace(/^Message-ID: (.*)$/im, "Message-ID: <new@outlook.example.test>\r\nX-Microsoft-Original-Message-ID: $1");
  sent.deliver(rewritten, { flags: ["\\Seen"] });
  expect(await file("one", MINUTE)).toMatchObject({ already: true });
  expect(sent.messages().length).toBe(1);
});

test("a message to oneself may be found in the inbox, and only when it was addressed there", async () => {
  const { account, server } = await accountAt(strato, "Gesendet");
  server.folder(USER, "INBOX").deliver(sampleMail("self"));
  expect(await account.running.findInSent("self@example.test")).toBe(false);
  expect(await account.running.findInSent("self@example.test", true)).toBe("inbox");
  expect(await account.running.findInSent("other@example.test", true)).toBe(false);
});

test("a message to oneself that Outlook delivered under another Message-ID is found in the inbox", async () => {
  const { account, server } = await accountAt(outlook, "Sent Items");
  const rewritten = sampleMail("self")
    .toString()
    .replace(/^Message-ID: (.*)$/im, "Message-ID: <new@outlook.example.test>\r\nX-Microsoft-Original-Message-ID: $1");
  server.folder(USER, "INBOX").deliver(rewritten);
  expect(await account.running.findInSent("self@example.test", true)).toBe("inbox");
  expect(await account.running.findInSent("self@example.test")).toBe(false);
});
