import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { openEngine } from "../../main/engine/open.ts";
import { inProcessPorts } from "../../main/host/in-process-port.ts";
import { KeySecrets } from "../../main/host/key-secrets.ts";
import { silentLog } from "../../main/log.ts";
import type { MessageBody } from "../../shared/contract/mail.ts";
import type { AccountId, PlacementId } from "../../shared/ids.ts";
import { type ImapServer, startImapServer } from "../servers/imap/server.ts";
import { mailServersAvailable } from "../servers/install.ts";
import { type RealServers, startMailServers } from "../servers/real.ts";
import { fileBytes, mailWithFilm } from "../support/large-mail.ts";
import { Line } from "../support/line.ts";
import { sampleMail } from "../support/sample-mail.ts";
import { testPlatform } from "../support/test-platform.ts";

const USER = "user1@example.test";
const PATIENCE = { timeout: 25_000, interval: 50 };

type Opened = { line: Line; profileDir: string; accountId: AccountId };

/** A whole engine whose account keeps attachments over 1 MB on the server. */
async function engineAt(port: number, smtp: number): Promise<Opened> {
  const profileDir = mkdtempSync(join(tmpdir(), "satchel-outlines-"));
  const platform = testPlatform({ secrets: new KeySecrets(profileDir, join(profileDir, "keys")) });
  const opened = await openEngine({ profileDir, platform, log: silentLog, recentLog: () => "", restarts: 0 });
  onTestFinished(async () => {
    await opened.close();
    rmSync(profileDir, { recursive: true, force: true });
  });
  const [mine, theirs] = inProcessPorts();
  opened.serve(theirs);
  const line = new Line(mine);
  await line.ask("accounts.createVault", { passphrase: null });
  const at = (there: number) => ({ host: "127.0.0.1", security: "plain", user: USER, port: there }) as const;
  const { accountId } = await line.ask("accounts.add", {
    address: USER,
    accountName: USER,
    personName: "",
    settings: { protocol: "imap", incoming: at(port), outgoing: at(smtp) },
    credential: { kind: "password", password: "secret-user1" },
  });
  await line.ask("offline.setPolicy", { accountId, folderId: null, policy: { keep: { kind: "everything" }, largestMb: 1 } });
  return { line, profileDir, accountId };
}

const filesIn = (profileDir: string, name: string): number => {
  try {
    return readdirSync(join(profileDir, name), { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".eml")).length;
  } catch {
    return 0;
  }
};

const hits = async (line: Line, query: string): Promise<PlacementId[]> =>
  (await line.ask("search.run", { query, view: null, limit: 20, cursor: null })).hits.map(({ row }) => row.placementId);

async function found(line: Line, query: string): Promise<PlacementId> {
  await expect.poll(async () => (await hits(line, query)).length, PATIENCE).toBe(1);
  const [id] = await hits(line, query);
  if (id === undefined) throw new Error(`${query} is found no more`);
  return id;
}

const read = (line: Line, placementId: PlacementId): Promise<MessageBody> => line.ask("mail.read", { placementId });
const stateOf = async (line: Line, id: PlacementId): Promise<string> => (await read(line, id)).state.kind;
const parts = ({ parts: all }: MessageBody) => all.map(({ name, here }) => ({ name, here }));

function atRest(line: Line) {
  return expect.poll(async () => {
    const [account] = (await line.ask("health.status", {})).accounts;
    return account?.state === "up-to-date" && account.phase === "idle" && account.done === account.total ? "so" : account;
  }, PATIENCE);
}

