import type { BrowserContext, Page } from "playwright-core";
import { type Ears, SNIFFED, startEars } from "../servers/sniff/ears.ts";
import { launchHeard } from "../support/sniffing-browser.ts";
import { type Addresses, addressesOf, type Vector } from "./vector.ts";

/** How a vector is shown in one run: its page, and the headers that come with it. */
export type Served = { readonly html: string; readonly headers?: Readonly<Record<string, string>> };

const SIDE_BY_SIDE = 4;
/** As many frames as fit into one window: what is out of sight may load later, or never. */
const IN_FRAMES = 42;

/** A browser, the ears around it, and what its pages did. Everything that is told carries the key of the vector that caused it. */
export class Sniffer {
  readonly ears: Ears;
  readonly context: BrowserContext;
  /** What ran, opened, was downloaded or asked the user, a line each. */
  readonly deeds: string[] = [];
  readonly #close: () => Promise<void>;
  readonly #pageHost: string;
  #fences = 0;

  private constructor(ears: Ears, context: BrowserContext, pageHost: string, close: () => Promise<void>) {
    this.ears = ears;
    this.context = context;
    this.#pageHost = pageHost;
    this.#close = close;
  }

  /** @param pageHost where bare pages come from. Usually by a name, so that 127.0.0.1 is another origin than theirs; no name server is asked for it. */
  static async start(flags: readonly string[] = [], pageHost: "localhost" | "127.0.0.1" = "localhost"): Promise<Sniffer> {
    const ears = await startEars();
    const { context, close } = await launchHeard(ears, flags);
    return new Sniffer(ears, context, pageHost, close);
  }

  async stop(): Promise<void> {
    await this.#close();
    await this.ears.stop();
  }

  /** Addresses of a vector in one run; another run has others, so that nothing is answered from memory. */
  addresses(vector: Pick<Vector, "name">, run: string): Addresses {
    const { port, securePort } = this.ears.web;
    return addressesOf(`${vector.name}-${run}`, { domain: SNIFFED, port, securePort });
  }

  /** Serves each vector as a page of its own and opens it as people would, pressing what wants to be pressed. */
  async openAll(
    vectors: readonly Vector[],
    run: string,
    serve: (vector: Vector, to: Addresses) => Served,
    { fenced } = { fenced: true },
  ): Promise<void> {
    const queue = [...vectors];
    const pressed: Page[] = [];
    const work = async (): Promise<void> => {
      let page = await this.newPage();
      for (let vector = queue.shift(); vector !== undefined; vector = queue.shift()) {
        await page.goto(this.#serve(vector, run, serve), { waitUntil: "load" }).catch(interrupted);
        if (vector.press === undefined) {
          if (vector.scriptless !== true) await drawn(page);
          continue;
        }
        await press(page);
        // Where a press leads, another page may still be coming.
        pressed.push(page);
        page = await this.newPage();
      }
      if (fenced) await this.fence(page);
      await page.close();
    };
    await Promise.all(Array.from({ length: SIDE_BY_SIDE }, work));
    await Promise.all(pressed.map((page) => page.close()));
  }

  /** The same, many to a page, in frames without a wall of their own. Nothing is pressed. */
  async openInFrames(vectors: readonly Vector[], run: string, serve: (vector: Vector, to: Addresses) => Served): Promise<void> {
    const page = await this.newPage();
    for (let from = 0; from < vectors.length; from += IN_FRAMES) {
      const frames = vectors.slice(from, from + IN_FRAMES).map((vector) => `<iframe src="${this.#serve(vector, run, serve)}"></iframe>`);
      const path = `/page/frames-${run}-${from}`;
      this.ears.web.pages.set(path, {
        html: `<!doctype html><style>iframe{width:150px;height:110px}</style>${frames.join("")}`,
        headers: {},
      });
      await page.goto(this.#address(path), { waitUntil: "load" });
    }
    await this.fence(page);
    await page.close();
  }

  /** Asks the web server from a page at 127.0.0.1, and waits until it has heard that. */
  async askByNumber(): Promise<void> {
    const page = await this.newPage();
    await page.goto(`http://127.0.0.1:${this.ears.web.port}/by-number/a.html`);
    await until(() => this.ears.heard().some((line) => line.endsWith("/by-number/a.html")));
    await page.close();
  }

  #serve(vector: Vector, run: string, serve: (vector: Vector, to: Addresses) => Served): string {
    const to = this.addresses(vector, run);
    const { html, headers = {} } = serve(vector, to);
    const path = `/page/${to.key}`;
    this.ears.web.pages.set(path, { html, headers });
    return this.#address(path);
  }

  #address(path: string): string {
    return `http://${this.#pageHost}:${this.ears.web.port}${path}`;
  }

