import { createRequire } from "node:module";
import type { Config, DOMPurify } from "dompurify";
import { otherSiteNamed } from "../../shared/link-words.ts";
import { type CssUrl, filterStyleAttribute, filterStyleSheet } from "./css-filter.ts";
import { sayBothSchemes } from "./dark/both-schemes.ts";
import { foldQuotes } from "./fold-quotes.ts";
import type { startPurifier } from "./html-library.ts";
import { tooMuchHtml } from "./html-limits.ts";
import { htmlToText } from "./html-text.ts";
import { standInForPictures } from "./picture-stand-ins.ts";
import { readAddress } from "./remote-address.ts";
import { textToHtml } from "./text-html.ts";

export type SanitizeOptions = {
  /** Address of a part that the HTML shows under this Content-ID, or null when there is none. */
  readonly cidUrl: (cid: string) => string | null;
  /** Address under which a remote picture may be had, or null to leave it out. */
  readonly remoteUrl: (url: string) => string | null;
  /** Name of the fold of quoted text, in the window's language. */
  readonly quoteLabel: string;
  /** Off for a quotation in the composer: it is shown and sent as it stands. */
  readonly foldQuotes?: boolean;
  /** On for what is shown in a frame: every colour is said for the light and for the dark. Off for what is sent. */
  readonly bothSchemes?: boolean;
  /** On for what is shown: pictures that are not have something small in their place. Off for what is sent. */
  readonly standIns?: boolean;
};

export type Sanitized = {
  /** One element, `<div class="satchel-mail">`, with the message's own style sheets inside. */
  readonly html: string;
  /** Hosts that the message wanted to contact, sorted, whether or not it may. */
  readonly remoteHosts: readonly string[];
  /** To be shown on light ground in any theme: it brings colours for the light only, or its sender asks for it. */
  readonly ownColours: boolean;
  /** Content-IDs that are shown; other pictures are ordinary attachments. */
  readonly usedCids: readonly string[];
  /** Links whose words name another site than the one they open. */
  readonly strangeLinks: readonly StrangeLink[];
};

export type StrangeLink = { readonly named: string; readonly host: string };

const MOST_STRANGE = 20;

const CONFIG: Config = {
  WHOLE_DOCUMENT: true,
  RETURN_DOM: true,
  USE_PROFILES: { html: true },
  ADD_TAGS: ["style"],
  FORBID_TAGS: [
    "form",
    "input",
    "button",
    "textarea",
    "select",
    "option",
    "optgroup",
    "datalist",
    "fieldset",
    "legend",
    "label",
    "output",
    "base",
    "link",
    "meta",
    "title",
    "iframe",
    "frame",
    "frameset",
    "object",
    "embed",
    "applet",
    "param",
    "svg",
    "math",
    "video",
    "audio",
    "source",
    "track",
    "canvas",
    "dialog",
    "template",
    "noscript",
    "slot",
    "marquee",
    "bgsound",
    "details",
    "summary",
    "search",
  ],
  FORBID_ATTR: [
    "srcset",
    "sizes",
    "ping",
    "download",
    "autofocus",
    "tabindex",
    "contenteditable",
    "draggable",
    "accesskey",
    "popover",
    "popovertarget",
    "popovertargetaction",
    "usemap",
    "ismap",
    "action",
    "formaction",
    "method",
    "cite",
    "longdesc",
    "xmlns",
    "is",
    "part",
    "slot",
    "nonce",
    "integrity",
    "crossorigin",
    "loading",
    "fetchpriority",
    "decoding",
    "inputmode",
    "autocapitalize",
    "spellcheck",
    "translate",
  ],
  ALLOW_DATA_ATTR: false,
  // Schemes are judged below, attribute by attribute; this only keeps cid: from being thrown away first.
  ALLOWED_URI_REGEXP: /^(?:https?|ftps?|mailto|tel|sms|xmpp|callto|cid|data):|^(?:[^a-z]|[a-z+.-]+(?:[^a-z+.\-:]|$))/iu,
};

