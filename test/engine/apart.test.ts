import { mkdtempSync, rmSync } from "node:fs";
import type { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { openEngine } from "../../main/engine/open.ts";
import { inProcessPorts } from "../../main/host/in-process-port.ts";
import { KeySecrets } from "../../main/host/key-secrets.ts";
import { silentLog } from "../../main/log.ts";
import type { AccountHealth } from "../../shared/contract/health.ts";
import type { AccountId, PlacementId } from "../../shared/ids.ts";
import { type ImapServer, startImapServer } from "../servers/imap/server.ts";
import { pour, sickImap, sickServer, silentPop3 } from "../servers/sick.ts";
import { type SmtpServer, startSmtpServer } from "../servers/smtp.ts";
import { FaultySmtp, type Point } from "../servers/smtp-faults.ts";
import { Line } from "../support/line.ts";
import { sampleMail } from "../support/sample-mail.ts";
import { testPlatform } from "../support/test-platform.ts";

const HOME = "user1@example.test";
const PATIENCE = { timeout: 60_000, interval: 50 };

let line: Line;
let imap: ImapServer;
let smtp: SmtpServer;
let home: AccountId;

/** An engine with one account that is well, of which no body comes unasked. */
beforeEach(async () => {
  const users = [{ address: HOME, password: "secret-user1" }];
  imap = await startImapServer({ users });
  smtp = await startSmtpServer({ users });
  imap.folder(HOME, "INBOX").deliver(sampleMail("first"));
  const profileDir = mkdtempSync(join(tmpdir(), "satchel-apart-"));
  const platform = testPlatform({ secrets: new KeySecrets(profileDir, join(profileDir, "keys")) });
  const engine = await openEngine({ profileDir, platform, log: silentLog, recentLog: () => "", restarts: 0 });
  onTestFinished(async () => {
    await engine.close();
    await smtp.stop();
    await imap.stop();
    rmSync(profileDir, { recursive: true, force: true });
  });
  const [mine, theirs] = inProcessPorts();
  engine.serve(theirs);
  line = new Line(mine);
  await line.ask("accounts.createVault", { passphrase: null });
  await line.ask("settings.write", { undoSendSeconds: 0 });
  home = await add("home", imap.port, smtp.port, "imap");
  await line.ask("offline.setPolicy", { accountId: home, folderId: null, policy: { keep: { kind: "headers" }, largestMb: null } });
});

async function add(name: string, incoming: number, outgoing: number, protocol: "imap" | "pop3" = "imap"): Promise<AccountId> {
  const address = name === "home" ? HOME : `${name}@work.test`;
  const at = (port: number) => ({ host: "127.0.0.1", security: "plain", user: address, port }) as const;
  const { accountId } = await line.ask("accounts.add", {
    address,
    accountName: name,
    personName: "",
    settings: { protocol, incoming: at(incoming), outgoing: at(outgoing) },
    credential: { kind: "password", password: "secret-user1" },
  });
  return accountId;
}

const health = async (id: AccountId): Promise<AccountHealth | undefined> =>
  (await line.ask("health.status", {})).accounts.find(({ accountId }) => accountId === id);

async function send(from: AccountId, subject: string): Promise<void> {
  const draft = await line.ask("compose.start", { kind: "new", accountId: from });
  const content = { ...draft.content, to: [{ name: "", address: "user2@example.test" }], subject, html: "<p>hello</p>" };
  const { revision } = await line.ask("compose.save", { draftId: draft.id, revision: draft.revision, content });
  await line.ask("compose.send", { draftId: draft.id, revision });
}

/** Everything that one expects of an account: mail that comes is listed, one that is not here opens, a flag reaches the server, mail is sent. */
async function homeIsWell(name: string): Promise<void> {
  const inbox = (await line.ask("folders.list", {})).folders.find(({ accountId, role }) => accountId === home && role === "inbox");
  if (inbox === undefined) throw new Error("no inbox");
  imap.folder(HOME, "INBOX").deliver(sampleMail(name));
  let placementId = 0 as PlacementId;
  await expect
    .poll(async () => {
      const page = { view: `folder:${inbox.id}`, grouped: false, filter: "all", from: { kind: "top" }, limit: 20 } as const;
      const row = (await line.ask("mail.page", page)).rows.find(({ subject }) => subject === `About ${name}`);
      placementId = row?.placementId ?? placementId;
      return row !== undefined;
    }, PATIENCE)
    .toBe(true);
  await expect.poll(async () => (await line.ask("mail.read", { placementId })).state.kind, PATIENCE).toBe("here");
  await line.ask("mail.act", {
    targets: { kind: "placements", ids: [placementId] },
    change: { kind: "flag", flag: "flagged", on: true },
  });
  await expect
    .poll(
      () =>
        imap
          .folder(HOME, "INBOX")
          .messages()
          .some(({ flags }) => flags.includes("\\Flagged")),
      PATIENCE,
    )
    .toBe(true);
  await send(home, name);
  await expect.poll(() => smtp.messages.some(({ raw }) => raw.includes(`Subject: ${name}`)), PATIENCE).toBe(true);
}

const untilHomeIsUp = () => expect.poll(async () => (await health(home))?.state, PATIENCE).toBe("up-to-date");

test("one account goes on while others hang at every stage of IMAP, POP3 and SMTP, with outboxes full", { timeout: 240_000 }, async () => {
  await untilHomeIsUp();
  const nobody = await sickServer(null, () => null);
  const hung: AccountId[] = [await add("greeting", nobody, nobody)];
  for (const at of ["AUTHENTICATE", "LIST", "SELECT", "SEARCH", "FETCH"])
    hung.push(await add(at.toLowerCase(), await sickImap(at, () => null), nobody));
  for (const at of ["GREETING", "PASS", "UIDL", "RETR"])
    hung.push(await add(`pop3-${at.toLowerCase()}`, await silentPop3(at), nobody, "pop3"));
  const points: Point[] = ["greeting", "ehlo", "auth", "mail", "rcpt", "data", "upload", "end"];
  const stuck: FaultySmtp[] = [];
  for (const point of points) {
    const server = await FaultySmtp.start();
    onTestFinished(() => server.stop());
    server.fault(point, { kind: "hang" }, { times: 1000 });
    stuck.push(server);
    const id = await add(`smtp-${point}`, nobody, server.port);
    for (let at = 0; at < 5; at += 1) await send(id, `waits-${point}-${at}`);
  }
  // Each of them has begun, and got stuck.
  await expect.poll(() => stuck.map(({ connections }) => connections > 0), PATIENCE).toEqual(points.map(() => true));
  await homeIsWell("among-the-hung");
  for (const id of hung) expect((await health(id))?.state).not.toBe("up-to-date");
  // It may be looking at a folder just now.
  await expect.poll(async () => (await health(home))?.state, PATIENCE).toBe("up-to-date");
});

test("one account goes on while others are flooded without end", { timeout: 240_000 }, async () => {
  await untilHomeIsUp();
  const nobody = await sickServer(null, () => null);
  const changes = "* 3 EXISTS\r\n* 1 FETCH (FLAGS (\\Seen))\r\n* 2 FETCH (FLAGS (\\Flagged))\r\n".repeat(500);
  const flooded: Socket[] = [];
  const flood = (socket: Socket, text: string): void => {
    flooded.push(socket);
    pour(socket, text);
  };
  const everything = await Promise.all([
    // A line and a literal that never end: given up.
    sickImap("LIST", (_, socket) => {
      pour(socket, "x".repeat(65_536));
      return '* LIST (\\HasNoChildren) "/" ';
    }),
    sickImap("LIST", (_, socket) => {
      pour(socket, "x".repeat(65_536));
      return '* LIST () "/" {4000000000}\r\n';
    }),
    // Changes without an end in the place of an answer, and while idling.
    sickImap("LIST", (_, socket) => {
      flood(socket, changes);
      return null;
    }),
    sickImap("IDLE", (_, socket) => {
      flood(socket, changes);
      return "+ idling\r\n";
    }),
  ]);
  for (const [at, port] of everything.entries()) await add(`flood-${at}`, port, nobody);
  await expect.poll(() => flooded.length, PATIENCE).toBeGreaterThanOrEqual(2);
  await homeIsWell("among-the-floods");
  // They went on all the while.
  expect(flooded.filter(({ destroyed }) => !destroyed).length).toBeGreaterThanOrEqual(2);
});

test("one account goes on in the middle of another's first synchronisation of thousands, and is done before it", {
  timeout: 240_000,
}, async () => {
  await untilHomeIsUp();
  const users = [{ address: "big@work.test", password: "secret-user1" }];
  const big = await startImapServer({ users });
  onTestFinished(() => big.stop());
  for (let at = 0; at < 12_000; at += 1) big.folder("big@work.test", "INBOX").deliver(sampleMail(`flood-${at}`, at % 20 === 0 ? 300 : 4));
  const id = await add("big", big.port, smtp.port);
  await expect.poll(async () => (await health(id))?.done ?? 0, PATIENCE).toBeGreaterThan(0);
  await homeIsWell("among-thousands");
  const { done = 0, total = 0 } = (await health(id)) ?? {};
  expect(total).toBe(12_000);
  expect(done).toBeLessThan(total);
  // And is found while thousands wait for the index.
  await expect
    .poll(
      async () => (await line.ask("search.run", { query: "among-thousands", view: null, limit: 5, cursor: null })).hits.length,
      PATIENCE,
    )
    .toBeGreaterThan(0);
});
