import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { chromium, type Page } from "playwright-core";
import { parseArrived } from "../../main/mime/parse-arrived.ts";
import { writeBlob } from "../../main/store/blobs.ts";
import { ingestBodies } from "../../main/store/ingest-bodies.ts";
import { openStore } from "../../main/store/open.ts";
import { writeSwitch } from "../../main/store/settings.ts";
import { HostProcess } from "../support/host-process.ts";
import { CHROMIUM, QUIET } from "./support/chromium.ts";
import { addBenchAccount, fillFolder } from "./support/large-store.ts";
import { type Letter, letterOf } from "./support/letters.ts";
import { BENCH_DIR, BUNDLE } from "./support/measured-host.ts";
import { fileSystemOf, percentile, printBench, tell } from "./support/report.ts";

// From the key or the click on a message that is here to its last line painted, against the same Chromium that shows the sender's bare HTML in
// an iframe. Half of them are the next message, half are somewhere else in the list, where the pointer rests on the row before it presses. A
// few more are opened by a pointer that comes and presses at once, so that nothing could be made ready for it (`coldMs`).
const COUNT = 20_000;
const OPENED = Number(process.argv[2] ?? 120);
const COLD = Math.ceil(OPENED / 4);
/** Somebody looks at each: what is read ahead has this time. */
const LOOK_MS = 250;
const REST_MS = 200;
const ROW_PX = 80;

function fill(profileDir: string): void {
  const store = openStore({ profileDir });
  writeSwitch(store, "work-offline", true);
  const [inbox] = addBenchAccount(store);
  if (inbox === undefined) throw new Error("no inbox");
  let number = 0;
  for (const { rows, ingested } of fillFolder(store, inbox, COUNT, { seed: 5, answers: false })) {
    const bodies = ingested.map(({ placementId }, at) => {
      const envelope = rows[at]?.header;
      if (envelope === undefined) throw new Error("a row without its message");
      const raw = letterOf(number++, envelope).raw;
      const { hash, sizeBytes } = writeBlob(store.blobs.dir, raw, { durable: false });
      return { placementId, body: { ...parseArrived(raw).summary, hash, sizeBytes } };
    });
    ingestBodies(store, bodies);
  }
  store.close();
}

/** Set up once in a page: notes when a key or a button went down, and answers how long after that the words stood there, painted. */
function watch(): void {
  let pressedAt = 0;
  for (const name of ["keydown", "mousedown"]) addEventListener(name, () => (pressedAt = performance.now()), true);
  // What is only laid out for later counts for nothing.
  const isSeen = (one: Element): boolean =>
    one.checkVisibility({ visibilityProperty: true, opacityProperty: true, contentVisibilityAuto: true });
  const wordsOf = (): string => {
    const place = [...document.querySelectorAll(".card, iframe.bare")].find(isSeen);
    const frame = place?.matches("iframe") ? (place as HTMLIFrameElement) : place?.querySelector("iframe");
    return (frame ? frame.contentDocument?.body : place?.querySelector(".body"))?.textContent ?? "";
  };
  Object.assign(globalThis, {
    painted: null,
    watchFor(mark: string): void {
      pressedAt = 0;
      Object.assign(globalThis, {
        painted: new Promise<number>((resolve) => {
          const look = (): void => {
            // What stands in the page when a frame is made is painted by it.
            if (pressedAt > 0 && wordsOf().includes(mark)) setTimeout(() => resolve(performance.now() - pressedAt));
            else requestAnimationFrame(look);
          };
          look();
        }),
      });
    },
  });
}

type Watching = { watchFor(mark: string): void; painted: Promise<number> };

/** What one opening took: by the clock, and of the processor by the page's own thread, which a busy machine does not change as much. */
type Took = { readonly ms: number; readonly cpuMs: number };
type Meter = () => Promise<number>;

async function meterOf(page: Page): Promise<Meter> {
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  return async () => {
    const { metrics } = await session.send("Performance.getMetrics");
    return (metrics.find(({ name }) => name === "TaskDuration")?.value ?? Number.NaN) * 1000;
  };
}

async function opened(page: Page, meter: Meter, mark: string, how: () => Promise<void>): Promise<Took> {
  // Before the key goes down, or it might be heard first.
  await page.evaluate((words) => (globalThis as unknown as Watching).watchFor(words), mark);
  const before = await meter();
  await how();
  const ms = await page.evaluate(() => (globalThis as unknown as Watching).painted);
  const cpuMs = (await meter()) - before;
  await wait(LOOK_MS);
  return { ms, cpuMs };
}

type Times = { next: Took[]; elsewhere: Took[]; cold: Took[]; letters: Letter[] };

const msOf = ({ ms }: Took): number => ms;
const cpuOf = ({ cpuMs }: Took): number => cpuMs;

