import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { accountOn } from "../outbox/support.ts";
import { type Fault, FaultySmtp, type Point } from "../servers/smtp-faults.ts";
import type { OutboxChildOptions } from "./outbox-child.ts";

/** A fault at a point of the dialogue, after `skip` dialogues that came through it well. */
export type Trouble = { readonly point: Point; readonly fault: Fault; readonly skip: number; readonly times: number };
/** SIGKILL: when a dialogue comes to a point, or when a message comes to a state. */
export type Kill = { readonly at: Point | "finishing" | "accepted" | "filed" | "held" | "unknown"; readonly skip: number };

export type OutboxStory = {
  readonly troubles: readonly Trouble[];
  readonly kills: readonly Kill[];
  /** The server puts a copy of what it took into Sent by itself. */
  readonly filesItself: boolean;
};

export type Standing = { subject: string; state: string; recipients: { address: string; state: string }[] };
type Said = { ready?: true; quiet?: true; states?: Standing[] };

export type OutboxEnd = { readonly wrong: string[]; readonly killed: number; readonly unknown: number; readonly accepted: number };

const RECIPIENTS = [0, 1, 2].map((at) => [`b${at}@example.test`, `c${at}@example.test`]);
/** So that a story that hangs says so; nothing is decided by it. */
const LIMIT_MS = 60_000;
const CHILD = new URL("./outbox-child.ts", import.meta.url).pathname;

/** The outbox in a process of its own. */
export class OutboxRun {
  readonly #child: ChildProcess;
  readonly #exited: Promise<void>;
  readonly #heard = new Set<(said: Said) => void>();

  constructor(options: OutboxChildOptions) {
    this.#child = spawn(process.execPath, [CHILD, JSON.stringify(options)], {
      stdio: ["pipe", "pipe", "inherit"],
      env: { ...process.env, NODE_COMPILE_CACHE: join(tmpdir(), "satchel-compile-cache") },
    });
    this.#exited = new Promise((resolve) => this.#child.once("exit", () => resolve()));
    if (this.#child.stdout === null) throw new Error("no output");
    createInterface({ input: this.#child.stdout }).on("line", (line) => {
      const said = JSON.parse(line) as Said;
      for (const hear of this.#heard) hear(said);
    });
  }

  says(what: (said: Said) => boolean): Promise<Said> {
    return new Promise((resolve) => {
      const hear = (said: Said): void => {
        if (!what(said)) return;
        this.#heard.delete(hear);
        resolve(said);
      };
      this.#heard.add(hear);
    });
  }

  /** The user says of this one that it arrived. */
  arrived(subject: string): void {
    this.#child.stdin?.write(`${subject}\n`);
  }

  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#exited;
  }
}

export async function within<T>(what: string, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  try {
    return await Promise.race([
      work,
      new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error(`${what} never came about`)), LIMIT_MS);
      }),
    ]);
  } finally {
    clearTimeout(timer);
  }
}

/** When this run is to be killed; never, when nothing of the kind happens before it is quiet. */
function moment(run: OutboxRun, server: FaultySmtp, { at, skip }: Kill): Promise<unknown> {
  if (at === "finishing" || at === "accepted" || at === "filed" || at === "held" || at === "unknown") {
    return run.says(({ states }) => (states ?? []).filter(({ state }) => state === at).length > skip % RECIPIENTS.length);
  }
  return (async () => {
    for (let left = skip; left >= 0; left -= 1) await server.reached(at);
  })();
}

/** Of whom it is not known whether they have it. */
export function askedAbout(recipients: Standing["recipients"]): string[] {
  return recipients.flatMap(({ address, state }) => (state === "accepted" ? [] : [address]));
}

/** Whether the message is the one of this subject. */
const isOf = (subject: string, bytes: Buffer): boolean => bytes.toString("latin1").includes(`Subject: ${subject}\r\n`);

/**
 * Three messages to two people each, sent through a server in trouble by a program that is killed and started again. Judged by the
 * server's mailbox: nobody has anything twice, and what nobody has is still asked about.
 */
