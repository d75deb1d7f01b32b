import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { chromium, type Page } from "playwright-core";
import { openStore } from "../../main/store/open.ts";
import { writeSwitch } from "../../main/store/settings.ts";
import { HostProcess } from "../support/host-process.ts";
import { CHROMIUM, QUIET } from "./support/chromium.ts";
import { addBenchAccount, fillFolder } from "./support/large-store.ts";
import { BENCH_DIR, BUNDLE } from "./support/measured-host.ts";
import { fileSystemOf, percentile, printBench, tell } from "./support/report.ts";

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
  const [inbox] = addBenchAccount(store);
  if (inbox === undefined) throw new Error("no inbox");
  for (const slice of fillFolder(store, inbox, COUNT, { seed: 3, answers: false }))
    if (slice.ingested.length === 0) throw new Error("nothing was taken in");
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
