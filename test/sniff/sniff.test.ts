import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { frameDocument } from "../../main/api/reading.ts";
import { browserArguments } from "../../main/loopback/browser.ts";
import { LIGHT_THEME, wrapDocument } from "../../main/mime/frame.ts";
import { sanitizeHtml } from "../../main/mime/sanitize.ts";
import { HAS_BROWSER } from "../support/browser.ts";
import { ATTACHED, ATTACHED_SUBJECT, attachmentTricks } from "./attachment-tricks.ts";
import { MAIL_TRICKS } from "./mail-tricks.ts";
import { Reader } from "./reader.ts";
import { Sniffer } from "./sniffer.ts";
import type { Addresses, Vector } from "./vector.ts";
import { PAINTERS } from "./vectors/painting.ts";
import { VECTORS } from "./vectors.ts";

const clean = (html: string) =>
  sanitizeHtml(html, { cidUrl: () => null, remoteUrl: () => null, quoteLabel: "Earlier text", bothSchemes: true, standIns: true });
const FRAME_HEADERS = frameDocument({ html: "", ownColours: false, lang: "" }).headers;
/** What no policy keeps a browser from doing: looking up and greeting hosts ahead of need, and for frames that it then refuses. */
const AHEAD = /^(?:link-dns-prefetch|link-preconnect|iframe$|frameset$)/u;
const AHEAD_LINE = /^(?:name|greeting) /u;

