import { mkdirSync } from "node:fs";
import { BENCH_DIR } from "./support/measured-host.ts";
import { fileSystemOf, median, printBench, tell } from "./support/report.ts";
import { startSmtpSink } from "./support/smtp-sink.ts";
import { measureOutbox, measurePool } from "./support/throughput.ts";

// Messages a second from the first Send to the last acceptance on disk, composing included, filing off, five connections, against
// nodemailer's pool to the same sink.
const COUNT = 2000;
const CONNECTIONS = 5;
const ROUNDS = 3;

mkdirSync(BENCH_DIR, { recursive: true });
const sink = await startSmtpSink();
try {
  const ours: number[] = [];
  const peer: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    ours.push(await measureOutbox(sink.port, COUNT, CONNECTIONS, BENCH_DIR));
    peer.push(await measurePool(sink.port, COUNT, CONNECTIONS));
    tell(`ours ${Math.round(ours.at(-1) ?? 0)}, pool ${Math.round(peer.at(-1) ?? 0)} messages/s`);
  }
  printBench({
    bench: "outbox",
    n: COUNT,
    ours: median(ours),
    peer: median(peer),
    peerName: "nodemailer pool, same smtp-sink",
    unit: "messages/s",
    memoryMb: process.resourceUsage().maxRSS / 1024,
    fs: fileSystemOf(BENCH_DIR),
  });
} finally {
  sink.stop();
}
