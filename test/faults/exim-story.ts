import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Fault, startFaultProxy } from "../servers/fault-proxy.ts";
import type { RealServers } from "../servers/real.ts";
import { askedAbout, OutboxRun, type Standing, within } from "./outbox-story.ts";

export type EximStory = {
  /** The fault of each connection, the first being 0. */
  readonly faults: readonly (Fault | null)[];
  /** SIGKILL when a message comes to a state, the first or a later one of them. */
  readonly kills: readonly { readonly at: "finishing" | "accepted" | "filed" | "unknown"; readonly skip: number }[];
};

export type EximEnd = { readonly wrong: string[]; readonly killed: number; readonly struck: number; readonly unknown: number };

const RECIPIENTS = [
  ["user2@example.test", "user3@example.test"],
  ["user3@example.test", "user4@example.test"],
  ["user4@example.test", "user2@example.test"],
];

/**
 * As `tellOutboxStory`, through a line that fails at given bytes to a real Exim, with TLS, which hands on to Dovecot. Judged by the mailboxes there.
 * The servers need four users; each story counts its own messages only.
 */
export async function tellEximStory(servers: RealServers, { faults, kills }: EximStory): Promise<EximEnd> {
  const proxy = await startFaultProxy(servers.ports.smtp);
  proxy.plan = (connection) => faults[connection] ?? null;
  const profileDir = mkdtempSync(join(tmpdir(), "satchel-outbox-exim-"));
  const startedAt = Date.now();
  const title = `Story ${startedAt}`;
  const started: OutboxRun[] = [];
  const start = (): OutboxRun => {
    const run = new OutboxRun({
      profileDir,
      title,
      server: { host: "localhost", port: proxy.port, security: "starttls", user: "user1@example.test" },
      trust: readFileSync(servers.ca, "utf8"),
      // Long enough for a busy Exim, short enough to hear many silences.
      patienceMs: 1500,
      recipients: RECIPIENTS,
      startedAt,
    });
    started.push(run);
    return run;
  };
  let killed = 0;
  try {
    for (const { at, skip } of kills) {
      const run = start();
      const over = run.says(({ quiet }) => quiet === true);
      const reached = run.says(({ states }) => (states ?? []).filter(({ state }) => state === at).length > skip);
      const first = await within(`a moment to kill at ${at}`, Promise.race([reached.then(() => true), over.then(() => false)]));
      await run.kill();
      killed += first ? 1 : 0;
    }
    const last = start();
    const { states = [] } = await within(
      "an end",
      last.says((said) => said.quiet === true),
    );
    await handedOn(servers);
    const box = await mailOf(servers, title);
    const open = states.filter(({ state }) => state === "unknown");
    const have = open.filter(({ subject, recipients }) => askedAbout(recipients).every((address) => box.get(address)?.includes(subject)));
    const decided = Promise.all(
      have.map(({ subject }) => last.says((said) => said.states?.find((one) => one.subject === subject)?.state === "filed")),
    );
    for (const { subject } of have) last.arrived(subject);
    await within("every decision", decided);
    const end = states.map((one) => (have.includes(one) ? { ...one, state: "filed" } : one));
    return {
      wrong: judge(box, end, readdirSync(join(profileDir, "sent-on-the-server"))),
      killed,
      struck: proxy.struck,
      unknown: open.length,
    };
  } finally {
    for (const run of started) await run.kill();
    await proxy.close();
    rmSync(profileDir, { recursive: true, force: true });
  }
}

/** Exim has nothing left to hand on: the header file of a message lies in its spool until everyone has it. */
async function handedOn({ folder }: RealServers): Promise<void> {
  const waiting = (): boolean => readdirSync(join(folder, "exim/spool"), { recursive: true }).some((name) => String(name).endsWith("-H"));
  const until = Date.now() + 30_000;
  while (waiting()) {
    if (Date.now() > until) throw new Error("Exim keeps something in its queue");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The subjects of this story's messages, by who has them. */
async function mailOf(servers: RealServers, title: string): Promise<Map<string, string[]>> {
  const box = new Map<string, string[]>();
  for (const address of new Set(RECIPIENTS.flat())) {
    const mail = await servers.mailboxOf(address, "INBOX");
    box.set(
      address,
      mail
        .flatMap(({ raw }) => /^Subject: (.*?)\r?$/mu.exec(raw.toString("latin1"))?.[1] ?? [])
        .filter((subject) => subject.startsWith(title)),
    );
  }
  return box;
}

function judge(box: ReadonlyMap<string, readonly string[]>, end: readonly Standing[], sent: readonly string[]): string[] {
  const wrong: string[] = [];
  for (const [at, addresses] of RECIPIENTS.entries()) {
    const item = end.find(({ subject }) => subject.endsWith(` ${at}`));
    if (item === undefined) {
      wrong.push(`message ${at} is gone`);
      continue;
    }
    for (const address of addresses) {
      const copies = (box.get(address) ?? []).filter((subject) => subject === item.subject).length;
      const told = item.recipients.find((one) => one.address === address)?.state;
      if (copies > 1) wrong.push(`${address} has ${copies} copies of message ${at}`);
      if (copies === 0 && item.state !== "unknown")
        wrong.push(`${address} has no message ${at}, and nobody is asked (${item.state}, ${told})`);
    }
  }
  // One file of ours for each message that is called filed.
  const filed = end.filter(({ state }) => state === "filed").length;
  if (sent.length !== filed) wrong.push(`Sent has ${sent.length} copies, ${filed} messages are called filed`);
  return wrong;
}
