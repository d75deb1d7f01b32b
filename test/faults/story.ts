import { readFileSync } from "node:fs";
import { sourceOf } from "../../main/line/byte-source.ts";
import { act } from "../../main/store/acts.ts";
import type { Change } from "../../shared/contract/mail.ts";
import { asFailure } from "../../shared/failure.ts";
import type { Certificates } from "../servers/certificates.ts";
import { type Fault, startFaultProxy } from "../servers/fault-proxy.ts";
import { ALL_CAPABILITIES, type ImapServer, startImapServer } from "../servers/imap/server.ts";
import { QUICK, type SharedProfile, type TestAccount, testAccount } from "../support/running-account.ts";
import { differences, faults, idOf, type Lying, unequal } from "../support/same-as-server.ts";
import { sampleMail } from "../support/sample-mail.ts";
import { uidsOf } from "../support/uids-of.ts";

const ME = "user1@example.test";
/** Long enough for a busy computer, short enough to hear many silences. */
const SILENCE_MS = 700;

export type Told = {
  readonly struck: boolean;
  readonly bytes: readonly { toServer: number; toClient: number }[];
  readonly wrong: string[];
};

/**
 * An afternoon offline comes to the server over a line that fails once: flags, moves, deletions, a message for good, a sent message to be
 * filed, and new mail and another program's doings the other way. Afterwards the server's mailbox is judged, and the store by it.
 *
 * @param plan the fault of each connection that is made once the line is up again, the first being 0
 */
export async function tellStory(
  certificates: Certificates,
  without: readonly string[],
  plan: (connection: number) => Fault | null,
  shared?: SharedProfile,
): Promise<Told> {
  const server = await startImapServer({
    users: [{ address: ME, password: "secret-user1" }],
    capabilities: ALL_CAPABILITIES.filter((name) => !without.includes(name)),
    tls: { ...certificates, implicit: true },
  });
  const proxy = await startFaultProxy(server.port);
  const account = testAccount(proxy.port, { security: "tls", patienceMs: 30_000, shared });
  try {
    for (const id of ["stays", "read", "starred-and-filed", "filed", "thrown", "theirs"])
      server.folder(ME, "INBOX").deliver(sampleMail(id, 1));
    for (const id of ["gone", "kept"]) server.folder(ME, "Trash").deliver(sampleMail(id));
    account.start({ ...QUICK, ca: readFileSync(certificates.ca, "utf8"), silenceMs: SILENCE_MS });
    await account.complete();
    account.running.setOffline(true);
    meanwhile(server);
    whatTheUserDid(account);

    proxy.forget();
    const before = proxy.struck;
    proxy.plan = plan;
    account.running.setOffline(false);
    await file(account);
    await settle(account);
    return { struck: proxy.struck > before, bytes: proxy.carried, wrong: await judge(server, account) };
  } finally {
    await account.close();
    await proxy.close();
    await server.stop();
  }
}

function whatTheUserDid(account: TestAccount): void {
  const inbox = [...uidsOf(account.store, account.folder("inbox").id).values()].map(({ placementId }) => placementId);
  const doTo = (index: number, change: Change) => {
    const id = inbox[index];
    if (id !== undefined) act(account.store, { kind: "placements", ids: [id] }, change);
  };
  doTo(1, { kind: "flag", flag: "seen", on: true });
  doTo(2, { kind: "flag", flag: "flagged", on: true });
  doTo(2, { kind: "archive" });
  doTo(3, { kind: "archive" });
  doTo(4, { kind: "delete" });
  const [gone] = uidsOf(account.store, account.folder("trash").id).values();
  if (gone !== undefined) act(account.store, { kind: "placements", ids: [gone.placementId] }, { kind: "delete" });
}

function meanwhile(server: ImapServer): void {
  const inbox = server.folder(ME, "INBOX");
  inbox.setFlags(6, ["\\Answered"]);
  for (const id of ["new-1", "new-2", "new-3"]) inbox.deliver(sampleMail(id, 3));
}

/** As the outbox does: again after every failure, each time looking first. */
async function file(account: TestAccount): Promise<void> {
  const message = {
    folderRole: "sent" as const,
    source: sourceOf(Buffer.from(sampleMail("sent", 2))),
    flags: ["\\Seen"],
    messageIdHeader: "<sent@example.test>",
  };
  await patiently(() => account.running.appendSent(message));
}

async function settle(account: TestAccount): Promise<void> {
  await patiently(() => account.running.syncNow());
  await account.complete();
}

async function patiently(work: () => Promise<unknown>): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    try {
      await work();
      return;
    } catch (error) {
      if (asFailure(error).kind !== "offline" || tries > 200) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

const EXPECTED: Readonly<Record<string, readonly string[]>> = {
  INBOX: ["new-1", "new-2", "new-3", "read \\Seen", "stays", "theirs \\Answered"],
  Archive: ["filed", "starred-and-filed \\Flagged"],
  Trash: ["kept", "thrown"],
  Sent: ["sent \\Seen"],
  Junk: [],
  Drafts: [],
};

async function judge(server: ImapServer, account: TestAccount): Promise<string[]> {
  const listing = new Map<string, readonly Lying[]>(server.folders(ME).map((name) => [name, server.folder(ME, name).messages()]));
  const wrong = Object.entries(EXPECTED).flatMap(([name, expected]) => {
    // Where the server cannot remove single messages, those that went lie there still, marked.
    const visible = (listing.get(name) ?? []).filter(({ flags }) => !flags.includes("\\Deleted"));
    return unequal(
      `${name} on the server`,
      expected,
      visible.map(({ raw, flags }) => [idOf(raw), ...flags].join(" ")),
    );
  });
  const open = account.store.db.connection
    .prepare<[number], { state: string; change: string }>("SELECT state, change FROM operation WHERE state <> 'done' AND account_id = ?")
    .all(account.id);
  return [
    ...wrong,
    ...differences(account, listing),
    ...(await faults(account, listing)),
    ...open.map((one) => `left over: ${JSON.stringify(one)}`),
  ];
}
