import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { indexText } from "../../main/mime/index-text.ts";
import { find } from "../../main/search/finder.ts";
import { mergeStep, openIndexFile, writeDocument } from "../../main/search/index-file.ts";
import { folderRows } from "../../main/store/folder-rows.ts";
import { openStore, type Store } from "../../main/store/open.ts";
import { applyServerFlags, knownUids } from "../../main/store/reconcile.ts";
import { conversation, page } from "../../main/store/views.ts";
import type { FolderId, ViewKey } from "../../shared/ids.ts";
import { addBenchAccount, fillFolder } from "./support/large-store.ts";
import { BENCH_DIR } from "./support/measured-host.ts";
import { fileSystemOf, median, percentile, printBench, tell } from "./support/report.ts";
import { LATIN_WORDS, randomFrom } from "./support/words.ts";

// How the store grows: 100,000 messages in one folder, then nine folders more of as many. At each mark the same questions are asked; the
// ratio is that of a grouped page at the last mark to one at the first, and 1 would be perfect. Milliseconds are of this process's own processor: what
// else the computer has to do at the time lengthens none of them.
const MOST = Number(process.argv[2] ?? 1_000_000);
const MARKS = [...[10_000, 100_000].filter((mark) => mark < MOST), MOST];
const IN_FOLDER = 100_000;
const ASKED = 300;
const MERGE_PAGES = 500;

type Mark = { n: number; pageP95Ms: number; rankP95Ms: number; conversationP95Ms: number; foldersMs: number; searchP95Ms: number } & {
  flagsMs: number;
  uidsMs: number;
  sliceP95Ms: number;
  longestSliceMs: number;
  rssMb: number;
};

const profileDir = join(BENCH_DIR, "scale-profile");
rmSync(profileDir, { recursive: true, force: true });
mkdirSync(profileDir, { recursive: true });
const store = openStore({ profileDir });
const index = openIndexFile(join(profileDir, "search.db")).database;
const folders = addBenchAccount(store, Math.ceil((MARKS.at(-1) ?? 0) / IN_FOLDER) - 1);
const random = randomFrom(11);

function timed(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

function times(count: number, work: () => unknown): number[] {
  return Array.from({ length: count }, () => timed(work));
}

async function ask(n: number, inbox: FolderId, slices: readonly number[]): Promise<Mark> {
  const view: ViewKey = `folder:${inbox}`;
  const source = { view, grouped: true, filter: "all" as const, limit: 50 };
  const { total } = page(store, { ...source, from: { kind: "top" } });
  const seen: { id: number; key: { at: number; id: number } }[] = [];
  const rankP95Ms = percentile(
    times(ASKED, () => {
      const { rows } = page(store, { ...source, from: { kind: "rank", rank: Math.floor(random() * total) } });
      const [first] = rows;
      if (first !== undefined) seen.push({ id: first.conversationId, key: first.key });
    }),
    0.95,
  );
  let at = 0;
  const next = () => seen[at++ % seen.length];
  const pages = times(ASKED, () => {
    const than = next()?.key;
    if (than !== undefined) page(store, { ...source, from: { kind: "older", than: than as never } });
  });
  const conversations = times(ASKED, () =>
    conversation(store, { conversationId: (next()?.id ?? 0) as never, view: null, placementId: null }),
  );
  const searches = times(ASKED, () => {
    const query = `${LATIN_WORDS[Math.floor(random() * 9000)] ?? ""} ${LATIN_WORDS[Math.floor(random() * 200)] ?? ""}`;
    find(index, store.db, { query, view: null, limit: 50, cursor: null });
  });
  // Ten messages changed their flags on the server.
  const changed = Array.from({ length: 10 }, () => Math.floor(random() * Math.min(n, IN_FOLDER)) + 1);
  const flags = times(20, () =>
    applyServerFlags(
      store,
      inbox,
      1,
      changed.map((uid) => ({ uid, modseq: null, flags: Math.floor(random() * 2), keywords: [] })),
    ),
  );
  const before = process.cpuUsage();
  await knownUids(store, inbox, 1);
  const { user, system } = process.cpuUsage(before);
  const uidsMs = (user + system) / 1000;
  return {
    n,
    pageP95Ms: percentile(pages, 0.95),
    rankP95Ms,
    conversationP95Ms: percentile(conversations, 0.95),
    foldersMs: median(times(20, () => folderRows(store))),
    searchP95Ms: percentile(searches, 0.95),
    flagsMs: median(flags),
    uidsMs,
    sliceP95Ms: percentile(slices, 0.95),
    longestSliceMs: Math.max(...slices),
    rssMb: process.memoryUsage.rss() / 1024 / 1024,
  };
}

function fillTo(from: number, to: number, open: Store): number[] {
  const slices: number[] = [];
  for (let have = from; have < to; ) {
    const folder = folders[Math.floor(have / IN_FOLDER)];
    if (folder === undefined) throw new Error("no folder is left");
    // A folder that was begun before is filled up under numbers of its own.
    const part = Math.min(to, (Math.floor(have / IN_FOLDER) + 1) * IN_FOLDER) - have;
    for (const { rows, ingested, tookMs } of fillFolder(open, folder, part, { seed: have + 1, first: have % IN_FOLDER, answers: true })) {
      slices.push(tookMs);
      index.write((tx) => {
        for (const [i, { messageId }] of ingested.entries()) {
          const { receivedAt = 0, header } = rows[i] ?? {};
          const [sender] = header?.from ?? [];
          const text = indexText({
            subject: header?.subject ?? "",
            from: `${sender?.name ?? ""} ${sender?.address ?? ""}`,
            to: "",
            body: header?.subject ?? "",
            attachmentNames: "",
          });
          writeDocument(tx, { messageId, receivedAt, text, unread: false });
        }
      });
    }
    have += part;
    tell(`${have} messages`);
  }
  return slices;
}

try {
  const marks: Mark[] = [];
  const [inbox] = folders;
  if (inbox === undefined) throw new Error("no inbox");
  for (const n of MARKS) {
    const slices = fillTo(marks.at(-1)?.n ?? 0, n, store);
    // As the search thread does when there is nothing else to do.
    while (mergeStep(index, MERGE_PAGES));
    const mark = await ask(n, inbox, slices);
    tell(JSON.stringify(mark));
    marks.push(mark);
  }
  const [first] = marks;
  const last = marks.at(-1);
  if (first === undefined || last === undefined) throw new Error("nothing was measured");
  printBench({
    bench: "scale",
    n: last.n,
    ours: last.pageP95Ms,
    peer: first.pageP95Ms,
    peerName: `the same at ${first.n}`,
    unit: "ms",
    memoryMb: Math.max(...marks.map(({ rssMb }) => rssMb)),
    fs: fileSystemOf(BENCH_DIR),
    curve: marks,
  });
} finally {
  index.close();
  store.close();
  rmSync(profileDir, { recursive: true, force: true });
}