const LOADING_ATTRIBUTES = ["src", "background", "poster", "lowsrc", "dynsrc"];
/** A sender's word that nothing is to be made of the colours (CSS Color Adjust 1 §2.3), in a style or in a `meta`. */
const ONLY_LIGHT =
  /color-scheme\s*:\s*(?:only\s+light|light\s+only)|<meta\b(?=[^>]*\bname\s*=\s*["']?color-scheme\b)(?=[^>]*\bcontent\s*=\s*["'](?:only\s+light|light\s+only)\b)/iu;
const COLOUR = /\b(?:bgcolor|background|background-color|color)\s*[:=]/iu;

const load = createRequire(import.meta.url);
let purifier: DOMPurify | null = null;

/** The first message to be cleaned pays for the loading, nobody else, and the thread keeps it. */
function purify(): DOMPurify {
  if (purifier !== null) return purifier;
  const library = load("./html-library.ts") as { startPurifier: typeof startPurifier };
  purifier = library.startPurifier();
  return purifier;
}

/**
 * Makes a stranger's HTML safe to show: nothing runs, nothing is sent, nothing is loaded but what the options allow, nothing
 * leaves its place. The frame's CSP stands behind this as a second wall. Never throws: what is too large, too deep or
 * breaks a parser comes back as text.
 */
export function sanitizeHtml(html: string, options: SanitizeOptions): Sanitized {
  if (tooMuchHtml(html)) return asText(html);
  try {
    return clean(html, options);
  } catch {
    // A parser overflowed or stumbled on input made for that; its text is still the mail.
    return asText(html);
  }
}

function asText(html: string): Sanitized {
  return {
    html: `<div class="satchel-mail">${textToHtml(htmlToText(html, 2_000_000))}</div>`,
    remoteHosts: [],
    ownColours: false,
    usedCids: [],
    strangeLinks: [],
  };
}

function clean(html: string, options: SanitizeOptions): Sanitized {
  const root = purify().sanitize(html, CONFIG) as unknown as HTMLElement;
  const body = root.querySelector("body");
  if (body === null) return asText(html);
  const hosts = new Set<string>();
  const cids = new Set<string>();
  const resource = (raw: string): string | null => {
    const address = readAddress(raw);
    if (address.kind === "data") return address.url;
    if (address.kind === "cid") {
      const url = options.cidUrl(address.cid);
      if (url !== null) cids.add(address.cid);
      return url;
    }
    if (address.kind !== "remote") return null;
    hosts.add(address.host);
    return options.remoteUrl(address.url);
  };
  const bothSchemes = options.bothSchemes === true;
  for (const element of root.querySelectorAll("*")) filterElement(element, resource, bothSchemes);
  const strangeLinks = strangeLinksIn(root);
  const document = body.ownerDocument;
  const mail = document.createElement("div");
  for (const name of ["style", "bgcolor", "text", "dir", "lang", "background", "align"]) {
    const value = body.getAttribute(name);
    if (value !== null) mail.setAttribute(name, value);
  }
  carryBodyColours(mail);
  for (const sheet of root.querySelectorAll("style")) mail.append(sheet);
  while (body.firstChild) mail.append(body.firstChild);
  mail.setAttribute("class", `satchel-mail ${body.getAttribute("class") ?? ""}`.trim());
  if (options.foldQuotes !== false) foldQuotes(mail, options.quoteLabel);
  // Last, as quotations are known by the colour of the rule above them.
  if (bothSchemes) sayBothSchemes(mail);
  if (options.standIns === true) standInForPictures(mail);
  const out = mail.outerHTML;
  const ownColours = bothSchemes ? ONLY_LIGHT.test(html) : COLOUR.test(out);
  return { html: out, remoteHosts: [...hosts].sort(), ownColours, usedCids: [...cids], strangeLinks };
}

/** Where the words of a link say one site and its address another. Looked at before anything is folded or moved. */
function strangeLinksIn(root: Element): StrangeLink[] {
  const found: StrangeLink[] = [];
  for (const link of root.querySelectorAll("a[href]")) {
    const url = URL.parse(link.getAttribute("href") ?? "");
    if (url === null || !/^https?:$/u.test(url.protocol)) continue;
    const named = otherSiteNamed((link.textContent ?? "").slice(0, 300), url.hostname);
    if (named !== null) found.push({ named, host: url.hostname });
    if (found.length === MOST_STRANGE) break;
  }
  return found;
}

/** `bgcolor` and `text` mean nothing on a div. */
function carryBodyColours(mail: Element): void {
  const colour = (name: string) => /^(?:#[0-9a-f]{3,8}|[a-z]{3,20})$/iu.exec(mail.getAttribute(name)?.trim() ?? "")?.[0];
  const ground = colour("bgcolor");
  const text = colour("text");
  const extra = `${ground === undefined ? "" : `background-color:${ground};`}${text === undefined ? "" : `color:${text};`}`;
  if (extra !== "") mail.setAttribute("style", `${extra}${mail.getAttribute("style") ?? ""}`);
  mail.removeAttribute("bgcolor");
  mail.removeAttribute("text");
  mail.removeAttribute("background");
}

function filterElement(element: Element, resource: CssUrl, ownDark: boolean): void {
  if (element.localName === "style") {
    const media = element.getAttribute("media") ?? "";
    const text = element.textContent ?? "";
    // Only within the sheet is a condition looked at.
    element.textContent = filterStyleSheet(media === "" ? text : `@media ${media.replace(/[{};]/gu, " ")}{${text}}`, resource, ownDark);
    // A copy: the list is live, and removing from it would skip every second one.
    for (const { name } of Array.from(element.attributes)) element.removeAttribute(name);
    return;
  }
  // Office programs call everything English, Chinese too: its characters would get the shapes of another language.
  if (!/^(?:zh|ja|ko)\b/iu.test(element.getAttribute("lang") ?? "zh")) element.removeAttribute("lang");
  const style = element.getAttribute("style");
  if (style !== null) {
    const filtered = filterStyleAttribute(style, resource);
    if (filtered === "") element.removeAttribute("style");
    else if (filtered !== style) element.setAttribute("style", filtered);
  }
  for (const name of LOADING_ATTRIBUTES) {
    const raw = element.getAttribute(name);
    if (raw === null) continue;
    const instead = resource(raw);
    if (instead === null) element.removeAttribute(name);
    else if (instead !== raw) element.setAttribute(name, instead);
  }
  if (element.hasAttribute("href") || element.hasAttribute("xlink:href")) filterLink(element);
}

function filterLink(element: Element): void {
  const address = readAddress(element.getAttribute("href") ?? "");
  element.removeAttribute("xlink:href");
  for (const name of ["target", "rel", "type", "referrerpolicy"]) element.removeAttribute(name);
  const isLink = element.localName === "a" || element.localName === "area";
  if (isLink && address.kind === "anchor") return;
  if (!isLink || (address.kind !== "remote" && address.kind !== "link")) {
    element.removeAttribute("href");
    return;
  }
  element.setAttribute("href", address.url);
  element.setAttribute("target", "_blank");
  element.setAttribute("rel", "noopener noreferrer");
}