async function ours(address: string, page: Page): Promise<Times> {
  await page.goto(address);
  const rows = page.getByRole("grid").getByRole("row");
  await rows.first().click();
  await page.locator(".card").first().waitFor();
  // The reader's threads have started by then, as they have for whoever looked at the list first.
  await wait(3000);
  await page.evaluate(watch);
  const meter = await meterOf(page);
  const times: Times = { next: [], elsewhere: [], cold: [], letters: [] };
  let rank = 0;
  for (let at = 0; at < OPENED + COLD; at += 1) {
    const way = at >= OPENED ? "cold" : at % 2 === 0 ? "next" : "elsewhere";
    rank = way === "next" ? rank + 1 : rank + 4 + (at % 3);
    const letter = letterOf(COUNT - 1 - rank);
    if (way !== "cold") times.letters.push(letter);
    const row = page.locator(`[role=row][aria-rowindex="${rank + 1}"]`);
    // Not over a row, where it would rest on what is scrolled below it.
    if (way === "cold") await page.mouse.move(0, 0);
    if (way !== "next") await page.evaluate((top) => document.querySelector("[role=grid]")?.scrollTo({ top }), (rank - 4) * ROW_PX);
    await row.waitFor();
    // A hand rests on a row before it presses.
    if (way === "elsewhere") await row.hover({ position: { x: 120, y: 20 } });
    if (way !== "next") await wait(REST_MS);
    const took = await opened(page, meter, letter.mark, () =>
      way === "next" ? page.keyboard.press("j") : row.click({ position: { x: 120, y: 20 } }),
    );
    times[way].push(took);
  }
  return times;
}

function serveBare(letters: readonly Letter[]): Promise<Server> {
  const server = createServer((request, response) => {
    const letter = letters[Number(request.url?.slice(1))];
    response.setHeader("content-type", "text/html; charset=utf-8");
    response.end(letter === undefined ? "<!doctype html><body>" : letter.html);
  });
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));
}

async function bare(page: Page, letters: readonly Letter[]): Promise<Took[]> {
  const server = await serveBare(letters);
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  await page.goto(`http://127.0.0.1:${address.port}/none`);
  await page.evaluate(watch);
  await page.evaluate(() => {
    let at = 0;
    addEventListener("keydown", () => {
      document.querySelector("iframe")?.remove();
      const frame = document.createElement("iframe");
      frame.className = "bare";
      frame.style.cssText = "width: 740px; height: 800px";
      frame.src = `/${at++}`;
      document.body.append(frame);
    });
  });
  const meter = await meterOf(page);
  const times: Took[] = [];
  for (const { mark } of letters) times.push(await opened(page, meter, mark, () => page.keyboard.press("j")));
  server.close();
  return times;
}

/** Filled once and kept; grows when what is in it changes. */
const kept = join(BENCH_DIR, `open-${COUNT}-v1`);
const profile = join(BENCH_DIR, "open-profile");
if (!existsSync(kept)) {
  tell(`Filling a store with ${COUNT} messages …`);
  rmSync(`${kept}.next`, { recursive: true, force: true });
  mkdirSync(`${kept}.next`, { recursive: true });
  fill(`${kept}.next`);
  renameSync(`${kept}.next`, kept);
}
rmSync(profile, { recursive: true, force: true });
execFileSync("cp", ["-a", kept, profile]);
const host = await HostProcess.start({ profile, entry: BUNDLE });
const browser = await chromium.launch({ executablePath: CHROMIUM, args: QUIET });
try {
  const viewport = { width: 1440, height: 900 };
  const app = await browser.newPage({ viewport });
  const mine = await ours(host.address, app);
  const memoryMb = host.peakMemoryMb();
  await app.close();
  const plain = await browser.newPage({ viewport });
  const peer = await bare(plain, mine.letters);
  const all = [...mine.next, ...mine.elsewhere];
  printBench({
    bench: "open",
    n: COUNT,
    ours: percentile(all.map(msOf), 0.95),
    peer: percentile(peer.map(msOf), 0.95),
    peerName: "the sender's bare HTML in an iframe",
    unit: "ms",
    memoryMb,
    fs: fileSystemOf(BENCH_DIR),
    opened: OPENED,
    nextMs: percentile(mine.next.map(msOf), 0.95),
    elsewhereMs: percentile(mine.elsewhere.map(msOf), 0.95),
    coldMs: percentile(mine.cold.map(msOf), 0.95),
    coldMedianMs: percentile(mine.cold.map(msOf), 0.5),
    medianMs: percentile(all.map(msOf), 0.5),
    peerMedianMs: percentile(peer.map(msOf), 0.5),
    cpuMs: percentile(all.map(cpuOf), 0.95),
    peerCpuMs: percentile(peer.map(cpuOf), 0.95),
    cpuMedianMs: percentile(all.map(cpuOf), 0.5),
    peerCpuMedianMs: percentile(peer.map(cpuOf), 0.5),
  });
} finally {
  await browser.close();
  await host.stop();
  rmSync(profile, { recursive: true, force: true });
}