describe.skipIf(!HAS_BROWSER)("before the ears of a name server and a web server", { timeout: 240_000 }, () => {
  let sniffer: Sniffer;
  beforeAll(async () => {
    sniffer = await Sniffer.start();
  });
  afterAll(() => sniffer.stop());

  test("with no wall around it, each vector that a browser follows is heard or runs", async () => {
    const bare = (vector: Vector, to: Addresses) => ({
      html: vector.html(to),
      headers: vector.scriptless ? { "content-security-policy": "sandbox" } : {},
    });
    // One page has one focus and one pointer.
    const alone = VECTORS.filter(({ name, press }) => press !== undefined || name.startsWith("on-focus"));
    await sniffer.openAll(alone, "bare", bare);
    await sniffer.openInFrames(
      VECTORS.filter((vector) => !alone.includes(vector)),
      "bare",
      bare,
    );
    // What a page did just before it was left may still be on its way here.
    await vi.waitFor(() => {
      const told = sniffer.told("bare");
      const ran = (name: string): boolean => told.get(name)?.some((line) => line.startsWith("ran:")) === true;
      const missed = VECTORS.filter(({ name, bare }) => (bare === "runs" && !ran(name)) || (bare === "calls" && !told.has(name)));
      expect(missed.map(({ name }) => name)).toEqual([]);
    }, 10_000);
  });

  test("cleaned, but without any policy, none calls or runs", async () => {
    await sniffer.openInFrames(VECTORS, "cleaned", (vector, to) => {
      const { html, ownColours } = clean(vector.html(to));
      return { html: wrapDocument(html, { lang: "en", ownColours, theme: LIGHT_THEME }) };
    });
    expect(Object.fromEntries(sniffer.told("cleaned"))).toEqual({});
  });

  test("behind the frame's headers, but not cleaned, nothing loads and nothing runs; only names are looked up ahead", async () => {
    await sniffer.openInFrames(VECTORS, "policy", (vector, to) => ({ html: vector.html(to), headers: FRAME_HEADERS }));
    const told = [...sniffer.told("policy")].filter(([name, lines]) => !AHEAD.test(name) || !lines.every((line) => AHEAD_LINE.test(line)));
    expect(told).toEqual([]);
  });

  describe("as a message in the program", () => {
    let reader: Reader;
    beforeAll(async () => {
      reader = await Reader.start(sniffer);
    });
    afterAll(() => reader?.stop());

    test("none calls, runs, opens, downloads or leads anywhere, pressed or not", async () => {
      await reader.deliver(
        "Vectors",
        VECTORS.map((vector) => ({ subject: vector.name, html: vector.html(sniffer.addresses(vector, "mail")) })),
      );
      expect(await reader.openFolder("Vectors")).toBe(VECTORS.length);
      // The host of a link that is pressed is looked up by Chromium before any page can say no: see the last test.
      const told = [...sniffer.told("mail")].filter(
        ([name, lines]) => !(name.endsWith("-pressed") && lines.every((line) => AHEAD_LINE.test(line))),
      );
      expect(told).toEqual([]);
      expect(reader.wanderings).toEqual([]);
    });

    test("the window itself follows no header or part, looks up no link of a plain text, and an answer shows the original without a call", async () => {
      const to = sniffer.addresses({ name: "plain" }, "window");
      await reader.deliver("Window", [
        { subject: "Words only", text: `Look at ${to.http("a.html")} and http://www.${to.host}/ or write to someone@${to.host}.` },
        {
          subject: "All at once",
          html: VECTORS.filter(({ bare, press }) => bare !== "nothing" && press === undefined)
            .map((vector) => vector.html(sniffer.addresses(vector, "window")))
            .join("\n"),
        },
      ]);
      const tricks = Object.entries(MAIL_TRICKS).map(([subject, lines], at) => ({
        subject,
        raw: lines(sniffer.addresses({ name: `trick${at}` }, "window")),
      }));
      await reader.deliver(
        "Window",
        tricks.map(({ subject, raw }) => ({ subject, raw: Buffer.from(raw.join("\r\n")) })),
      );
      await reader.readInWindow(
        "Window",
        tricks.map(({ subject }) => subject),
      );
      await reader.readInWindow("Window", ["Words only", "All at once"]);
      expect(Object.fromEntries(sniffer.told("window"))).toEqual({});
      await reader.quote("Window");
      expect(Object.fromEntries(sniffer.told("window"))).toEqual({});
    });

    test("what is attached is looked at without a call: documents with scripts and actions, drawings, pages, lists; a link shows its address first", async () => {
      const to = sniffer.addresses({ name: "attached" }, "window");
      await reader.deliver("Window", [{ subject: ATTACHED_SUBJECT, raw: Buffer.from(attachmentTricks(to).join("\r\n")) }]);
      const before = reader.wanderings.length;
      expect(await reader.lookAtAttached("Window", ATTACHED_SUBJECT, ATTACHED)).toBe(to.http("link"));
      expect(Object.fromEntries(sniffer.told("window"))).toEqual({});
      expect(reader.wanderings.slice(before)).toEqual([]);
    });
  });

  test("nothing is painted outside the frame, whatever the mail says: it is heard and seen without one", async () => {
    const page = await sniffer.newPage();
    await page.setViewportSize({ width: 500, height: 400 });
    const around = async (body: string, headers: Readonly<Record<string, string>>): Promise<{ framed: string; bare: string }> => {
      sniffer.ears.web.pages.set("/page/painter", { html: body, headers });
      const ground = (inner: string) =>
        `<!doctype html><body style="margin:0;background:#fff"><div id="place" style="position:absolute;left:150px;top:100px;width:200px;height:150px">${inner}</div>`;
      const shot = async (html: string): Promise<string> => {
        await page.setContent(html, { waitUntil: "load" });
        return (await page.screenshot({ mask: [page.locator("#place")], animations: "disabled" })).toString("base64");
      };
      const address = `http://localhost:${sniffer.ears.web.port}/page/painter`;
      return {
        framed: await shot(
          ground(`<iframe sandbox="allow-same-origin" src="${address}" style="border:0;width:200px;height:150px"></iframe>`),
        ),
        bare: await shot(ground(body)),
      };
    };
    const blank = await around("", {});
    for (const [name, html] of Object.entries(PAINTERS)) {
      const { framed, bare } = await around(html, {});
      expect(framed === blank.framed, `${name}, in the frame`).toBe(true);
      expect(bare === blank.bare, `${name}, without the frame`).toBe(false);
    }
    await page.close();
  });
});

describe.skipIf(!HAS_BROWSER)("the browser that the program starts", { timeout: 60_000 }, () => {
  test("can look up no name and reach no host but its own, even for a page without any wall", async () => {
    const flags = browserArguments("http://127.0.0.1:1/", "/nowhere", { root: false, language: null });
    const sniffer = await Sniffer.start(
      flags.filter((one) => /^--(?:host-resolver|no-proxy)/u.test(one)),
      "127.0.0.1",
    );
    const vectors = VECTORS.filter(({ name }) => AHEAD.test(name) || ["img", "img-https", "a-pressed", "a-top-pressed"].includes(name));
    await sniffer.openAll(vectors, "own", (vector, to) => ({ html: vector.html(to) }), { fenced: false });
    // The window's host is known by its number; there a page may still ask, and that is heard after all the rest.
    await sniffer.askByNumber();
    const calls = [...sniffer.told("own")].filter(([, lines]) => !lines.every((line) => /^(?:window|ran:)/u.test(line)));
    expect(calls).toEqual([]);
    await sniffer.stop();
  });
});
