import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import type { FolderId, PlacementId } from "../../shared/ids.ts";
import { mailServersAvailable } from "../servers/install.ts";
import { startMailServers } from "../servers/real.ts";
import { addAccount, type HostLine, HostProcess } from "../support/host-process.ts";
import { type Fate, type ImapProxy, imapProxy } from "../support/imap-proxy.ts";
import { addPop3Account } from "../support/pop3-account.ts";
import { idOf } from "../support/same-as-server.ts";
import { sampleMail } from "../support/sample-mail.ts";

const [HOME, WORK, POST] = ["user1@example.test", "user2@example.test", "user3@example.test"];
const secretOf = (address: string): string => `secret-${address.split("@")[0]}`;

/** Each time the program dies when this command goes out: it is lost, or only its answer is. */
const DEATHS: readonly (readonly [of: "home" | "work", command: RegExp, fate: Fate])[] = [
  ["work", /^APPEND /u, "lose"],
  ["work", /^APPEND /u, "lose-answer"],
  ["home", /^UID STORE /u, "lose"],
  ["home", /^UID STORE /u, "lose-answer"],
  ["home", /^UID EXPUNGE /u, "lose-answer"],
];

describe.skipIf(mailServersAvailable() !== null)("killed while mail moves between accounts of Dovecot", () => {
  test("out of IMAP and POP3, before and after APPEND, and between it and the removal: each message is there once, and nowhere else", {
    timeout: 240_000,
  }, async () => {
    const servers = await startMailServers({ users: 3 });
    const folder = mkdtempSync(join(tmpdir(), "satchel-killed-"));
    const proxies: Record<"home" | "work", ImapProxy> = {
      home: await imapProxy(servers.ports.imap),
      work: await imapProxy(servers.ports.imap),
    };
    let host: HostProcess | null = null;
    onTestFinished(async () => {
      await host?.stop("SIGKILL");
      for (const proxy of Object.values(proxies)) await proxy.close();
      await servers.stop();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    });
    const start = async (): Promise<HostLine> => {
      host = await HostProcess.start({ profile: join(folder, "profile"), env: { XDG_CONFIG_HOME: join(folder, "config") } });
      return host.connect();
    };
    const raws = new Map(["one", "two", "copied", "kept"].map((id) => [id, sampleMail(id, id === "two" ? 300 : 2)]));
    for (const raw of raws.values()) await servers.deliver(HOME, raw);
    for (const id of ["posted", "left"]) {
      raws.set(id, sampleMail(id, 2));
      await servers.deliver(POST, sampleMail(id, 2));
    }
    const lying = async (address: string, name: string): Promise<string[]> =>
      (await servers.mailboxOf(address, name))
        .map(({ raw, flags }) => `${idOf(raw)}${flags.includes("\\Deleted") ? " deleted" : ""}`)
        .sort();

    let line = await start();
    await addAccount(line, { address: HOME, password: secretOf(HOME), imap: proxies.home.port, smtp: 9 });
    await addAccount(line, { address: WORK, password: secretOf(WORK), imap: proxies.work.port, smtp: 9 });
    const pop3 = { address: POST, password: secretOf(POST), pop3: servers.ports.pop3, smtp: 9 };
    await addPop3Account(line, { ...pop3, leaveOnServer: { kind: "days", days: 0 } });
    const calm = (): Promise<unknown> =>
      line.until(
        "health.status",
        {},
        ({ accounts }) =>
          accounts.length === 3 &&
          accounts.every(({ state, pending, done, total }) => state === "up-to-date" && pending === 0 && done === total),
        60_000,
      );
    const { accounts } = await line.request("accounts.list", {});
    const folderOf = async (address: string, role: string): Promise<FolderId> => {
      const owner = accounts.find((one) => one.address === address)?.id;
      const { folders } = await line.request("folders.list", {});
      return folders.find((one) => one.accountId === owner && one.role === role)?.id ?? (0 as FolderId);
    };
    const rowsIn = async (id: FolderId): Promise<Map<string, PlacementId>> => {
      const { rows } = await line.request("mail.page", {
        view: `folder:${id}`,
        grouped: false,
        filter: "all",
        from: { kind: "top" },
        limit: 99,
      });
      return new Map(rows.map(({ subject, placementId }) => [subject.replace("About ", ""), placementId]));
    };
    await calm();
    await expect.poll(async () => (await rowsIn(await folderOf(POST, "inbox"))).size, { timeout: 60_000 }).toBe(2);
    await line.request("health.workOffline", { on: true });
    const archive = await folderOf(WORK, "archive");
    const inboxes = new Map([...(await rowsIn(await folderOf(HOME, "inbox"))), ...(await rowsIn(await folderOf(POST, "inbox")))]);
    for (const [id, kind] of [
      ["one", "move"],
      ["two", "move"],
      ["posted", "move"],
      ["copied", "copy"],
    ] as const) {
      const ids = [inboxes.get(id) ?? (0 as PlacementId)];
      await line.request("mail.act", { targets: { kind: "placements", ids }, change: { kind, folderId: archive } });
    }

    for (const [index, [of, pattern, fate]] of DEATHS.entries()) {
      const dead = new Promise<void>((resolve, reject) => {
        let done = false;
        proxies[of].fate = (command) => {
          if (done) return "pass";
          if (!pattern.test(command)) return "pass";
          done = true;
          host?.stop("SIGKILL").then(resolve, reject);
          return fate;
        };
      });
      if (index > 0) line = await start();
      // It may die before it answers.
      line.request("health.workOffline", { on: false }).catch(() => undefined);
      await dead;
    }
    for (const proxy of Object.values(proxies)) proxy.fate = () => "pass";
    line = await start();
    await line.request("health.workOffline", { on: false });
    await calm();
    await line.request("health.syncNow", {});
    await calm();

    expect([await lying(HOME, "INBOX"), await lying(WORK, "Archive"), await lying(POST, "INBOX")]).toEqual([
      ["copied", "kept"],
      ["copied", "one", "posted", "two"],
      [],
    ]);
    for (const { raw } of await servers.mailboxOf(WORK, "Archive")) expect(raw.toString()).toBe(raws.get(idOf(raw)));
    expect([...(await rowsIn(await folderOf(HOME, "inbox"))).keys()].sort()).toEqual(["copied", "kept"]);
    expect([...(await rowsIn(archive)).keys()].sort()).toEqual(["copied", "one", "posted", "two"]);
    expect([...(await rowsIn(await folderOf(POST, "inbox"))).keys()]).toEqual(["left"]);
  });
});
