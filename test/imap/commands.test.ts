import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { appendMessage } from "../../main/imap/append-message.ts";
import { copyMessages, expungeUids, moveMessages, readCopyUid, storeFlag } from "../../main/imap/change-messages.ts";
import { fetchBodies } from "../../main/imap/fetch-bodies.ts";
import { fetchChanges, fetchFlags } from "../../main/imap/fetch-flags.ts";
import { fetchHeaders, type HeaderRow } from "../../main/imap/fetch-headers.ts";
import type { FlagRow } from "../../main/imap/fetch-rows.ts";
import { readStatuses } from "../../main/imap/folder-status.ts";
import { listFolders } from "../../main/imap/list-folders.ts";
import { existingUids, findByMessageId, listUids } from "../../main/imap/search-uids.ts";
import { keepsFlag, openFolder } from "../../main/imap/select-folder.ts";
import { sourceOf } from "../../main/line/byte-source.ts";
import { incomingHeader } from "../../main/sync/take-headers.ts";
import { mailServersAvailable } from "../servers/install.ts";
import { type RealServers, startMailServers } from "../servers/real.ts";
import { failureOf, sessionTo } from "../support/imap-session.ts";
import { type Script, scriptedImap } from "../support/scripted-imap.ts";

const listed = (row: HeaderRow) => incomingHeader(row, { likely: [], senders: new Map() });

async function scripted(script: Script) {
  const server = await scriptedImap(script);
  const session = await sessionTo({ port: server.port });
  onTestFinished(async () => {
    session.destroy();
    await server.close();
  });
  return { server, session };
}

test("a refused STORE, COPY or MOVE is a failure with the server's words, not a quiet false", async () => {
  const { session } = await scripted({
    answer: (command) => (/^UID (STORE|COPY|MOVE)/u.test(command) ? { tagged: "NO the owl objects" } : undefined),
  });
  await openFolder(session, "INBOX", "write");
  for (const refused of [storeFlag(session, [1], "\\Seen", true), copyMessages(session, [1], "A"), moveMessages(session, [1], "A")])
    expect(await failureOf(refused)).toMatchObject({ kind: "refused", code: "refused-by-server", serverWords: "the owl objects" });
});

test("a STORE whose line dies is not taken for a refusal", async () => {
  const { session } = await scripted({ answer: (command) => (command.startsWith("UID STORE") ? "close" : undefined) });
  await openFolder(session, "INBOX", "write");
  expect((await failureOf(storeFlag(session, [1], "\\Seen", true))).kind).toBe("offline");
});

test("leaving a folder never sends CLOSE, and without UIDPLUS nothing is expunged", async () => {
  const { server, session } = await scripted({ capabilities: "IMAP4rev1" });
  await openFolder(session, "INBOX", "write");
  expect(await expungeUids(session, [1, 2])).toBe(false);
  await openFolder(session, "INBOX", "read");
  await session.end();
  expect(server.commands.filter((command) => /^(CLOSE|EXPUNGE|UID EXPUNGE)/u.test(command))).toEqual([]);
});

test("MOVE is not sent to a server without it", async () => {
  const { server, session } = await scripted({ capabilities: "IMAP4rev1 UIDPLUS" });
  await openFolder(session, "INBOX", "write");
  expect((await failureOf(moveMessages(session, [1], "A"))).code).toBe("not-supported");
  expect(server.commands.some((command) => command.startsWith("UID MOVE"))).toBe(false);
});

