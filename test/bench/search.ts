import type { OutputOf } from "../../shared/contract/table.ts";
import type { HostLine } from "../support/host-process.ts";
import { generateMessage } from "./support/mailbox.ts";
import { BENCH_DIR, startHost } from "./support/measured-host.ts";
import { Notmuch } from "./support/notmuch.ts";
import { type Query, type Searchable, searchable, twentyQueries } from "./support/queries.ts";
import { fileSystemOf, median, percentile, printBench, tell } from "./support/report.ts";
import { syncedProfile } from "./support/synced-profile.ts";

// Twenty searches, the fifty newest hits each, from the window's line and back, against notmuch; and every hit against a scan of
// the text that the generator put in.
const COUNT = 20_000;
const ROUNDS = 5;

/** By second: within one, lists go by the order in which messages came. */
function named(at: number, subject: string): string {
  return `${Math.floor(at / 1000)} ${subject}`;
}

async function allHits(line: HostLine, query: string): Promise<string[]> {
  const subjects: string[] = [];
  for (let cursor: number | null = null; ; ) {
    const answer: OutputOf<"search.run"> = await line.request("search.run", { query, view: null, limit: 200, cursor });
    for (const { row } of answer.hits) subjects.push(named(row.key.at, row.subject));
    if (answer.nextCursor === null) return subjects;
    cursor = answer.nextCursor;
  }
}

/** How many hits are missing or too many, by date and subject. */
function difference(found: readonly string[], expected: readonly string[]): number {
  const left = new Map<string, number>();
  for (const one of expected) left.set(one, (left.get(one) ?? 0) + 1);
  for (const one of found) left.set(one, (left.get(one) ?? 0) - 1);
  return [...left.values()].reduce((sum, count) => sum + Math.abs(count), 0);
}

const profile = await syncedProfile(COUNT);
const notmuch = new Notmuch(COUNT);
const queries = twentyQueries();
tell("Scanning the text that was put in …");
const expected = queries.map((): string[] => []);
for (let index = 0; index < COUNT; index += 1) {
  const message = generateMessage(index);
  const scanned: Searchable = searchable(message);
  queries.forEach((query: Query, at) => {
    if (query.finds(scanned)) expected[at]?.push(named(message.receivedAt, message.subject));
  });
}
const { host, line } = await startHost(profile, false);
try {
  const ours: number[] = [];
  const peer: number[] = [];
  let wrong = 0;
  for (const [at, { ours: query }] of queries.entries()) {
    const differs = difference(await allHits(line, query), expected[at] ?? []);
    if (differs > 0) tell(`${query}: ${differs} hits differ from the scan (${expected[at]?.length ?? 0} expected)`);
    wrong += differs;
  }
  const ask = (query: string) => line.request("search.run", { query, view: null, limit: 50, cursor: null });
  const [first] = queries;
  if (first === undefined) throw new Error("no queries");
  // Rounds alternate, not single searches, and the first search of a round is not counted: each side's turn leaves the other cold.
  for (let round = 0; round < ROUNDS; round += 1) {
    await ask(first.ours);
    for (const query of queries) {
      const started = performance.now();
      await ask(query.ours);
      ours.push(performance.now() - started);
    }
    notmuch.search(first.notmuch);
    for (const query of queries) peer.push(notmuch.search(query.notmuch));
  }
  printBench({
    bench: "search",
    n: queries.length,
    ours: median(ours),
    peer: median(peer),
    peerName: "notmuch search --output=messages --sort=newest-first --limit=50",
    unit: "ms",
    memoryMb: host.peakMemoryMb(),
    fs: fileSystemOf(BENCH_DIR),
    p95Ms: percentile(ours, 0.95),
    hitsThatDiffer: wrong,
    hitsExpected: expected.reduce((sum, one) => sum + one.length, 0),
  });
} finally {
  line.close();
  await host.stop();
}
