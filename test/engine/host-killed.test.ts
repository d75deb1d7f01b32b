import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Change } from "../../shared/contract/mail.ts";
import type { PlacementId } from "../../shared/ids.ts";
import { ALL_CAPABILITIES, type ImapServer, startImapServer } from "../servers/imap/server.ts";
import type { HookedCommand, Verdict } from "../servers/imap/server-state.ts";
import { addAccount, type HostLine, HostProcess } from "../support/host-process.ts";
import { sampleMail } from "../support/sample-mail.ts";
import { secretForms } from "../support/secret-forms.ts";

/*
 * The whole program ends by SIGKILL, as when the power goes, and starts again on what it left. Where it dies is decided by what
 * the server has seen, and the server's mailboxes are what is judged.
 */
const ME = "user1@example.test";
const SECRET = "secret-sesame-7";

let folder: string;
let imap: ImapServer;
let host: HostProcess | null = null;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "satchel-killed-"));
  imap = await startImapServer({ users: [{ address: ME, password: SECRET }] });
});
afterEach(async () => {
  await host?.stop("SIGKILL");
  host = null;
  await imap.stop();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

async function start(): Promise<HostLine> {
  // Keys lie outside the profile; outside the user's own folder as well, for a test.
  host = await HostProcess.start({ profile: join(folder, "profile"), env: { XDG_CONFIG_HOME: join(folder, "config") } });
  return host.connect();
}

async function startWithAccount(): Promise<HostLine> {
  const line = await start();
  await addAccount(line, { address: ME, password: SECRET, imap: imap.port, smtp: 9 });
  return line;
}

/** Kills the host at the first command for which `when` says so; the server does with the command as told. Resolves when it is dead. */
function killAt(when: (command: HookedCommand) => boolean, verdict: Verdict): Promise<void> {
  const killed = Promise.withResolvers<void>();
  let done = false;
  imap.hooks = {
    onCommand: (command) => {
      if (done || !when(command)) return undefined;
      done = true;
      host?.stop("SIGKILL").then(killed.resolve, killed.reject);
      return verdict;
    },
  };
  return killed.promise;
}

async function kill(): Promise<void> {
  await host?.stop("SIGKILL");
}

function settled(line: HostLine, messages: number): Promise<unknown> {
  return line.until(
    "health.status",
    {},
    ({ accounts: [one] }) => one?.state === "up-to-date" && one.pending === 0 && one.done === messages && one.total === messages,
  );
}

const subjectOf = (raw: Buffer): string => /^Subject: About (.*)$/mu.exec(raw.toString())?.[1]?.trim() ?? "";
/** Subjects in a folder of the server; a star where flagged, a dot where unread. */
function onServer(name: string): string[] {
  if (!imap.folder(ME, name).exists) return [];
  return imap
    .folder(ME, name)
    .messages()
    .map(({ raw, flags }) => `${subjectOf(raw)}${flags.includes("\\Flagged") ? "*" : ""}${flags.includes("\\Deleted") ? " deleted" : ""}`)
    .sort();
}

async function folderNamed(line: HostLine, name: string) {
  const { folders } = await line.request("folders.list", {});
  const found = folders.find((one) => one.name === name || one.path === name || (name === "INBOX" && one.role === "inbox"));
  if (found === undefined) throw new Error(`no folder ${name}`);
  return found;
}

async function rowsIn(line: HostLine, name: string) {
  const { id } = await folderNamed(line, name);
  const page = await line.request("mail.page", { view: `folder:${id}`, grouped: false, filter: "all", from: { kind: "top" }, limit: 500 });
  return page.rows;
}

async function inWindow(line: HostLine, name: string): Promise<string[]> {
  return (await rowsIn(line, name)).map(({ subject, flagged }) => `${subject.replace("About ", "")}${flagged ? "*" : ""}`).sort();
}

// A start of the program takes a second or two, more on a busy machine.
vi.setConfig({ testTimeout: 120_000 });

describe("killed while everything comes for the first time", () => {
  test("again and again: in the end each message is here once, byte for byte, and the server's are as they were", async () => {
    const raws = Array.from({ length: 150 }, (_, n) => Buffer.from(sampleMail(`message-${n}`, n % 4)));
    for (const [n, raw] of raws.entries()) imap.folder(ME, n < 130 ? "INBOX" : "Sent").deliver(raw);
    const before = ["INBOX", "Sent"].map((name) => JSON.stringify(imap.folder(ME, name).messages()));

    let fetches = 0;
    const nthFetch = (nth: number) => {
      fetches = 0;
      return ({ name }: HookedCommand): boolean => name === "UID FETCH" && ++fetches === nth;
    };
    const deaths: [(command: HookedCommand) => boolean, Verdict][] = [
      [({ name }) => name === "LIST", "hang"],
      [nthFetch(1), { cutAfter: 900 }],
      [({ name, line }) => name === "UID FETCH" && line.includes("BODY.PEEK[]"), { cutAfter: 40_000 }],
    ];
    for (const [index, [when, verdict]] of deaths.entries()) {
      const dead = killAt(when, verdict);
      if (index === 0) await startWithAccount();
      else await start();
      await dead;
    }
    imap.hooks = {};
    const line = await start();
    await settled(line, raws.length);

    const rows = [...(await rowsIn(line, "INBOX")), ...(await rowsIn(line, "Sent"))];
    expect(rows.map(({ subject }) => subject).sort()).toEqual(raws.map((raw) => `About ${subjectOf(raw)}`).sort());
    expect(rows.filter(({ here }) => !here)).toEqual([]);
    const texts = await Promise.all(rows.map(async ({ placementId }) => (await line.request("mail.source", { placementId })).text));
    expect(texts.sort()).toEqual(raws.map(String).sort());
    // Reading leaves no trace: neither \Seen nor anything else.
    expect(["INBOX", "Sent"].map((name) => JSON.stringify(imap.folder(ME, name).messages()))).toEqual(before);
  });
});

/** What is done to the five messages, and how the server's folders are to look in the end. */
const NAMES = ["archived", "deleted", "kept", "moved", "starred"];
const AFTER = { INBOX: ["kept", "starred*"], Archive: ["archived"], Trash: ["deleted"], Projects: ["kept", "moved"] };
const MESSAGES_AFTER = NAMES.length + 1;

async function syncedFive(): Promise<HostLine> {
  for (const name of NAMES) imap.folder(ME, "INBOX").deliver(Buffer.from(sampleMail(name)));
  imap.folder(ME, "Projects").create();
  const line = await startWithAccount();
  await settled(line, NAMES.length);
  return line;
}

async function actOnAll(line: HostLine): Promise<void> {
  const rows = await rowsIn(line, "INBOX");
  const projects = await folderNamed(line, "Projects");
  const changes: [string, Change][] = [
    ["starred", { kind: "flag", flag: "flagged", on: true }],
    ["moved", { kind: "move", folderId: projects.id }],
    ["archived", { kind: "archive" }],
    ["deleted", { kind: "delete" }],
    ["kept", { kind: "copy", folderId: projects.id }],
  ];
  for (const [name, change] of changes) {
    const ids = rows.filter(({ subject }) => subject === `About ${name}`).map((row): PlacementId => row.placementId);
    expect(await line.request("mail.act", { targets: { kind: "placements", ids }, change })).toMatchObject({ count: 1 });
  }
}

async function expectAfter(line: HostLine): Promise<void> {
  for (const [name, subjects] of Object.entries(AFTER)) {
    expect([name, await inWindow(line, name)]).toEqual([name, subjects]);
    expect([name, onServer(name)]).toEqual([name, subjects]);
  }
}

describe("killed right after the user filed some mail", () => {
  test("offline: it is still filed after the start, and the server hears of it once it is back", async () => {
    const line = await syncedFive();
    await imap.pause();
    await line.until("health.status", {}, ({ accounts }) => accounts[0]?.state === "offline");
    await actOnAll(line);
    await kill();

    const again = await start();
    for (const [name, subjects] of Object.entries(AFTER)) expect([name, await inWindow(again, name)]).toEqual([name, subjects]);
    expect(onServer("INBOX")).toEqual(NAMES);
    await imap.resume();
    await again.request("health.syncNow", {});
    await settled(again, MESSAGES_AFTER);
    await expectAfter(again);
  });

  const WITHOUT_MOVE = ALL_CAPABILITIES.filter((name) => name !== "MOVE");
  test.each<[string, readonly string[], [command: string, Verdict][]]>([
    [
      "a server that moves",
      ALL_CAPABILITIES,
      [
        ["UID STORE", "drop-after"],
        ["UID COPY", "drop"],
        ["UID MOVE", "drop"],
        ["UID COPY", "drop-after"],
        ["UID MOVE", "drop-after"],
      ],
    ],
    [
      "a server that can only copy",
      WITHOUT_MOVE,
      [
        ["UID COPY", "drop"],
        ["UID COPY", "drop-after"],
        ["UID EXPUNGE", "drop"],
        ["UID EXPUNGE", "drop-after"],
      ],
    ],
  ])("online, with %s: before and after each command, nothing is lost and nothing is there twice", async (_which, capabilities, deaths) => {
    imap.capabilities = [...capabilities];
    let line = await syncedFive();
    await line.request("health.workOffline", { on: true });
    await actOnAll(line);
    for (const [index, [command, verdict]] of deaths.entries()) {
      const dead = killAt(({ name }) => name === command, verdict);
      if (index > 0) await start();
      // The host may die before it answers.
      else line.request("health.workOffline", { on: false }).catch(() => undefined);
      await dead;
    }
    imap.hooks = {};

    line = await start();
    await line.request("health.workOffline", { on: false });
    await settled(line, MESSAGES_AFTER);
    await expectAfter(line);
  });
});

describe("killed while mail moves to another account", () => {
  const OTHER = "user2@example.test";
  const here = (address: string, name: string) =>
    imap
      .folder(address, name)
      .messages()
      .filter(({ flags }) => !flags.includes("\\Deleted"))
      .map(({ raw }) => subjectOf(raw))
      .sort();

  test("before and after each command of either account: each message is there once, and nowhere else", async () => {
    await imap.stop();
    imap = await startImapServer({
      users: [
        { address: ME, password: SECRET },
        { address: OTHER, password: SECRET },
      ],
    });
    for (const name of ["one", "two", "kept"]) imap.folder(ME, "INBOX").deliver(Buffer.from(sampleMail(name)));
    let line = await startWithAccount();
    await addAccount(line, { address: OTHER, password: SECRET, imap: imap.port, smtp: 9 });
    const calm = () =>
      line.until("health.status", {}, ({ accounts }) =>
        accounts.every(({ state, pending, done, total }) => state === "up-to-date" && pending === 0 && done === total),
      );
    await calm();
    await line.request("health.workOffline", { on: true });
    const { accounts } = await line.request("accounts.list", {});
    const { folders } = await line.request("folders.list", {});
    const other = accounts.find(({ address }) => address === OTHER)?.id;
    const archive = folders.find(({ role, accountId }) => role === "archive" && accountId === other);
    const inbox = folders.find(({ role, accountId }) => role === "inbox" && accountId !== other);
    if (archive === undefined || inbox === undefined) throw new Error("no folders");
    const rowsOf = async (id: number) =>
      (
        await line.request("mail.page", {
          view: `folder:${id as never}`,
          grouped: false,
          filter: "all",
          from: { kind: "top" },
          limit: 9,
        })
      ).rows;
    const ids = (await rowsOf(inbox.id)).filter(({ subject }) => subject !== "About kept").map(({ placementId }) => placementId);
    await line.request("mail.act", { targets: { kind: "placements", ids }, change: { kind: "move", folderId: archive.id } });

    const deaths: [string, Verdict][] = [
      ["APPEND", "drop"],
      ["APPEND", "drop-after"],
      ["UID EXPUNGE", "drop"],
      ["UID EXPUNGE", "drop-after"],
    ];
    for (const [index, [command, verdict]] of deaths.entries()) {
      const dead = killAt(({ name }) => name === command, verdict);
      if (index > 0) await start();
      else line.request("health.workOffline", { on: false }).catch(() => undefined);
      await dead;
    }
    imap.hooks = {};
    line = await start();
    await line.request("health.workOffline", { on: false });
    await calm();
    expect([here(ME, "INBOX"), here(OTHER, "Archive")]).toEqual([["kept"], ["one", "two"]]);
    expect((await rowsOf(inbox.id)).map(({ subject }) => subject)).toEqual(["About kept"]);
    expect((await rowsOf(archive.id)).map(({ subject }) => subject).sort()).toEqual(["About one", "About two"]);
  });
});

describe("what lies on the disk", () => {
  test("the password is nowhere in the profile, in clear or encoded, nor in what the program says", async () => {
    const line = await syncedFive();
    // A wrong one as well: it is what goes through all paths of failure.
    const wrong = "mistyped-secret-8";
    const [account] = (await line.request("accounts.list", {})).accounts;
    if (account === undefined) throw new Error("no account");
    const { testId } = await line.request("accounts.test", {
      settings: account.settings,
      credential: { kind: "password", password: wrong },
      address: ME,
    });
    await line.until("accounts.testState", { testId }, ({ state }) => state !== "running");
    await line.request("accounts.setCredential", { accountId: account.id, credential: { kind: "password", password: wrong } });
    await line.until("health.status", {}, ({ accounts }) => accounts[0]?.failure?.code === "wrong-password");
    await line.request("accounts.setCredential", { accountId: account.id, credential: { kind: "password", password: SECRET } });
    await settled(line, NAMES.length);
    const { text } = await line.request("health.report", {});
    const errors = host?.errors() ?? "";
    await kill();

    const files = readdirSync(join(folder, "profile"), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    expect(files.map(({ name }) => name)).toEqual(expect.arrayContaining(["vault.json", "satchel.db"]));
    const haystack = new Map(files.map((file) => [file.name, readFileSync(join(file.parentPath, file.name), "latin1")]));
    haystack.set("problem report", text).set("standard error", errors);
    const needles = [SECRET, wrong].flatMap(secretForms);
    // The search itself must be able to find something.
    expect(
      [...haystack]
        .filter(([, content]) => content.includes(ME))
        .map(([name]) => name)
        .join(" "),
    ).toContain("satchel.db");
    for (const [name, content] of haystack) expect([name, needles.filter((needle) => content.includes(needle))]).toEqual([name, []]);
  });
});
