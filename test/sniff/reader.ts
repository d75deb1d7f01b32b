import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import type { PlacementId } from "../../shared/ids.ts";
import { type ImapServer, startImapServer } from "../servers/imap/server.ts";
import { lineBeside } from "../support/browser.ts";
import { openFolder, openRow } from "../support/browser-deeds.ts";
import { addAccount, type HostLine, HostProcess } from "../support/host-process.ts";
import type { Sniffer } from "./sniffer.ts";

const USER = { address: "user1@example.test", password: "secret-user1" };
/** As many messages as one request for a page of the list gives. */
export const MOST_IN_FOLDER = 400;
const FOLDERS = ["First", "Vectors", "Window", ...Array.from({ length: 5 }, (_, at) => `Corpora-${at}`)];
/** As many frames as fit into one window. */
const IN_FRAMES = 42;

export type SentMail = { readonly subject: string } & ({ readonly html: string } | { readonly text: string } | { readonly raw: Buffer });

/** The program with its window in the sniffer's browser, and mail in its store that came as all mail does. */
export class Reader {
  readonly #sniffer: Sniffer;
  readonly #imap: ImapServer;
  readonly #host: HostProcess;
  readonly #line: HostLine;
  readonly #window: Page;
  readonly #profile: string;
  #sandbox = "";
  #delivered = 0;
  /** What a frame or the window asked of others, and where one went. */
  readonly wanderings: string[] = [];

  private constructor(sniffer: Sniffer, parts: { imap: ImapServer; host: HostProcess; line: HostLine; window: Page; profile: string }) {
    this.#sniffer = sniffer;
    this.#imap = parts.imap;
    this.#host = parts.host;
    this.#line = parts.line;
    this.#window = parts.window;
    this.#profile = parts.profile;
  }

  static async start(sniffer: Sniffer): Promise<Reader> {
    const folders = Object.fromEntries(FOLDERS.map((name) => [name, null]));
    const imap = await startImapServer({ users: [{ ...USER, folders: { INBOX: null, ...folders } }] });
    const profile = mkdtempSync(join(tmpdir(), "satchel-sniffed-"));
    const host = await HostProcess.start({ profile, args: ["--lang", "en"] });
    const window = await sniffer.newPage();
    await window.goto(host.address);
    await window.locator("main").first().waitFor();
    const line = await lineBeside(sniffer.context, host);
    await line.request("settings.write", { grouped: false });
    await addAccount(line, { ...USER, imap: imap.port, smtp: 9 });
    const reader = new Reader(sniffer, { imap, host, line, window, profile });
    await reader.#learnFrame();
    return reader;
  }