/** What is the same with every server. */
function tellsWords(start: () => Promise<Opened & { deliver(mail: Buffer | string): Promise<void> }>): void {
  test("of a large message the words are here, read and found offline; the rest comes when it is asked for", async () => {
    const { line, profileDir, deliver } = await start();
    await deliver(mailWithFilm("seagull"));
    await deliver(sampleMail("small"));
    await line.ask("health.syncNow", {});
    const id = await found(line, "quarry");
    await atRest(line).toBe("so");
    expect(await hits(line, "会议纪要")).toEqual([id]);
    expect(filesIn(profileDir, "mail")).toBe(1);
    expect(filesIn(profileDir, "outlines")).toBe(1);
    const [health] = (await line.ask("health.status", {})).accounts;
    expect(health).toMatchObject({ done: 2, total: 2, bytesToGo: 0, onDemand: 0, large: { messages: 1 } });

    await line.ask("health.workOffline", { on: true });
    const body = await read(line, id);
    expect(body.state).toEqual({ kind: "outline", offline: true, trouble: null, asked: false });
    expect(body.text).toContain("会议纪要在附件里");
    expect(body.htmlUrl).not.toBeNull();
    expect(parts(body)).toEqual([
      { name: "note.txt", here: true },
      { name: "海边.mp4", here: false },
    ]);
    // As large as the file itself, though nothing of it is here.
    expect(Math.abs((body.parts[1]?.sizeBytes ?? 0) - 2_000_000)).toBeLessThan(2000);
    expect(body.head.snippet).toContain("quarry");
    const note = await line.ask("preview.look", { placementId: id, part: body.parts[0]?.part ?? "" });
    expect(note.preview).toMatchObject({ kind: "text" });
    // An answer quotes the words that are here.
    const answer = await line.ask("compose.start", { kind: "reply", placementId: id });
    expect(answer.quoteUrl).not.toBeNull();
    expect(answer.attachments).toHaveLength(1);

    // What needs all of it says so, and queues it.
    await expect(line.ask("mail.source", { placementId: id })).rejects.toMatchObject({ code: "not-here-yet" });
    await expect(line.ask("compose.start", { kind: "forward", placementId: id })).rejects.toMatchObject({ code: "not-here-yet" });
    await expect(line.ask("mail.export", { placementId: id })).rejects.toMatchObject({ code: "not-here-yet" });
    expect((await read(line, id)).state).toMatchObject({ kind: "outline", asked: true, offline: true });

    await line.ask("health.workOffline", { on: false });
    await expect.poll(() => stateOf(line, id), PATIENCE).toBe("here");
    await expect.poll(async () => (await line.ask("health.status", {})).index.toIndex, PATIENCE).toBe(0);
    expect(parts(await read(line, id)).every(({ here }) => here)).toBe(true);
    expect(await hits(line, "quarry")).toEqual([id]);
    expect(filesIn(profileDir, "mail")).toBe(2);
    const forward = await line.ask("compose.start", { kind: "forward", placementId: id });
    expect(forward.attachments.map(({ name, sizeBytes }) => [name, sizeBytes])).toContainEqual(["海边.mp4", 2_000_000]);
  });

  test("a large message inside a message is named, and a text that is larger than the limit begins here", async () => {
    const { line, deliver } = await start();
    const inner = mailWithFilm("lighthouse").toString("utf8");
    await deliver(
      Buffer.from(
        `Message-ID: <outer@example.test>\r\nSubject: Passed on\r\nFrom: Writer <writer@example.test>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nSee the harbourmaster below.\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n${inner}\r\n--b--\r\n`,
        "utf8",
      ),
    );
    await deliver(sampleMail("longtext", 1100));
    await line.ask("health.syncNow", {});
    const id = await found(line, "harbourmaster");
    expect(parts(await read(line, id))).toEqual([{ name: "About lighthouse.eml", here: false }]);
    const text = await found(line, "longtext kettle");
    const body = await read(line, text);
    expect(body.state.kind).toBe("outline");
    expect(body.text).toContain("This is longtext.");
  });
}

describe.skipIf(mailServersAvailable() !== null)("attachments on demand, with Dovecot", { timeout: 90_000 }, () => {
  let servers: RealServers;
  beforeAll(async () => {
    servers = await startMailServers();
  }, 90_000);
  afterAll(() => servers?.stop());

  tellsWords(async () => {
    const client = await servers.connect(USER);
    await client.expectOk("SELECT INBOX");
    await client.expectOk("STORE 1:* +FLAGS.SILENT (\\Deleted)").catch(() => undefined);
    await client.expectOk("EXPUNGE");
    onTestFinished(() => client.close());
    const opened = await engineAt(servers.ports.imap, servers.ports.submission);
    const deliver = async (mail: Buffer | string): Promise<void> => {
      await client.expectOk("APPEND INBOX ", Buffer.from(mail));
    };
    return { ...opened, deliver };
  });
});

describe("attachments on demand, with a scripted server", { timeout: 90_000 }, () => {
  async function scripted(): Promise<Opened & { imap: ImapServer; deliver(mail: Buffer | string): Promise<void> }> {
    const imap = await startImapServer({ users: [{ address: USER, password: "secret-user1" }] });
    onTestFinished(() => imap.stop());
    const opened = await engineAt(imap.port, 9);
    return { ...opened, imap, deliver: async (mail) => void imap.folder(USER, "INBOX").deliver(mail) };
  }
  tellsWords(scripted);

  test("where the server cannot tell how a message is built, its first bytes are read instead", async () => {
    const { line, imap, deliver } = await scripted();
    imap.hooks = {
      onCommand: ({ line: command }) => (/BODY\.PEEK\[1/u.test(command) ? { no: "Internal error occurred." } : undefined),
    };
    await deliver(mailWithFilm("seagull"));
    await line.ask("health.syncNow", {});
    const id = await found(line, "quarry");
    const body = await read(line, id);
    expect(body.state.kind).toBe("outline");
    expect(parts(body)).toEqual([
      { name: "note.txt", here: true },
      { name: "海边.mp4", here: false },
    ]);
    expect(imap.commands.filter(({ line: command }) => /BODY\.PEEK\[\](?!<)/u.test(command))).toEqual([]);
  });

  test("a picture among the words that is larger than the limit stands among the files", async () => {
    const { line, deliver } = await scripted();
    const picture = fileBytes(7, 1_500_000).toString("base64");
    await deliver(
      Buffer.from(
        `Subject: Shown\r\nFrom: Writer <writer@example.test>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>The kingfisher</p><img src="cid:big@x">\r\n--b\r\nContent-Type: image/png; name=big.png\r\nContent-ID: <big@x>\r\nContent-Transfer-Encoding: base64\r\n\r\n${picture}\r\n--b--\r\n`,
      ),
    );
    await line.ask("health.syncNow", {});
    const id = await found(line, "kingfisher");
    expect(parts(await read(line, id))).toEqual([{ name: "big.png", here: false }]);
    // Nobody asked for it by looking at the words.
    expect((await read(line, id)).state).toMatchObject({ kind: "outline", asked: false });
  });
});
