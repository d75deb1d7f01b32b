import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { encodeFolderName } from "../../main/imap/folder-names.ts";
import type { Log } from "../../main/log.ts";
import { act } from "../../main/store/acts.ts";
import { readBlob } from "../../main/store/blobs.ts";
import { readPlacement } from "../../main/store/placements.ts";
import { hasFlag } from "../../shared/flags.ts";
import type { FolderId } from "../../shared/ids.ts";
import { mailServersAvailable } from "../servers/install.ts";
import { type RealServers, startMailServers } from "../servers/real.ts";
import { imapProxy } from "../support/imap-proxy.ts";
import { type TestAccount, testAccount } from "../support/running-account.ts";
import { sampleMail } from "../support/sample-mail.ts";
import { uidsOf } from "../support/uids-of.ts";

describe.skipIf(mailServersAvailable() !== null)("an account that is synchronised", () => {
  let servers: RealServers;
  let user = 0;
  const address = () => `user${user}@example.test`;
  beforeAll(async () => {
    servers = await startMailServers({ users: 12 });
  });
  afterAll(() => servers.stop());

  /** A fresh user with some mail, and an account for it that has not been started. */
  async function fresh(count: number, withhold?: readonly string[]) {
    user++;
    for (let index = 1; index <= count; index++)
      await servers.deliver(address(), sampleMail(`m${index}`), index % 4 === 0 ? "归档/2026" : "INBOX", index % 2 === 0 ? ["\\Seen"] : []);
    const proxy = await imapProxy(servers.ports.imap, withhold);
    const account = testAccount(proxy.port, { user: address() });
    onTestFinished(async () => {
      await account.close();
      await proxy.close();
    });
    return { account, proxy };
  }

  async function expectSame(account: TestAccount, path: string): Promise<void> {
    const there = await servers.mailboxOf(address(), path);
    const here = uidsOf(account.store, account.named(path).id as FolderId);
    expect([...here.keys()].sort((a, b) => a - b)).toEqual(there.map(({ uid }) => uid));
    for (const { uid, flags, raw } of there) {
      const known = here.get(uid);
      expect(hasFlag(known?.flags ?? 0, "seen"), `${path} ${uid} seen`).toBe(flags.includes("\\Seen"));
      const placement = known && readPlacement(account.store.db, known.placementId);
      const blob = placement?.rawHash ? await readBlob(account.store.blobs.dir, placement.rawHash) : null;
      expect(blob?.equals(raw), `${path} ${uid} bytes`).toBe(true);
    }
  }

  test("is here to the last byte, in every folder, and the lists count what the server counts", async () => {
    const { account } = await fresh(40);
    account.start();
    await account.complete();
    await expectSame(account, "INBOX");
    await expectSame(account, "归档/2026");
    expect(account.folder("inbox")).toMatchObject({ total: 30, unread: 20, here: 30, bytesMissing: 0, headersDownTo: 1 });
    expect(account.folder("sent").path).toBe("Sent");
    expect(account.running.health()).toMatchObject({ done: 40, total: 40, bytesToGo: 0, failure: null });
  });

  test("asks one LIST when nothing has changed, and fetches nothing", async () => {
    const { account, proxy } = await fresh(8);
    account.start();
    await account.complete();
    await account.until("the inbox is watched", () => proxy.commands.includes("IDLE"));
    await account.running.syncNow();
    proxy.commands.length = 0;
    await account.running.syncNow();
    const asked = proxy.commands.filter((command) => command !== "NOOP" && command !== "DONE");
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatch(/^LIST "" "\*" RETURN \(.*STATUS \(MESSAGES UNSEEN UIDNEXT UIDVALIDITY HIGHESTMODSEQ\)\)$/u);
  });

  test.each([
    ["with QRESYNC", []],
    ["with CONDSTORE only", ["QRESYNC"]],
    ["with neither", ["QRESYNC", "CONDSTORE"]],
    [
      "like QQ: no LIST-STATUS, no SPECIAL-USE, no ENABLE",
      ["QRESYNC", "CONDSTORE", "ENABLE", "LIST-STATUS", "LIST-EXTENDED", "SPECIAL-USE", "ESEARCH"],
    ],
  ] as const)("follows what another program does: flags, deletions, moves, new mail (%s)", async (_name, withhold) => {
    const { account } = await fresh(24, withhold);
    account.start();
    await account.complete();
    const other = await servers.connect(address());
    await other.expectOk("SELECT INBOX");
    await other.expectOk("UID STORE 1,3 +FLAGS (\\Seen)");
    await other.expectOk("UID STORE 2 -FLAGS (\\Seen)");
    await other.expectOk("UID MOVE 5 Trash");
    await other.expectOk("UID STORE 7:9 +FLAGS (\\Deleted)");
    await other.expectOk("EXPUNGE");
    other.close();
    await servers.deliver(address(), sampleMail("late"));
    // Dovecot's STATUS of a folder that somebody else filled may be a moment old.
    while (account.counts("Trash").total !== 1 || account.counts("INBOX").total !== 15) await account.running.syncNow();
    await account.complete();
    await expectSame(account, "INBOX");
    await expectSame(account, "Trash");
    expect(account.folder("inbox").total).toBe(15);
  });

  test("shows new mail in the inbox without being asked: the server tells it", async () => {
    const { account } = await fresh(4);
    account.start();
    await account.complete();
    await servers.deliver(address(), sampleMail("pushed"));
    await account.until("the new message is here", () => account.folder("inbox").here === 4);
    await expectSame(account, "INBOX");
  });

  test("after a change of UIDVALIDITY finds its messages again and downloads none of them twice", async () => {
    const { account, proxy } = await fresh(12);
    account.start();
    await account.complete();
    const before = new Map(
      [...uidsOf(account.store, account.named("归档/2026").id).values()].map(({ placementId }) => [
        placementId,
        readPlacement(account.store.db, placementId)?.rawHash,
      ]),
    );
    const other = await servers.connect(address());
    const raw = encodeFolderName("归档/2026");
    const rows = await servers.mailboxOf(address(), "归档/2026");
    await other.expectOk(`DELETE "${raw}"`);
    await other.expectOk(`CREATE "${raw}"`);
    other.close();
    for (const row of rows.toReversed())
      await servers.deliver(
        address(),
        row.raw,
        "归档/2026",
        row.flags.filter((flag) => flag !== "\\Recent"),
      );
    proxy.commands.length = 0;
    const old = account.named("归档/2026").uidValidity;
    while (account.named("归档/2026").uidValidity === old) await account.running.syncNow();
    await account.complete();
    await expectSame(account, "归档/2026");
    const after = new Map(
      [...uidsOf(account.store, account.named("归档/2026").id).values()].map(({ placementId }) => [
        placementId,
        readPlacement(account.store.db, placementId)?.rawHash,
      ]),
    );
    expect(after).toEqual(before);
    expect(proxy.commands.filter((command) => /BODY\.PEEK\[\]/u.test(command))).toEqual([]);
  });

  test("brings what the user asks for before the rest", async () => {
    const { account, proxy } = await fresh(1);
    for (let index = 0; index < 60; index++) await servers.deliver(address(), sampleMail(`big${index}`, 20));
    proxy.fate = (command) => (/BODY\.PEEK\[\]/u.test(command) ? "lose" : "pass");
    account.start();
    await account.until("all headers", () => account.counts("INBOX").total === 61);
    account.running.setOffline(true);
    const oldest = uidsOf(account.store, account.folder("inbox").id).get(2);
    account.store.db.connection.prepare("INSERT INTO download (placement_id, asked_at) VALUES (?, 1)").run(oldest?.placementId);
    proxy.fate = () => "pass";
    proxy.commands.length = 0;
    account.running.downloadsAsked();
    account.running.setOffline(false);
    await account.complete();
    // Two connections set out at once; which of them is heard first is chance.
    const first = proxy.commands.filter((command) => /BODY\.PEEK\[\]/u.test(command)).slice(0, 2);
    expect(first.some((command) => command.startsWith("UID FETCH 2 "))).toBe(true);
  });

  test("works offline and paused without a word to the server, and goes on where it was", async () => {
    const { account, proxy } = await fresh(6);
    account.start();
    await account.complete();
    await account.until("the inbox is watched", () => proxy.commands.includes("IDLE"));
    account.running.setOffline(true);
    expect(account.running.health()).toMatchObject({ state: "offline", failure: { code: "working-offline" } });
    await account.until("the lines are down", () => true);
    await expect(account.running.syncNow()).rejects.toMatchObject({ code: "working-offline" });
    proxy.commands.length = 0;
    await servers.deliver(address(), sampleMail("meanwhile"));
    account.running.setPaused(true);
    account.running.setOffline(false);
    expect(account.running.health().state).toBe("paused");
    // DONE ends the IDLE of the line that is being put down.
    expect(proxy.commands.filter((command) => command !== "DONE")).toEqual([]);
    account.running.setPaused(false);
    await account.until("the new message is here", () => account.folder("inbox").here === 6);
  });

  test("says that it stopped when the password is wrong, and starts again with the right one", async () => {
    const { account } = await fresh(2);
    let password = "secret-nope";
    account.start({ credential: () => Promise.resolve({ kind: "password", password }) });
    await account.until("stopped", ({ state }) => state === "stopped");
    expect(account.running.health().failure?.code).toBe("wrong-password");
    password = `secret-user${user}`;
    await account.running.syncNow();
    await account.complete();
  });

  test("no subject, address or password is logged above debug", async () => {
    const { account } = await fresh(4);
    const lines: string[] = [];
    const take = (...entry: unknown[]) => void lines.push(JSON.stringify(entry));
    const log: Log = { debug() {}, info: take, warn: take, error: take, with: () => log };
    account.start({ log });
    await account.complete();
    act(
      account.store,
      { kind: "placements", ids: [...uidsOf(account.store, account.folder("inbox").id).values()].map(({ placementId }) => placementId) },
      { kind: "archive" },
    );
    account.running.operationsAsked();
    await account.complete();
    expect(lines.join("\n")).not.toMatch(/About|example\.test|secret/u);
  });
});
