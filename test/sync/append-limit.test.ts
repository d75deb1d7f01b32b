import { expect, onTestFinished, test } from "vitest";
import { sourceOf } from "../../main/line/byte-source.ts";
import type { Refusal } from "../../main/store/changes.ts";
import { noteBytesLost } from "../../main/store/ingest-bodies.ts";
import { journalPage } from "../../main/store/journal.ts";
import { writePolicy } from "../../main/store/offline.ts";
import { readPlacement } from "../../main/store/placements.ts";
import { netPage, putBack } from "../../main/store/safety-net.ts";
import { ALL_CAPABILITIES, type ImapServer, startImapServer } from "../servers/imap/server.ts";
import { QUICK, testAccount } from "../support/running-account.ts";
import { sampleMail } from "../support/sample-mail.ts";
import { HOME, lyingIn, twoAccounts, WORK } from "../support/two-accounts.ts";

// RFC 7889: the server says what it takes for all folders alike, or for each when it is asked.
const LIMIT = 5_000;
const WAYS = [
  ["for all folders", `APPENDLIMIT=${LIMIT}`],
  ["for each folder", "APPENDLIMIT"],
] as const;
const capabilities = (limit: string) => [...ALL_CAPABILITIES, limit];

/** Says it of one folder; others have no limit. */
function limitFolder(server: ImapServer, folder: string): void {
  server.hooks = {
    onCommand: ({ name, line }) =>
      name === "STATUS" && line.includes("APPENDLIMIT")
        ? { raw: `* STATUS ${folder} (APPENDLIMIT ${line.includes(folder) ? LIMIT : "NIL"})\r\n{tag} OK done\r\n` }
        : undefined,
  };
}

const appended = (server: ImapServer): number => server.commands.filter(({ name }) => name === "APPEND").length;

test.each(WAYS)(
  "of a message that is larger than the other account takes (said %s) nothing is sent, and the original stays; a smaller one goes",
  async (_how, limit) => {
    const two = await twoAccounts({
      fill: (home) => {
        home.folder(HOME, "INBOX").deliver(sampleMail("large", 8));
        home.folder(HOME, "INBOX").deliver(sampleMail("small"));
      },
      work: { capabilities: capabilities(limit) },
    });
    limitFolder(two.work.server, "Archive");
    const { store } = two.home.account;
    const heard: Refusal[] = [];
    store.changes.onRefused((refusal) => heard.push(refusal));
    two.doTo(two.home.account, "INBOX", { kind: "move", folderId: two.work.account.named("Archive").id });
    await two.settle();
    const [entry] = journalPage(store, { filter: "attention", before: null, limit: 2 }).entries;
    expect(entry).toMatchObject({
      subject: "About large",
      reason: "too-large",
      limitBytes: LIMIT,
      change: { kind: "copy", across: "move" },
    });
    expect(heard).toMatchObject([{ count: 1, limitBytes: LIMIT }]);
    expect([lyingIn(two.home.server, HOME, "INBOX"), lyingIn(two.work.server, WORK, "Archive")]).toEqual([["large"], ["small"]]);
    expect([two.home.account.counts("INBOX").total, two.work.account.counts("Archive").total]).toEqual([1, 1]);
    expect(appended(two.work.server)).toBe(1);
    expect(netPage(store, { query: "", before: null, limit: 9 }).total).toBe(0);
  },
);

test.each(WAYS.flatMap(([how, limit]) => [["move", how, limit] as const, ["copy", how, limit] as const]))(
  "of what is not here, a %s of more than the other account takes (said %s) is refused before its bytes are fetched; a smaller one comes and goes",
  async (kind, _how, limit) => {
    const two = await twoAccounts({
      fill: (home) => {
        home.folder(HOME, "INBOX").deliver(sampleMail("large", 8));
        home.folder(HOME, "INBOX").deliver(sampleMail("small"));
      },
      work: { capabilities: capabilities(limit) },
    });
    limitFolder(two.work.server, "Archive");
    const { store, id: home } = two.home.account;
    two.setOffline(true);
    writePolicy(store, home, null, { keep: { kind: "headers" }, largestMb: null });
    for (const id of two.shown(two.home.account, "INBOX")) noteBytesLost(store, readPlacement(store.db, id)?.messageId ?? (0 as never));
    const before = two.home.server.commands.length;
    const heard: Refusal[] = [];
    store.changes.onRefused((refusal) => heard.push(refusal));
    two.doTo(two.home.account, "INBOX", { kind, folderId: two.work.account.named("Archive").id });
    two.setOffline(false);
    await two.settle();
    expect(heard).toMatchObject([{ count: 1, reason: "too-large", limitBytes: LIMIT }]);
    const fetched = two.home.server.commands.slice(before).filter(({ line }) => line.includes("BODY.PEEK[]"));
    expect(fetched.map(({ line }) => /FETCH (\S+)/u.exec(line)?.[1])).toEqual(["2"]);
    expect(lyingIn(two.home.server, HOME, "INBOX")).toEqual(kind === "move" ? ["large"] : ["large", "small"]);
    expect(lyingIn(two.work.server, WORK, "Archive")).toEqual(["small"]);
    expect(two.work.account.counts("Archive")).toEqual({ total: 1, here: 1 });
  },
);

async function oneAccount(limit: string, fill: (server: ImapServer) => void) {
  const server = await startImapServer({ users: [{ address: HOME, password: "secret-user1" }], capabilities: capabilities(limit) });
  fill(server);
  const account = testAccount(server.port);
  onTestFinished(async () => {
    await account.close();
    await server.stop();
  });
  account.start(QUICK);
  await account.complete();
  return { server, account };
}

test.each(WAYS)(
  "what is larger than its server takes (said %s) stays in the safety net, and the journal says the limit",
  async (_how, limit) => {
    const { server, account } = await oneAccount(limit, (one) => {
      for (const [id, size] of [
        ["large", 8],
        ["small", 0],
      ] as const)
        one.folder(HOME, "INBOX").deliver(sampleMail(id, size));
    });
    const inbox = server.folder(HOME, "INBOX");
    for (const { uid } of inbox.messages()) inbox.expunge(uid);
    limitFolder(server, "INBOX");
    await account.running.syncNow();
    const items = () => netPage(account.store, { query: "", before: null, limit: 9 }).items;
    await account.until("both are in the safety net", () => items().length === 2);
    putBack(
      account.store,
      items().map(({ placementId }) => placementId),
    );
    account.running.operationsAsked();
    await account.complete();
    expect(lyingIn(server, HOME, "INBOX")).toEqual(["small"]);
    expect(items().map(({ subject }) => subject)).toEqual(["About large"]);
    const { entries } = journalPage(account.store, { filter: "attention", before: null, limit: 9 });
    expect(entries.map(({ reason, limitBytes }) => [reason, limitBytes])).toEqual([["too-large", LIMIT]]);
    expect(appended(server)).toBe(1);
  },
);

test("a sent message that is larger than Sent takes is not filed, and says why", async () => {
  const { server, account } = await oneAccount(`APPENDLIMIT=${LIMIT}`, () => undefined);
  const message = {
    folderRole: "sent" as const,
    source: sourceOf(Buffer.from(sampleMail("large", 8))),
    flags: ["\\Seen"],
    messageIdHeader: "large@example.test",
  };
  await expect(account.running.appendSent(message)).rejects.toMatchObject({ code: "mailbox-limit", params: { limitBytes: LIMIT } });
  expect(appended(server)).toBe(0);
});
