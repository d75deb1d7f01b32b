import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { BulkCounts } from "../../shared/contract/bulk.ts";
import { startImapServer } from "../servers/imap/server.ts";
import { type Refused, startSmtpServer } from "../servers/smtp.ts";
import { addAccount, type HostLine, HostProcess } from "../support/host-process.ts";

const ME = "user1@example.test";
const SECRET = "secret-sesame-7";
const FAST_HOST = fileURLToPath(new URL("../support/fast-host-thread.ts", import.meta.url));
/** Each of these lines can be between the end of one message and the answer to it. */
const CONNECTIONS = 2;

export type BulkStory = {
  readonly recipients: number;
  /** Numbers of messages at whose end the host is killed; `taken` ones are accepted, and the answer is lost. */
  readonly kills: readonly { readonly at: number; readonly taken: boolean }[];
  /** What the server says at the end of the message of this number instead of taking it. */
  readonly refusal?: (number: number) => Refused | undefined;
  /** What it says to the recipient of this number, counted over all connections. */
  readonly recipientRefusal?: (number: number) => Refused | undefined;
  /** Time passes a hundred times as fast for the engine. */
  readonly fast?: boolean;
};
export type BulkEnd = {
  readonly wrong: string[];
  readonly killed: number;
  readonly asked: number;
  /** Of how many one kill left in doubt whether they have it, at most. */
  readonly mostAtOnce: number;
  readonly counts: BulkCounts;
  readonly attempts: number;
};

/**
 * One message to each of many, sent by the real program, which is killed again and again and started on what it left. Judged by what the
 * server took: each recipient one message, and a report that says exactly that. Of whom the program asks, it is told what the server knows.
 */