export async function tellOutboxStory({ troubles, kills, filesItself }: OutboxStory): Promise<OutboxEnd> {
  const server = await FaultySmtp.start();
  const profileDir = mkdtempSync(join(tmpdir(), "satchel-outbox-faults-"));
  const sentDir = join(profileDir, "sent-on-the-server");
  const startedAt = Date.now();
  const started: OutboxRun[] = [];
  const start = (): OutboxRun => {
    const run = new OutboxRun({
      profileDir,
      title: "Message",
      server: accountOn(server.port).outgoing,
      trust: undefined,
      patienceMs: 400,
      recipients: RECIPIENTS,
      startedAt,
    });
    started.push(run);
    return run;
  };
  if (filesItself)
    server.onReceived = ({ bytes }) => {
      const id = /^Message-ID: <([^>]*)>/imu.exec(bytes.toString("latin1"))?.[1] ?? "none";
      writeFileSync(join(sentDir, `${id}.server.${server.received.length}`), bytes);
    };
  let killed = 0;
  try {
    for (const { point, fault, skip, times } of troubles) server.fault(point, fault, { skip, times });
    for (const kill of kills) {
      const run = start();
      const over = run.says(({ quiet }) => quiet === true);
      const first = await within(
        `a moment to kill at ${kill.at}`,
        Promise.race([moment(run, server, kill).then(() => true), over.then(() => false)]),
      );
      await run.kill();
      server.dropAll();
      killed += first ? 1 : 0;
    }
    const last = start();
    const quiet = await within(
      "an end",
      last.says((said) => said.quiet === true),
    );
    const open = (quiet.states ?? []).filter(({ state }) => state === "unknown");
    const have = open.filter(({ subject, recipients }) =>
      askedAbout(recipients).every((address) => server.received.some(({ bytes, to }) => isOf(subject, bytes) && to.includes(address))),
    );
    const decided = Promise.all(
      have.map(({ subject }) => last.says(({ states }) => states?.find((one) => one.subject === subject)?.state === "filed")),
    );
    for (const { subject } of have) last.arrived(subject);
    await within("every decision", decided);
    const end = new Map((quiet.states ?? []).map((one) => [one.subject, have.includes(one) ? { ...one, state: "filed" } : one]));
    return { wrong: judge(server, sentDir, end), killed, unknown: open.length, accepted: server.received.length };
  } finally {
    for (const run of started) await run.kill();
    await server.stop();
    rmSync(profileDir, { recursive: true, force: true });
  }
}

function judge(server: FaultySmtp, sentDir: string, end: ReadonlyMap<string, Standing>): string[] {
  const wrong: string[] = [];
  const files = readdirSync(sentDir);
  for (const [at, addresses] of RECIPIENTS.entries()) {
    const subject = `Message ${at}`;
    const item = end.get(subject);
    const got = server.received.filter(({ bytes }) => isOf(subject, bytes));
    for (const address of addresses) {
      const copies = got.filter(({ to }) => to.includes(address)).length;
      if (copies > 1) wrong.push(`${address} has ${copies} copies of ${subject}`);
      const told = item?.recipients.find((one) => one.address === address)?.state;
      if (told === "accepted" && copies !== 1) wrong.push(`${address} has ${copies} copies of ${subject}, which is called accepted`);
      if (item?.state === "filed" && copies !== 1) wrong.push(`${subject} is called filed, and ${address} has ${copies} copies`);
      if (copies === 0 && item?.state !== "unknown") wrong.push(`${address} has no ${subject}, and nobody is asked (${item?.state})`);
    }
    const ids = new Set(got.map(({ bytes }) => /^Message-ID: <([^>]*)>/imu.exec(bytes.toString("latin1"))?.[1] ?? ""));
    if (ids.size > 1) wrong.push(`${subject} has more than one Message-ID`);
    const copies = files.filter((name) => [...ids].some((id) => name.startsWith(id)));
    const ours = copies.filter((name) => name.includes(".ours.")).length;
    // Sent again for those who were refused at first, the message is sent twice as the server sees it: it may file both.
    const inSent = ours + (copies.length > ours ? 1 : 0);
    const owed = item?.state === "filed" ? 1 : 0;
    if (inSent < owed || inSent > Math.max(1, got.length > 0 ? 1 : 0))
      wrong.push(`Sent has ${inSent} copies of ${subject} (${item?.state})`);
  }
  return wrong;
}
