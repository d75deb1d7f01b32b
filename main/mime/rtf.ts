import { decodeText } from "./charset.ts";
import { codePageLabel } from "./tnef.ts";

/** What an RTF document says: the HTML it was made from (MS-OXRTFEX), or else its text. */
export type RtfWords = { readonly html: string; readonly text: string };

/** Destinations whose words are no words of the document. */
const SILENT = new Set(
  "fonttbl colortbl stylesheet info pict object themedata colorschememapping latentstyles listtable listoverridetable generator rsidtbl xmlnstbl datastore header footer headerl headerr headerf footerl footerr footerf pntext fldinst bkmkstart bkmkend mmathPr filetbl revtbl".split(
    " ",
  ),
);
const CHARACTERS: Readonly<Record<string, string>> = {
  par: "\n",
  line: "\n",
  sect: "\n",
  page: "\n",
  row: "\n",
  tab: "\t",
  cell: "\t",
  emdash: "—",
  endash: "–",
  lquote: "‘",
  rquote: "’",
  ldblquote: "“",
  rdblquote: "”",
  bullet: "•",
  emspace: " ",
  enspace: " ",
};
/** \fcharsetN of a font, as a Windows code page. */
const FONT_CHARSETS: Readonly<Record<number, number>> = {
  0: 1252,
  128: 932,
  129: 949,
  134: 936,
  136: 950,
  161: 1253,
  162: 1254,
  163: 1258,
  177: 1255,
  178: 1256,
  186: 1257,
  204: 1251,
  222: 874,
  238: 1250,
};
const MOST_STATES = 10_000;

type State = { silent: boolean; fonts: boolean; tag: boolean; hidden: boolean; skip: number; font: number };
const TOKEN = /\\([a-z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-f]{2})|\\([^a-z])|([{}])|[\r\n]+|([^\\{}\r\n]+)/giu;

/** Reads RTF tolerantly and in one pass. Never throws. */
export function readRtf(bytes: Buffer): RtfWords {
  const source = bytes.toString("latin1");
  const fromHtml = /\\fromhtml1\b/u.test(source.slice(0, 2000));
  const fonts = new Map<number, number>();
  let ansi = 1252;
  let current: State = { silent: false, fonts: false, tag: false, hidden: false, skip: 1, font: -1 };
  const outer: State[] = [];
  let out = "";
  let pending: number[] = [];
  let pendingPage = 0;
  let skip = 0;
  let starred = false;
  const flush = () => {
    if (pending.length > 0) out += decodeText(Buffer.from(pending), codePageLabel(pendingPage)).text;
    pending = [];
  };
  const heard = () => !current.silent && !current.hidden;
  const say = (text: string) => {
    if (!heard()) return;
    flush();
    out += text;
  };
  const sayBytes = (text: string) => {
    if (!heard()) return;
    const page = fonts.get(current.font) ?? ansi;
    if (page !== pendingPage) flush();
    pendingPage = page;
    for (let i = 0; i < text.length; i++) pending.push(text.charCodeAt(i));
  };
  for (const [, word, parameter, hex, symbol, brace, plain] of source.matchAll(TOKEN)) {
    if (brace === "{") {
      if (outer.length < MOST_STATES) outer.push(current);
      current = { ...current };
      skip = 0;
    } else if (brace === "}") {
      current = outer.pop() ?? current;
      skip = 0;
    } else if (symbol === "*") starred = true;
    else if (word !== undefined) {
      const number = parameter === undefined ? 1 : Number(parameter);
      if (word === "htmltag") current.tag = true;
      else if (SILENT.has(word) || starred) {
        current.silent = true;
        current.fonts ||= word === "fonttbl";
      } else if (word === "ansicpg") ansi = number;
      else if (word === "uc") current.skip = number;
      else if (word === "f") current.font = number;
      else if (word === "fcharset" && current.fonts) fonts.set(current.font, FONT_CHARSETS[number] ?? ansi);
      else if (word === "cpg" && current.fonts) fonts.set(current.font, number);
      else if (word === "htmlrtf") current.hidden = number !== 0;
      else if (word === "u") {
        say(String.fromCharCode(number & 0xffff));
        skip = current.skip;
      } else if (word === "bin") continue;
      else {
        const character = CHARACTERS[word];
        // Inside an HTML document only the tags' own line breaks count.
        if (character !== undefined) say(character);
      }
      starred = false;
    } else if (hex !== undefined) {
      if (skip > 0) skip--;
      else sayBytes(String.fromCharCode(Number.parseInt(hex, 16)));
    } else if (symbol !== undefined) {
      if (symbol === "~") say("\u00a0");
      else if (symbol === "_") say("\u2011");
      else if (/[\\{}]/u.test(symbol)) sayBytes(symbol);
      else if (symbol === "\n" || symbol === "\r") say("\n");
    } else if (plain !== undefined) {
      const text = skip > 0 ? plain.slice(skip) : plain;
      skip = Math.max(0, skip - plain.length);
      if (text !== "") sayBytes(text);
    }
  }
  flush();
  const words = out.isWellFormed() ? out : out.toWellFormed();
  return fromHtml ? { html: words.trim(), text: "" } : { html: "", text: words.replace(/\n{3,}/gu, "\n\n").trim() };
}