test("reading opens with EXAMINE and fetches with PEEK: nothing becomes read by being read", async () => {
  const { server, session } = await scripted({});
  await openFolder(session, "INBOX", "read");
  await fetchBodies(session, "1:5", () => {});
  await fetchHeaders(session, "1:5", () => {});
  expect(server.commands.some((command) => command.startsWith("SELECT"))).toBe(false);
  expect(server.commands.filter((command) => /BODY\[/u.test(command))).toEqual([]);
});

test("CHANGEDSINCE is never asked where CONDSTORE was not confirmed, though it is advertised", async () => {
  const { session } = await scripted({
    capabilities: "IMAP4rev1 CONDSTORE ENABLE",
    answer: (command) => (command.startsWith("ENABLE") ? { lines: ["* ENABLED"], tagged: "OK nothing enabled" } : undefined),
  });
  expect(session.abilities.condstore).toBe(false);
  await openFolder(session, "INBOX", "read");
  await expect(fetchChanges(session, 5, { rows() {}, vanished() {} })).rejects.toThrow(/CONDSTORE/u);
});

test("rows of somebody else's FETCH, with and without a UID, are not taken for answers", async () => {
  const { session } = await scripted({
    answer: (command) =>
      command.startsWith("UID FETCH")
        ? [
            "* 3 FETCH (FLAGS (\\Seen))",
            "* 1 FETCH (UID 1 FLAGS ())",
            "* 9 FETCH (UID 9 MODSEQ (4))",
            "* 2 FETCH (UID 99999999999 FLAGS ())",
          ]
        : undefined,
  });
  await openFolder(session, "INBOX", "read");
  const rows: FlagRow[] = [];
  await fetchFlags(session, "1", (some) => void rows.push(...some));
  expect(rows.map(({ uid }) => uid)).toEqual([1]);
  const bodies: number[] = [];
  await fetchBodies(session, "1", ({ uid }) => void bodies.push(uid));
  expect(bodies).toEqual([]);
});

test("a message whose header or structure the server cannot tell is listed all the same", async () => {
  const { session } = await scripted({
    answer: (command) =>
      command.startsWith("UID FETCH")
        ? [
            '* 1 FETCH (UID 4 FLAGS (\\Seen $Forwarded x) INTERNALDATE "17-Jul-2026 02:44:25 -0700" RFC822.SIZE 12 BODYSTRUCTURE NIL BODY[HEADER.FIELDS (DATE SUBJECT)] NIL)',
          ]
        : undefined,
  });
  await openFolder(session, "INBOX", "read");
  const rows: HeaderRow[] = [];
  await fetchHeaders(session, "4", (some) => void rows.push(...some));
  expect(rows.map(listed)).toMatchObject([
    { uid: 4, sizeBytes: 12, receivedAt: Date.UTC(2026, 6, 17, 9, 44, 25), keywords: ["x"], header: { subject: "" }, parts: [] },
  ]);
});

test("a Date that is no date leaves the time of arrival", async () => {
  const { session } = await scripted({
    answer: (command) =>
      command.startsWith("UID FETCH")
        ? [
            '* 1 FETCH (UID 4 FLAGS () INTERNALDATE " 1-Jul-2026 00:00:00 +0000" RFC822.SIZE 12 BODYSTRUCTURE NIL BODY[HEADER.FIELDS (DATE SUBJECT)] "Date: next Tuesday")',
          ]
        : undefined,
  });
  await openFolder(session, "INBOX", "read");
  const rows: HeaderRow[] = [];
  await fetchHeaders(session, "4", (some) => void rows.push(...some));
  expect(rows.map(listed)).toMatchObject([{ header: { sentAt: null }, receivedAt: Date.UTC(2026, 6, 1) }]);
});

test("a folder without UIDVALIDITY is not synchronised on trust", async () => {
  const { session } = await scripted({ answer: (command) => (command.startsWith("EXAMINE") ? ["* 0 EXISTS"] : undefined) });
  expect((await failureOf(openFolder(session, "INBOX", "read"))).code).toBe("bad-reply");
});

test("a COPYUID that does not pair up is worth nothing", () => {
  const answer = (...values: string[]) => ({
    tag: "A",
    command: "OK",
    attributes: [{ type: "ATOM", section: values.map((value) => ({ type: "ATOM", value })) }],
  });
  expect(readCopyUid(answer("COPYUID", "9", "1:2", "5,7"))).toEqual({
    uidValidity: 9,
    uids: new Map([
      [1, 5],
      [2, 7],
    ]),
  });
  expect(readCopyUid(answer("COPYUID", "9", "1:3", "5:6"))).toBeNull();
  expect(readCopyUid(answer("COPYUID", "9", "1:4294967295", "1:4294967295"))).toBeNull();
  expect(readCopyUid(answer("READ-WRITE"))).toBeNull();
});

test("a server whose SEARCH ignores its criteria does not make us believe that a message is in Sent", async () => {
  const { session } = await scripted({
    answer: (command) => {
      if (command.startsWith("UID SEARCH")) return ["* SEARCH 1 2"];
      if (command.startsWith("UID FETCH"))
        return [1, 2].map(
          (uid) => `* ${uid} FETCH (UID ${uid} RFC822.SIZE 9 BODY[HEADER.FIELDS ("MESSAGE-ID")] "Message-ID: <other${uid}@x>")`,
        );
      return undefined;
    },
  });
  await openFolder(session, "INBOX", "read");
  expect(await findByMessageId(session, "mine@x")).toEqual([]);
  expect(await findByMessageId(session, "other2@x")).toHaveLength(1);
});

test("broken folder names are opened under the server's own spelling", async () => {
  const { server, session } = await scripted({
    answer: (command) =>
      command.startsWith("LIST")
        ? ['* LIST () "/" INBOX', '* LIST () "/" "Reports & more"', '* LIST () "/" "&V4NXPpCuTvY-"', '* LIST () "/" "&broken"']
        : undefined,
  });
  const { folders } = await listFolders(session);
  expect(folders.map(({ path, role }) => [path, role])).toEqual([
    ["INBOX", "inbox"],
    ["Reports & more", "none"],
    ["垃圾邮件", "junk"],
    ["&broken", "none"],
  ]);
  for (const { path } of folders) await openFolder(session, path, "read");
  expect(server.commands.filter((command) => command.startsWith("EXAMINE"))).toEqual([
    'EXAMINE "INBOX"',
    'EXAMINE "Reports & more"',
    'EXAMINE "&V4NXPpCuTvY-"',
    'EXAMINE "&broken"',
  ]);
});

test("a LIST that refuses what it advertised is asked the plain way", async () => {
  const { session } = await scripted({
    capabilities: "IMAP4rev1 LIST-EXTENDED LIST-STATUS SPECIAL-USE",
    answer: (command) => (command.includes("RETURN") ? { tagged: "BAD what?" } : undefined),
  });
  expect((await listFolders(session)).folders.map(({ path }) => path)).toEqual(["INBOX"]);
});

test("QQ's XLIST gives the roles", async () => {
  const { session } = await scripted({
    capabilities: "IMAP4rev1 XLIST MOVE IDLE NAMESPACE CHILDREN ID UIDPLUS",
    answer: (command) =>
      command.startsWith("XLIST")
        ? [
            '* XLIST (\\Inbox) "/" "INBOX"',
            '* XLIST (\\Sent) "/" "Sent Messages"',
            '* XLIST (\\NoSelect \\HasChildren) "/" "&UXZO1mWHTvZZOQ-"',
            '* XLIST () "/" "&UXZO1mWHTvZZOQ-/QQ&kK5O9ouilgU-"',
          ]
        : undefined,
  });
  expect((await listFolders(session)).folders).toMatchObject([
    { path: "INBOX", role: "inbox" },
    { path: "Sent Messages", role: "sent" },
    { path: "其他文件夹", canSelect: false },
    { path: "其他文件夹/QQ邮件订阅", parentPath: "其他文件夹", name: "QQ邮件订阅" },
  ]);
});

describe.skipIf(mailServersAvailable() !== null)("with Dovecot", () => {
  let servers: RealServers;
  const raw = (id: string) =>
    `Message-ID: <${id}@example.test>\r\nReferences: <root@example.test>\r\nSubject: ${id}\r\nFrom: A <a@example.test>\r\n\r\nbody of ${id}\r\n`;
  beforeAll(async () => {
    servers = await startMailServers();
    for (const id of ["one", "two", "three"]) await servers.deliver("user1@example.test", raw(id));
    await servers.deliver("user1@example.test", raw("four"), "归档");
  });
  afterAll(() => servers.stop());

  test("thirty folders are looked at in one round trip", async () => {
    const session = await sessionTo({ port: servers.ports.imap });
    const { folders, statuses } = await listFolders(session);
    expect(statuses.get("归档")).toMatchObject({ messages: 1, uidNext: 2 });
    const again = await readStatuses(
      session,
      folders.map(({ path }) => path),
    );
    expect(again).toEqual(statuses);
    await session.end();
  });

  test("headers, bytes, flags, moves and deletions are what the server has", async () => {
    const session = await sessionTo({ port: servers.ports.imap });
    const opened = await openFolder(session, "INBOX", "write");
    expect(await listUids(session)).toEqual([1, 2, 3]);
    const headers: HeaderRow[] = [];
    await fetchHeaders(session, "1:*", (rows) => void headers.push(...rows));
    expect(headers.map(listed)[0]).toMatchObject({
      uid: 1,
      sizeBytes: raw("one").length,
      header: { messageIdHeader: "one@example.test", references: ["root@example.test"], from: [{ name: "A", address: "a@example.test" }] },
    });
    const bytes = new Map<number, string>();
    await fetchBodies(session, "1:3", (row) => void bytes.set(row.uid, Buffer.from(row.bytes).toString()));
    expect(bytes.get(2)).toBe(raw("two"));
    expect(keepsFlag(opened, "$Forwarded")).toBe(true);
    await storeFlag(session, [1], "\\Seen", true);
    const moved = await moveMessages(session, [2], "归档");
    expect(moved?.uids.get(2)).toBe(2);
    const changed: FlagRow[] = [];
    const gone: unknown[] = [];
    await fetchChanges(session, opened.highestModseq ?? 0, {
      rows: (rows) => void changed.push(...rows),
      vanished: (ranges) => void gone.push(...ranges),
    });
    expect(changed.map(({ uid }) => uid)).toEqual([1]);
    expect(gone).toEqual([[2, 2]]);
    expect(await existingUids(session, [1, 2, 3])).toEqual(new Set([1, 3]));
    const copied = await copyMessages(session, [3], "Archive");
    expect(copied?.uids.get(3)).toBe(1);
    await storeFlag(session, [3], "\\Deleted", true);
    expect(await expungeUids(session, [3])).toBe(true);
    expect((await servers.mailboxOf("user1@example.test", "INBOX")).map(({ uid }) => uid)).toEqual([1]);
    await session.end();
  });

  test("UID EXPUNGE leaves what another program marked", async () => {
    const session = await sessionTo({ port: servers.ports.imap });
    for (const id of ["mine", "theirs"])
      await servers.deliver("user1@example.test", raw(id), "Trash", id === "theirs" ? ["\\Deleted"] : []);
    await openFolder(session, "Trash", "write");
    await storeFlag(session, [1], "\\Deleted", true);
    await expungeUids(session, [1]);
    await openFolder(session, "INBOX", "read");
    await session.end();
    expect((await servers.mailboxOf("user1@example.test", "Trash")).map(({ uid }) => uid)).toEqual([2]);
  });

  test("a filed message is found by its Message-ID", async () => {
    const session = await sessionTo({ port: servers.ports.imap });
    await openFolder(session, "Sent", "read");
    expect(await findByMessageId(session, "filed@example.test")).toEqual([]);
    const place = await appendMessage(session, "Sent", { source: sourceOf(Buffer.from(raw("filed"))), flags: ["\\Seen"], receivedAt: 0 });
    await openFolder(session, "Sent", "read");
    expect((await findByMessageId(session, "filed@example.test")).map(({ uid }) => uid)).toEqual([place?.uid]);
    await session.end();
  });

  test("a large message goes piece by piece, and the server has every byte of it", async () => {
    const session = await sessionTo({ port: servers.ports.imap });
    const bytes = Buffer.from(`${raw("large")}${`${"x".repeat(76)}\r\n`.repeat(20_000)}`);
    const place = await appendMessage(session, "Sent", { source: sourceOf(bytes), flags: ["\\Seen"] });
    await session.end();
    const filed = (await servers.mailboxOf("user1@example.test", "Sent")).find(({ uid }) => uid === place?.uid);
    expect(filed?.raw.equals(bytes)).toBe(true);
  });
});
