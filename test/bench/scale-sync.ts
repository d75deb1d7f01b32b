import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { silentLog } from "../../main/log.ts";
import { insertAccount, readAccount } from "../../main/store/accounts.ts";
import { readFolders } from "../../main/store/folders.ts";
import { writePolicy } from "../../main/store/offline.ts";
import { openStore } from "../../main/store/open.ts";
import { startAccount } from "../../main/sync/account.ts";
import { startParsePool } from "../../main/sync/parse-pool.ts";
import { BENCH_DIR } from "./support/measured-host.ts";
import { fileSystemOf, median, percentile, printBench, tell } from "./support/report.ts";

// How synchronising grows: one folder of 10,000 and one of 100,000 messages on a server of its own, first sync and resync over a real line. What counts is
// how long the engine's thread answers nobody: its own processor time between two ticks of a clock, which other programs on the computer do not lengthen.
// `npm run bench -- scale-sync 10000,1000000 headers` lists a million. The ratio is that of a resync that finds ten changes in the larger folder to the same in the smaller one, and 1 would be perfect.
const MARKS = (process.argv[2] ?? "10000,100000").split(",").map(Number);
/** `headers`: ten folders of a server that makes its mail up, listed and not fetched: a million of them come over the line. */
const HEADERS_ONLY = process.argv[3] === "headers";
const TICK_MS = 2;
const ROUNDS = 15;
const CHANGED = 10;
const USER = "user1@example.test";

type Mark = {
  n: number;
  firstSyncMs: number;
  cpuMsPerMessage: number;
  startBlockMs: number;
  blockP99Ms: number;
  longestBlockMs: number;
  nothingMs: number;
  tenChangesMs: number;
} & {
  resyncBlockMs: number;
  rssMb: number;
};

/** The engine thread's processor time between ticks, ms. */
function watchBlocks(): { take(): number[]; stop(): void } {
  let blocks: number[] = [];
  const used = (): number => {
    const { user, system } = process.threadCpuUsage();
    return (user + system) / 1000;
  };
  let before = used();
  const timer = setInterval(() => {
    const now = used();
    blocks.push(now - before);
    before = now;
  }, TICK_MS);
  return {
    take() {
      const taken = blocks;
      blocks = [];
      return taken;
    },
    stop: () => clearInterval(timer),
  };
}

/** What the engine's thread does in that time, ms: how fast the server is does not count. */
async function cpuOf(work: () => Promise<void>): Promise<number> {
  const before = process.threadCpuUsage();
  await work();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1000;
}

async function ask(server: ChildProcess, wish: { kind: "deliver" | "flag"; count: number }): Promise<void> {
  server.send(wish);
  await once(server, "message");
}

async function measure(n: number): Promise<Mark> {
  const profileDir = join(BENCH_DIR, "scale-sync-profile");
  rmSync(profileDir, { recursive: true, force: true });
  mkdirSync(profileDir, { recursive: true });
  const server = fork(
    HEADERS_ONLY ? new URL("./support/generated-server.ts", import.meta.url) : new URL("./support/mailbox-server.ts", import.meta.url),
  );
  const [{ port }] = (await once(server, "message")) as [{ port: number }];
  await ask(server, { kind: "deliver", count: n });
  const store = openStore({ profileDir });
  const pool = startParsePool({ size: 2, blobDir: store.blobs.dir, log: silentLog });
  const settings = {
    protocol: "imap",
    incoming: { host: "127.0.0.1", security: "plain", user: USER, port },
    outgoing: { host: "127.0.0.1", security: "plain", user: USER, port: 9 },
  } as const;
  const id = insertAccount(store, { name: "bench", address: USER, personName: "", settings, provider: null });
  if (HEADERS_ONLY) writePolicy(store, id, null, { keep: { kind: "headers" }, largestMb: null });
  const stored = readAccount(store, id);
  if (stored === undefined) throw new Error("no account");
  const listed = (): number => readFolders(store, id).reduce((sum, { total }) => sum + total, 0);
  const whole = Promise.withResolvers<void>();
  const blocks = watchBlocks();
  // Once in a run: the library is loaded.
  let atStart: number[] = [];
  const started = performance.now();
  const cpuBefore = process.threadCpuUsage();
  const account = startAccount({
    store,
    account: stored,
    log: silentLog,
    credential: () => Promise.resolve({ kind: "password", password: "secret-user1" }),
    parsePool: pool,
    clock: Date.now,
    random: Math.random,
    onHealth: ({ state, done, total }) => {
      if (atStart.length === 0 && listed() > 0) atStart = blocks.take();
      if (state === "up-to-date" && listed() >= n && done === total) whole.resolve();
    },
  });
  try {
    await whole.promise;
    const firstSyncMs = performance.now() - started;
    const spent = process.threadCpuUsage(cpuBefore);
    const during = blocks.take();
    await account.syncNow();
    const [nothing, changes]: [number[], number[]] = [[], []];
    blocks.take();
    for (let round = 0; round < ROUNDS; round += 1) {
      nothing.push(await cpuOf(() => account.syncNow()));
      await ask(server, { kind: "deliver", count: 1 });
      await ask(server, { kind: "flag", count: CHANGED });
      changes.push(await cpuOf(() => account.syncNow()));
    }
    return {
      n,
      firstSyncMs,
      cpuMsPerMessage: (spent.user + spent.system) / 1000 / n,
      startBlockMs: Math.max(0, ...atStart),
      blockP99Ms: percentile(during, 0.99),
      longestBlockMs: Math.max(...during),
      nothingMs: median(nothing),
      tenChangesMs: median(changes),
      resyncBlockMs: Math.max(...blocks.take()),
      rssMb: process.memoryUsage.rss() / 1024 / 1024,
    };
  } finally {
    blocks.stop();
    await account.stop();
    await pool.close();
    store.close();
    server.kill();
    rmSync(profileDir, { recursive: true, force: true });
  }
}

const marks: Mark[] = [];
for (const n of MARKS) {
  const mark = await measure(n);
  tell(JSON.stringify(mark));
  marks.push(mark);
}
const [first] = marks;
const last = marks.at(-1);
if (first === undefined || last === undefined) throw new Error("nothing was measured");
printBench({
  bench: "scale-sync",
  n: last.n,
  ours: last.tenChangesMs,
  peer: first.tenChangesMs,
  peerName: `the same at ${first.n}`,
  unit: "ms",
  memoryMb: Math.max(...marks.map(({ rssMb }) => rssMb)),
  fs: fileSystemOf(BENCH_DIR),
  curve: marks,
});
