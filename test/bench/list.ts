import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { chromium, type Page } from "playwright-core";
import { insertAccount } from "../../main/store/accounts.ts";
import { readFolders, writeFolderList } from "../../main/store/folders.ts";
import { type IncomingHeader, ingestHeaders } from "../../main/store/ingest.ts";
import { openStore } from "../../main/store/open.ts";
import { writeSwitch } from "../../main/store/settings.ts";
import { HostProcess } from "../support/host-process.ts";
import { CHROMIUM, QUIET } from "./support/chromium.ts";
import { BENCH_DIR, BUNDLE } from "./support/measured-host.ts";
import { fileSystemOf, percentile, printBench, tell } from "./support/report.ts";
import { LATIN_WORDS, randomFrom } from "./support/words.ts";

// Through 100,000 rows from top to bottom, 1,200 px a frame, against the same scroll over coloured rows without data. A frame that shows
// a row not yet read counts as 100 ms.
const COUNT = 100_000;
const STEP_PX = 1200;
const FRAMES = Number(process.argv[2] ?? 6600);
const BLANK_MS = 100;

type Frames = { intervals: number[]; blanks: number };

/** Scrolls step by step in the page itself and notes the time from frame to frame. */
function scroll({ selector, step, frames }: { selector: string; step: number; frames: number }): Promise<Frames> {
  const scroller = document.querySelector(selector);
  if (scroller === null) throw new Error("nothing to scroll");
  return new Promise((resolve) => {
    const intervals: number[] = [];
    let blanks = 0;
    let before = 0;
    const next = (at: number): void => {
      if (before > 0) intervals.push(at - before);
      before = at;
      if (scroller.querySelector("[data-placeholder]") !== null) blanks += 1;
      if (intervals.length >= frames) resolve({ intervals, blanks });
      else {
        scroller.scrollTop += step;
        requestAnimationFrame(next);
      }
    };
    requestAnimationFrame(next);
  });
}

const COLOURED = `<!doctype html><style>body{margin:0}#list{height:820px;overflow:auto;position:relative}#all{position:relative}
.row{position:absolute;left:0;right:0;height:78px;border-bottom:1px solid #ccc}</style><div id="list"><div id="all" style="height:${COUNT * 80}px"></div></div>
<script>const list=document.getElementById("list"),all=document.getElementById("all");const rows=Array.from({length:24},()=>all.appendChild(Object.assign(document.createElement("div"),{className:"row"})));
const lay=()=>{const first=Math.max(0,Math.floor(list.scrollTop/80)-4);rows.forEach((row,i)=>{const n=first+i;row.style.transform="translateY("+n*80+"px)";row.style.background="hsl("+n%360+" 60% 90%)"})};
list.addEventListener("scroll",lay);lay();</script>`;

function fill(profileDir: string): void {
  const store = openStore({ profileDir });
  writeSwitch(store, "work-offline", true);
  const server = { host: "127.0.0.1", port: 9, security: "plain", user: "user1@example.test" } as const;
  const account = insertAccount(store, {
    name: "Bench",
    address: "user1@example.test",
    personName: "",
    settings: { protocol: "imap", incoming: server, outgoing: server },
    provider: null,
  });
  writeFolderList(store, account, [
    { path: "INBOX", delimiter: "/", name: "INBOX", parentPath: null, role: "inbox", canSelect: true, canWrite: true, subscribed: true },
  ]);
  const [inbox] = readFolders(store, account);
  if (inbox === undefined) throw new Error("no inbox");
  const random = randomFrom(3);
  const word = (): string => LATIN_WORDS[Math.floor(random() * 9000)] ?? "";
  for (let at = 0; at < COUNT; at += 200) {
    const rows = Array.from({ length: 200 }, (_, i): IncomingHeader => {
      const from = { name: `${word()} ${word()}`, address: `${word()}@example.test` };
      const header = {
        messageIdHeader: `list-${at + i}@example.test`,
        inReplyTo: null,
        references: [],
        subject: `${word()} ${word()} ${word()}`,
        from: [from],
        to: [],
        cc: [],
        bcc: [],
        replyTo: [],
        sentAt: null,
      };
      return {
        uid: at + i + 1,
        modseq: null,
        flags: (at + i) % 5 === 0 ? 0 : 1,
        keywords: [],
        receivedAt: 1_500_000_000_000 + (at + i) * 60_000,
        sizeBytes: 5000,
        emailId: null,
        header,
        hasAttachment: i % 9 === 0,
        parts: [],
      };
    });
    ingestHeaders(store, inbox.id, 1, rows);
  }
  store.close();
}

async function measure(page: Page, selector: string): Promise<Frames> {
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(done)));
  return page.evaluate(scroll, { selector, step: STEP_PX, frames: FRAMES });
}

const profile = join(BENCH_DIR, "list-profile");
rmSync(profile, { recursive: true, force: true });
mkdirSync(profile, { recursive: true });
tell(`Filling a store with ${COUNT} messages …`);
fill(profile);
const host = await HostProcess.start({ profile, entry: BUNDLE });
const browser = await chromium.launch({ executablePath: CHROMIUM, args: QUIET });
try {
  const viewport = { width: 1440, height: 900 };
  const app = await browser.newPage({ viewport });
  await app.goto(host.address);
  await app.getByRole("grid").getByRole("row").first().waitFor();
  const ours = await measure(app, '[role="grid"]');
  await app.close();
  const plain = await browser.newPage({ viewport });
  await plain.setContent(COLOURED);
  const peer = await measure(plain, "#list");
  const counted = [...ours.intervals.slice(ours.blanks), ...Array.from({ length: ours.blanks }, () => BLANK_MS)];
  printBench({
    bench: "list",
    n: COUNT,
    ours: percentile(counted, 0.95),
    peer: percentile(peer.intervals, 0.95),
    peerName: "coloured rows without data",
    unit: "ms",
    memoryMb: host.peakMemoryMb(),
    fs: fileSystemOf(BENCH_DIR),
    longestMs: Math.max(...ours.intervals),
    framesWithPlaceholder: ours.blanks,
  });
} finally {
  await browser.close();
  await host.stop();
  rmSync(profile, { recursive: true, force: true });
}
