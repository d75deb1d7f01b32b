import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { startMailServers } from "../servers/real.ts";
import { journallingDisk } from "./support/journalling-disk.ts";
import { loadMailbox } from "./support/load.ts";
import { FOLDERS } from "./support/mailbox.ts";
import { Mbsync } from "./support/mbsync.ts";
import { BENCH_DIR, type FirstSync, firstSync } from "./support/measured-host.ts";
import { rawFetch } from "./support/raw-fetch.ts";
import { median, printBench, tell } from "./support/report.ts";
import { warmMemory } from "./support/warm-memory.ts";

// The whole account offline and indexed, against mbsync with its default FSync into a Maildir on the same disk; and against a raw
// socket that throws everything away.
const COUNT = Number(process.argv[2] ?? 20_000);
const RUN = "first-sync-rounds";
const ROUNDS = Number(process.argv[3] ?? 3);

const servers = await startMailServers();
const [user] = servers.users;
const disk = journallingDisk(BENCH_DIR);
const rounds = join(disk.path, RUN);
if (user === undefined) throw new Error("no user");
try {
  tell(`Preparing ${COUNT} messages …`);
  await loadMailbox(servers, COUNT);
  const login = { port: servers.ports.imap, user: user.address, password: user.password };
  // A place of its own for each round, all of them removed at the end: nothing that was deleted a moment ago is in the way.
  mkdirSync(rounds, { recursive: true });
  const place = (name: string, round: number): string => join(rounds, `${name}-${round}`);
  // Once before, so that neither side pays for the server's own caches.
  await rawFetch(login, FOLDERS);
  const ours: FirstSync[] = [];
  const peer: number[] = [];
  const raw: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    execFileSync("sync");
    warmMemory();
    ours.push(await firstSync(servers, place("profile", round), COUNT));
    execFileSync("sync");
    const mbsync = new Mbsync(place("mbsync", round), login);
    mbsync.clear();
    warmMemory();
    peer.push(await mbsync.run());
    execFileSync("sync");
    warmMemory();
    raw.push(await rawFetch(login, FOLDERS));
    tell(
      `ours ${Math.round(ours.at(-1)?.tookMs ?? 0)} ms, mbsync ${Math.round(peer.at(-1) ?? 0)} ms, raw ${Math.round(raw.at(-1) ?? 0)} ms`,
    );
  }
  const tookMs = median(ours.map((one) => one.tookMs));
  printBench({
    bench: "first-sync",
    n: COUNT,
    ours: tookMs,
    peer: median(peer),
    peerName: "mbsync, default FSync, PLAIN, no TLS, Maildir",
    unit: "ms",
    memoryMb: Math.max(...ours.map((one) => one.memoryMb)),
    fs: disk.name,
    rawMs: median(raw),
    ratioToRaw: tookMs / median(raw),
    firstPageMs: median(ours.map((one) => one.firstPageMs)),
    listedToRaw: median(ours.map((one) => one.listedMs)) / median(raw),
    storedToRaw: median(ours.map((one) => one.storedMs)) / median(raw),
    cpuMsPerMessage: ours.map((one) => one.cpu),
  });
} finally {
  rmSync(rounds, { recursive: true, force: true });
  disk.release();
  await servers.stop();
}
