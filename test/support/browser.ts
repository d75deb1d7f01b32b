import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BrowserContext, Page } from "playwright-core";
import WebSocket from "ws";
import { HostLine, HostProcess } from "./host-process.ts";
import { CHROMIUM, keptBrowser, leaveBrowser } from "./kept-browser.ts";

/** False where no browser is installed: journeys skip by name. */
export const HAS_BROWSER = CHROMIUM !== null && existsSync(CHROMIUM);

/** How long a journey waits for what must come. Long, because a loaded machine is slow and a condition that holds ends the wait at once. */
export const PATIENCE_MS = 60_000;

export type Look = { language?: "en" | "zh-CN"; theme?: "light" | "dark"; width?: number; height?: number };

export type StartOptions = Look & {
  profile?: string;
  ca?: string;
  args?: readonly string[];
  env?: Readonly<Record<string, string>>;
};

/** The program as its user has it: the host as a process of its own, and its window in a browser. */
export class Program {
  readonly profile: string;
  readonly #options: StartOptions;
  #host: HostProcess;
  #context: BrowserContext;
  #page: Page;
  #line: HostLine;
  /** What the window asked of addresses other than its host. Mail that tries to call out shows here. */
  readonly strangers: string[] = [];
  /** Errors on the window's console and uncaught ones. */
  readonly complaints: string[] = [];

  private constructor(profile: string, options: StartOptions, parts: Parts) {
    this.profile = profile;
    this.#options = options;
    this.#host = parts.host;
    this.#context = parts.context;
    this.#page = parts.page;
    this.#line = parts.line;
    this.#watch();
  }

  static async start(options: StartOptions = {}): Promise<Program> {
    const profile = options.profile ?? mkdtempSync(join(tmpdir(), "satchel-journey-"));
    return new Program(profile, options, await open(profile, options));
  }

  get page(): Page {
    return this.#page;
  }

  /** A line of its own to the engine, beside the window's. */
  get line(): HostLine {
    return this.#line;
  }

  get host(): HostProcess {
    return this.#host;
  }

  /** Ends the host and starts it on the same profile. SIGKILL unless told: what must survive an end in order must survive that. */
  async restart(signal: NodeJS.Signals = "SIGKILL"): Promise<void> {
    this.#line.close();
    await this.#context.close();
    await this.#host.stop(signal);
    const parts = await open(this.profile, this.#options);
    this.#host = parts.host;
    this.#context = parts.context;
    this.#page = parts.page;
    this.#line = parts.line;
    this.#watch();
  }

  /** Another look of the same window. */
  async look(look: Look): Promise<void> {
    if (look.language !== undefined || look.theme !== undefined) {
      const { language, theme } = look;
      await this.#line.request("settings.write", {
        ...(language === undefined ? {} : { language }),
        ...(theme === undefined ? {} : { theme }),
      });
      if (theme !== undefined) await this.#page.waitForFunction((wanted) => document.documentElement.dataset["theme"] === wanted, theme);
      if (language !== undefined) await this.#page.waitForFunction((wanted) => document.documentElement.lang === wanted, language);
    }
    if (look.width !== undefined) await this.#page.setViewportSize({ width: look.width, height: look.height ?? 900 });
  }

  /** Keeps a picture under docs/pictures when SATCHEL_PICTURES=1. */
  async picture(name: string): Promise<void> {
    if (process.env["SATCHEL_PICTURES"] !== "1") return;
    const folder = process.env["SATCHEL_PICTURES_IN"] ?? new URL("../../docs/pictures", import.meta.url).pathname;
    await this.#page.evaluate(() => document.fonts.ready);
    await this.#page.screenshot({ path: join(folder, `${name}.png`), animations: "disabled" });
  }

  async stop(): Promise<void> {
    const lastLook = process.env["SATCHEL_LAST_LOOK"];
    if (lastLook !== undefined) await this.#page.screenshot({ path: lastLook });
    this.#line.close();
    await this.#context.close();
    await this.#host.stop("SIGKILL");
    if (this.#options.profile === undefined) rmSync(this.profile, { recursive: true, force: true, maxRetries: 5 });
  }

  #watch(): void {
    const own = new URL(this.#host.address).host;
    this.#context.on("request", (request) => {
      const url = new URL(request.url());
      if (url.host !== own && url.protocol !== "data:" && url.protocol !== "blob:") this.strangers.push(request.url());
    });
    this.#page.on("pageerror", (error) => this.complaints.push(error.message));
  }
}

type Parts = { host: HostProcess; context: BrowserContext; page: Page; line: HostLine };

async function open(profile: string, options: StartOptions): Promise<Parts> {
  const { language = "en", theme = "light", width = 1440, height = 900, ca, args = [] } = options;
  const host = await HostProcess.start({
    profile,
    args: ["--lang", language, ...args],
    ...(ca === undefined ? {} : { ca }),
    ...(options.env === undefined ? {} : { env: options.env }),
  });
  const context = await (await keptBrowser()).newContext({
    viewport: { width, height },
    reducedMotion: "reduce",
    colorScheme: theme,
    acceptDownloads: true,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  await page.goto(host.address);
  // The page is loaded before the window has drawn itself: it asks the engine first.
  await page.locator("main").first().waitFor();
  const line = await lineBeside(context, host);
  return { host, context, page, line };
}

/** The token in the address is good for one visit, so the second line comes in with the window's cookie. */
export async function lineBeside(context: BrowserContext, host: HostProcess): Promise<HostLine> {
  const url = new URL(host.address);
  const cookies = await context.cookies(url.origin);
  const socket = new WebSocket(`ws://${url.host}/port`, {
    origin: url.origin,
    headers: { cookie: cookies.map(({ name, value }) => `${name}=${value}`).join("; ") },
  });
  await once(socket, "open");
  return new HostLine(socket);
}

/** For the end of a file. */
export async function closeBrowser(): Promise<void> {
  await leaveBrowser();
}