export async function tellBulkStory({
  recipients,
  kills,
  refusal = () => undefined,
  recipientRefusal = () => undefined,
  fast = false,
}: BulkStory): Promise<BulkEnd> {
  const folder = mkdtempSync(join(tmpdir(), "satchel-bulk-"));
  const imap = await startImapServer({ users: [{ address: ME, password: SECRET }] });
  let host: HostProcess | null = null;
  const since = Date.now();
  const due = [...kills];
  let ends = 0;
  let named = 0;
  let died = (): void => {};
  /** One kill for each life. */
  let alive = false;
  const smtp = await startSmtpServer({
    users: [{ address: ME, password: SECRET }],
    onRecipient: () => {
      named += 1;
      return recipientRefusal(named);
    },
    onMessage: async () => {
      ends += 1;
      const [kill] = due;
      if (!alive || kill === undefined || ends < kill.at) return refusal(ends);
      alive = false;
      due.shift();
      await host?.stop("SIGKILL");
      died();
      return kill.taken ? undefined : { code: 451, text: "4.3.0 too late" };
    },
  });
  const start = async (): Promise<HostLine> => {
    host = await HostProcess.start({
      profile: join(folder, "profile"),
      env: { XDG_CONFIG_HOME: join(folder, "config"), SATCHEL_TEST_SINCE: String(since) },
      ...(fast ? { entry: FAST_HOST } : {}),
    });
    const line = await host.connect();
    alive = true;
    return line;
  };
  try {
    let line = await start();
    await addAccount(line, { address: ME, password: SECRET, imap: imap.port, smtp: smtp.port });
    await line.until("health.status", {}, ({ accounts: [one] }) => one?.state === "up-to-date");
    const bulkId = await prepare(line, recipients);
    let killed = 0;
    let inDoubt = 0;
    let mostAtOnce = 0;
    let next = new Promise<void>((resolve) => (died = resolve));
    const { revision } = await line.request("bulk.read", { bulkId });
    line.request("bulk.start", { bulkId, revision }).catch(() => undefined);
    while (due.length > 0) {
      await next;
      killed += 1;
      next = new Promise<void>((resolve) => (died = resolve));
      line = await start();
      const { counts } = await line.request("bulk.read", { bulkId });
      mostAtOnce = Math.max(mostAtOnce, counts.unknown - inDoubt);
      inDoubt = counts.unknown;
    }
    const patience = 60_000 + recipients * 200;
    // A server that wanted a pause gets it from a program with patience; this one is asked again at once.
    const hurry = setInterval(() => void askAgain(line).catch(() => undefined), 500);
    await line.until("bulk.read", { bulkId }, ({ state }) => state === "ended", patience);
    const asked = await settleUnknown(line, bulkId, smtp.messages);
    const end = await line.until("bulk.read", { bulkId }, ({ state, counts }) => state === "ended" && counts.unknown === 0, patience);
    clearInterval(hurry);
    await line.until("health.status", {}, ({ outbox }) => outbox.waiting === 0 && outbox.sending === 0);
    const wrong = [...(await judge(line, bulkId, recipients, smtp.messages)), ...leftovers(folder)];
    if (mostAtOnce > CONNECTIONS) wrong.push(`one kill left ${mostAtOnce} in doubt over ${CONNECTIONS} lines`);
    line.close();
    return { wrong, killed, asked, mostAtOnce, counts: end.counts, attempts: ends };
  } finally {
    await (host as HostProcess | null)?.stop("SIGKILL");
    await smtp.stop();
    await imap.stop();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

const addressOf = (number: number): string => `person${number}@example.test`;

async function prepare(line: HostLine, recipients: number) {
  const draft = await line.request("compose.start", { kind: "new", accountId: null });
  const content = { ...draft.content, subject: "给 {{姓名}}", html: "<p>{{姓名}}，您好：您的号码是 {{号码}}。</p>" };
  await line.request("compose.save", { draftId: draft.id, revision: draft.revision, content });
  const rows = Array.from({ length: recipients }, (_, at) => `第${at}位,${addressOf(at)},${at}`);
  const base64 = Buffer.from(["姓名,邮箱,号码", ...rows].join("\r\n")).toString("base64");
  const { bulkId } = await line.request("bulk.begin", { draftId: draft.id, source: { kind: "file", name: "people.csv", base64 } });
  await line.request("bulk.change", { bulkId, options: { perMinute: null } });
  return bulkId;
}

type BulkIdOf = Awaited<ReturnType<typeof prepare>>;
type Taken = readonly { readonly to: readonly string[]; readonly raw: Buffer }[];

/** The user says that the server may be asked now, whatever it wanted. */
async function askAgain(line: HostLine): Promise<void> {
  const [account] = (await line.request("accounts.list", {})).accounts;
  if (account !== undefined)
    await line.request("accounts.setCredential", { accountId: account.id, credential: { kind: "password", password: SECRET } });
}

/** Of each that is asked about, the user looks at the server and says how it is. */
async function settleUnknown(line: HostLine, bulkId: BulkIdOf, taken: Taken): Promise<number> {
  const { rows } = await line.request("bulk.rows", { bulkId, states: ["unknown"], after: -1, limit: 500 });
  for (const { position, address } of rows) {
    const arrived = taken.some(({ to }) => to.includes(address));
    await line.request("bulk.resolve", { bulkId, position, decision: arrived ? "arrived" : "send-again" });
  }
  return rows.length;
}

async function judge(line: HostLine, bulkId: BulkIdOf, recipients: number, taken: Taken): Promise<string[]> {
  const wrong: string[] = [];
  const copies = new Map<string, Buffer[]>();
  for (const { to, raw } of taken) for (const address of to) copies.set(address, [...(copies.get(address) ?? []), raw]);
  for (let number = 0; number < recipients; number += 1) {
    const got = copies.get(addressOf(number)) ?? [];
    if (got.length !== 1) wrong.push(`${addressOf(number)} has ${got.length} messages`);
    const subject = Buffer.from(`给 第${number}位`).toString("base64");
    if (
      got[0] !== undefined &&
      !got[0]
        .toString()
        .replaceAll(/\?=\s+=\?UTF-8\?B\?/gu, "")
        .includes(subject)
    )
      wrong.push(`${addressOf(number)} has somebody else's message`);
  }
  const ids = new Set(taken.map(({ raw }) => /^Message-ID: (.*)$/imu.exec(raw.toString())?.[1]));
  if (ids.size !== taken.length) wrong.push(`${taken.length} messages bear ${ids.size} Message-IDs`);
  let after = -1;
  let reported = 0;
  for (;;) {
    const { rows } = await line.request("bulk.rows", { bulkId, states: null, after, limit: 500 });
    if (rows.length === 0) break;
    after = rows.at(-1)?.position ?? after;
    reported += rows.length;
    for (const { address, state } of rows) if (state !== "accepted") wrong.push(`${address} is reported as ${state}`);
  }
  if (reported !== recipients) wrong.push(`the report has ${reported} rows`);
  return wrong;
}

/** Accepted messages are filed and gone; what a kill left unqueued is at most one slice for each kill. */
function leftovers(folder: string): string[] {
  const files = readdirSync(join(folder, "profile", "outbox")).length;
  return files > 2000 ? [`${files} frozen files are left`] : [];
}