  /** Resolves when a name and a request that a page asks for now have been heard: all that was asked before has been, too. */
  async fence(page: Page): Promise<void> {
    this.#fences += 1;
    const key = `fence${this.#fences}`;
    const to = this.addresses({ name: key }, "end");
    const path = `/page/${key}`;
    const html = `<link rel="dns-prefetch" href="//ahead-${to.host}/"><link rel="preconnect" href="${to.https("")}"><img src="${to.http("a.gif")}">`;
    this.ears.web.pages.set(path, { html, headers: {} });
    await page.goto(this.#address(path), { waitUntil: "load" }).catch(interrupted);
    await until(() => {
      const heard = this.ears.heard();
      return [`name ahead-${to.host}`, `greeting ${to.host}`].every((line) => heard.includes(line));
    });
  }

  /** Everything that was heard or done in one run, by the vector's name. */
  told(run: string): ReadonlyMap<string, readonly string[]> {
    const told = new Map<string, string[]>();
    for (const line of [...this.ears.heard(), ...this.deeds]) {
      // The key stands in each address, in front of the domain or first in the path.
      const name = new RegExp(`([a-z0-9-]+)-${run}(?![a-z0-9-])`, "u").exec(line)?.[1];
      if (name !== undefined) told.set(name, [...(told.get(name) ?? []), line]);
    }
    return told;
  }

  /** What was heard of hosts that no vector owns, apart from what Chromium asks for itself when it starts. */
  strangers(): readonly string[] {
    return this.ears
      .heard()
      .filter((line) => !line.includes(SNIFFED) && !/localhost|127\.0\.0\.1|google(?:apis)?\.com$|gstatic\.com$/u.test(line));
  }

  async newPage(): Promise<Page> {
    const page = await this.context.newPage();
    page.on("console", (message) => {
      if (message.text().startsWith("ran:")) this.deeds.push(message.text());
    });
    page.on("dialog", (dialog) => {
      this.deeds.push(`dialog ${dialog.message()} at ${page.url()}`);
      void dialog.dismiss();
    });
    page.on("download", (download) => this.deeds.push(`download ${download.url()}`));
    page.on("popup", (popup) => {
      this.deeds.push(`window ${popup.url()} at ${page.url()}`);
      void popup.close();
    });
    return page;
  }
}

/** A page that goes elsewhere at once, or downloads, interrupts its own loading. */
function interrupted(error: Error): void {
  if (!/interrupted by another navigation|ERR_ABORTED|ERR_BLOCKED|frame was detached|ERR_INVALID/u.test(error.message)) throw error;
}

/** What wants the focus gets it when the page is drawn, which may be after it has loaded. */
async function drawn(page: Page): Promise<void> {
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))).catch(gone);
}

/** It leads elsewhere by itself. */
function gone(error: Error): void {
  if (!/context was destroyed|navigation|Target (?:page|closed)|frame was detached/iu.test(error.message)) throw error;
}

/** Points at what says "Press" and clicks there, whatever lies on top of it. */
async function press(page: Page): Promise<void> {
  const found = page
    .locator("button, a, p, area, text, mtext, label, img, [href]")
    .filter({ hasText: "Press" })
    .or(page.getByAltText("Press"));
  if ((await found.count()) === 0) return;
  const box = await found.first().boundingBox();
  if (box === null) return;
  await page.mouse.move(box.x + Math.min(box.width, 20) / 2, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.up();
}

async function until(holds: () => boolean, withinMs = 20_000): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error("the ears did not hear the browser");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