  get origin(): string {
    return new URL(this.#host.address).origin;
  }

  async stop(): Promise<void> {
    this.#line.close();
    await this.#window.close();
    await this.#host.stop("SIGKILL");
    await this.#imap.stop();
    rmSync(this.#profile, { recursive: true, force: true, maxRetries: 5 });
  }

  /** Puts mail on the server and waits until all of it is in the store. */
  async deliver(folder: string, mails: readonly SentMail[]): Promise<void> {
    for (const mail of mails) this.#imap.folder(USER.address, folder).deliver(messageOf(mail));
    this.#delivered += mails.length;
    await this.#line.request("health.syncNow", {});
    await this.#line.until(
      "health.status",
      {},
      ({ accounts }) =>
        accounts[0]?.state === "up-to-date" && accounts[0].done === this.#delivered && accounts[0].total === this.#delivered,
      60_000,
    );
  }

  /** Opens each HTML message of a folder in a frame like the window's, in the window's own page, and presses what wants to be pressed.
   * @returns how many there were */
  async openFolder(folder: string): Promise<number> {
    const placements = await this.#placements(folder);
    const bodies = await Promise.all(placements.map((placementId) => this.#line.request("mail.read", { placementId })));
    const urls = bodies.flatMap(({ htmlUrl }) => htmlUrl ?? []);
    for (let from = 0; from < urls.length; from += IN_FRAMES) await this.#show(urls.slice(from, from + IN_FRAMES));
    await this.#window.reload();
    await this.#fence();
    return urls.length;
  }

  /** Opens messages in the window as their reader would. */
  async readInWindow(folder: string, subjects: readonly string[]): Promise<void> {
    await openFolder(this.#window, folder);
    for (const subject of subjects) {
      const card = await openRow(this.#window, subject);
      await card.and(this.#window.locator(":not(:has([aria-busy=true]))")).waitFor();
    }
    await this.#fence();
  }

  /**
   * Looks at each file that is attached to a message, as its reader would, the first of which is a document with a link over its page.
   * @returns the address that was shown before the link would have been followed
   */
  async lookAtAttached(folder: string, subject: string, count: number): Promise<string> {
    await this.#window.reload();
    await openFolder(this.#window, folder);
    const card = await openRow(this.#window, subject);
    await card
      .getByRole("button", { name: /^Open / })
      .first()
      .click();
    const dialog = this.#window.getByRole("dialog");
    await dialog.getByRole("button", { name: /^Link to / }).click();
    const question = this.#window.getByRole("alertdialog");
    const address = await question.locator(".words").innerText();
    await question.getByRole("button", { name: "Stay here" }).click();
    for (let at = 1; at < count; at++) {
      await this.#window.keyboard.press("ArrowRight");
      await dialog.getByText(`${at + 1} of ${count}`).waitFor();
      await dialog.locator("[aria-busy=true]").waitFor({ state: "detached" });
    }
    await this.#window.keyboard.press("Escape");
    await this.#fence();
    return address;
  }

  /** Begins an answer to each message of a folder and shows the original in the composer's frame. */
  async quote(folder: string): Promise<void> {
    const urls: string[] = [];
    for (const placementId of await this.#placements(folder)) {
      const { quoteUrl } = await this.#line.request("compose.start", { kind: "reply", placementId });
      if (quoteUrl !== null) urls.push(quoteUrl);
    }
    await this.#show(urls, "");
    await this.#fence();
  }

  /** What the window's frame for mail is, taken from the window itself. */
  async #learnFrame(): Promise<void> {
    await this.deliver("First", [{ subject: "The first letter", html: "<p>Good morning</p>" }]);
    await openFolder(this.#window, "First");
    const card = await openRow(this.#window, "The first letter");
    await card.frameLocator("iframe").getByText("Good morning").waitFor();
    this.#sandbox = (await card.locator("iframe").getAttribute("sandbox")) ?? "none";
    const isOwn = (url: string): boolean => url.startsWith(`${this.origin}/`) || /^(?:about:blank|data:|blob:)/u.test(url);
    this.#window.on("framenavigated", (frame) => {
      if (!isOwn(frame.url())) this.wanderings.push(`went to ${frame.url()}`);
    });
    // An address by number needs no name server.
    this.#window.on("request", (request) => {
      if (!isOwn(request.url())) this.wanderings.push(`asked ${request.url()}`);
    });
  }

  async #show(urls: readonly string[], sandbox = this.#sandbox): Promise<void> {
    const points = await this.#window.evaluate(showFrames, { urls, sandbox });
    for (const { x, y } of points) {
      await this.#window.mouse.move(x, y);
      await this.#window.mouse.down();
      await this.#window.mouse.up();
    }
  }

  async #fence(): Promise<void> {
    const page = await this.#sniffer.newPage();
    await this.#sniffer.fence(page);
    await page.close();
  }

  async #placements(path: string): Promise<PlacementId[]> {
    const { folders } = await this.#line.request("folders.list", {});
    const folder = folders.find((one) => one.path === path);
    const { rows } = await this.#line.request("mail.page", {
      view: `folder:${folder?.id ?? 0}`,
      grouped: false,
      filter: "all",
      from: { kind: "top" },
      limit: 500,
    });
    return rows.map(({ placementId }) => placementId);
  }
}

/** Runs in the window: frames over everything, one for each address. Resolves when all have loaded, with the points where "Press" stands. */
async function showFrames({ urls, sandbox }: { urls: readonly string[]; sandbox: string }): Promise<{ x: number; y: number }[]> {
  document.querySelector("[data-shown]")?.remove();
  const ground = document.createElement("div");
  ground.dataset["shown"] = "";
  Object.assign(ground.style, { position: "fixed", inset: "0", zIndex: "9", background: "white" });
  document.body.append(ground);
  const frames = urls.map((url) => {
    const frame = document.createElement("iframe");
    frame.setAttribute("sandbox", sandbox);
    frame.referrerPolicy = "no-referrer";
    Object.assign(frame.style, { width: "150px", height: "110px" });
    const loaded = new Promise((resolve) => frame.addEventListener("load", resolve, { once: true }));
    frame.src = url;
    ground.append(frame);
    return { frame, loaded };
  });
  await Promise.all(frames.map(({ loaded }) => loaded));
  return frames.flatMap(({ frame }) => {
    const says = [...(frame.contentDocument?.querySelectorAll("body *") ?? [])].findLast(({ textContent }) => textContent === "Press");
    if (says === undefined) return [];
    const [outer, inner] = [frame.getBoundingClientRect(), says.getBoundingClientRect()];
    return [{ x: outer.x + inner.x + Math.min(inner.width, 20) / 2, y: outer.y + inner.y + inner.height / 2 }];
  });
}

function messageOf(mail: SentMail): Buffer {
  if ("raw" in mail) return mail.raw;
  const [type, body] = "html" in mail ? ["html", mail.html] : ["plain", mail.text];
  const head = [
    "Date: Fri, 20 Nov 2026 10:00:00 +0000",
    "From: Writer <writer@example.test>",
    "To: user1@example.test",
    `Subject: ${mail.subject}`,
    "MIME-Version: 1.0",
    `Content-Type: text/${type}; charset=utf-8`,
    "Content-Transfer-Encoding: base64",
  ];
  const lines = Buffer.from(body).toString("base64").replace(/.{76}/gu, "$&\r\n");
  return Buffer.from(`${head.join("\r\n")}\r\n\r\n${lines}\r\n`);
}
