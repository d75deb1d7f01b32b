import { rmSync } from "node:fs";
import { join } from "node:path";
import { silentLog } from "../../main/log.ts";
import { insertAccount, readAccount } from "../../main/store/accounts.ts";
import { openStore } from "../../main/store/open.ts";
import { startAccount } from "../../main/sync/account.ts";
import { startParsePool } from "../../main/sync/parse-pool.ts";
import { startMailServers } from "../servers/real.ts";
import { loadMailbox } from "./support/load.ts";
import { Mbsync } from "./support/mbsync.ts";
import { BENCH_DIR } from "./support/measured-host.ts";
import { fileSystemOf, median, printBench, tell } from "./support/report.ts";
import { RawStatus } from "./support/resync-raw.ts";

// Nothing changed in thirty folders: one pass of a running account, against one LIST with STATUS on an open connection.
const COUNT = 2000;
const ROUNDS = 30;

const servers = await startMailServers();
const profileDir = join(BENCH_DIR, "resync-profile");
const [user] = servers.users;
if (user === undefined) throw new Error("no user");
rmSync(profileDir, { recursive: true, force: true });
const store = openStore({ profileDir });
const pool = startParsePool({ size: 1, blobDir: store.blobs.dir, log: silentLog });
const login = { port: servers.ports.imap, user: user.address, password: user.password };
const server = { host: "127.0.0.1", security: "plain", user: user.address } as const;
const settings = {
  protocol: "imap",
  incoming: { ...server, port: servers.ports.imap },
  outgoing: { ...server, port: servers.ports.smtp },
} as const;
try {
  tell(`Preparing ${COUNT} messages …`);
  await loadMailbox(servers, COUNT);
  const id = insertAccount(store, { name: "bench", address: user.address, personName: "", settings, provider: null });
  const stored = readAccount(store, id);
  if (stored === undefined) throw new Error("no account");
  let complete: () => void = () => undefined;
  const whole = new Promise<void>((resolve) => {
    complete = resolve;
  });
  const account = startAccount({
    store,
    account: stored,
    log: silentLog,
    credential: () => Promise.resolve({ kind: "password", password: user.password }),
    parsePool: pool,
    clock: Date.now,
    random: Math.random,
    onHealth: ({ state, done, total }) => {
      if (state === "up-to-date" && total >= COUNT && done === total) complete();
    },
  });
  await whole;
  const raw = await RawStatus.open(login);
  const mbsync = new Mbsync(join(BENCH_DIR, "resync-mbsync"), login);
  mbsync.clear();
  await mbsync.run();
  const ours: number[] = [];
  const peer: number[] = [];
  const asProcess: number[] = [];
  await account.syncNow();
  await raw.ask();
  for (let round = 0; round < ROUNDS; round += 1) {
    const started = performance.now();
    await account.syncNow();
    ours.push(performance.now() - started);
    peer.push(await raw.ask());
    if (round % 10 === 0) asProcess.push(await mbsync.run());
  }
  raw.close();
  await account.stop();
  printBench({
    bench: "resync",
    n: 30,
    ours: median(ours),
    peer: median(peer),
    peerName: "raw LIST RETURN (STATUS) on an open connection",
    unit: "ms",
    memoryMb: process.memoryUsage().rss / 1024 / 1024,
    fs: fileSystemOf(BENCH_DIR),
    mbsyncMs: median(asProcess),
  });
} finally {
  await pool.close();
  store.close();
  for (const name of ["resync-profile", "resync-mbsync"]) rmSync(join(BENCH_DIR, name), { recursive: true, force: true });
  await servers.stop();
}
