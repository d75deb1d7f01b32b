/** Names seen in mail that the WHATWG Encoding Standard does not know, or knows under another meaning. */
const ALIASES: Readonly<Record<string, string>> = {
  // GB2312 and GBK are subsets of GB18030; senders that say the smaller one write the larger one.
  gb2312: "gb18030",
  "gb_2312-80": "gb18030",
  gbk: "gb18030",
  gb18030: "gb18030",
  "x-gbk": "gb18030",
  cp936: "gb18030",
  ms936: "gb18030",
  "windows-936": "gb18030",
  "euc-cn": "gb18030",
  "gb-2312": "gb18030",
  "gb2312-80": "gb18030",
  gb_18030: "gb18030",
  "gb-18030": "gb18030",
  "gb18030-2000": "gb18030",
  "gb18030-2022": "gb18030",
  "zh_cn.gbk": "gb18030",
  "zh_cn.gb2312": "gb18030",
  cp950: "big5",
  "windows-950": "big5",
  big5hkscs: "big5",
  "cn-big5": "big5",
  cp932: "shift_jis",
  "windows-932": "shift_jis",
  "shift-jis": "shift_jis",
  sjis: "shift_jis",
  eucjp: "euc-jp",
  "iso-2022-jp-1": "iso-2022-jp",
  "iso-2022-jp-2": "iso-2022-jp",
  "iso-2022-jp-ms": "iso-2022-jp",
  cp50220: "iso-2022-jp",
  cp50221: "iso-2022-jp",
  ks_c_5601: "euc-kr",
  cp949: "euc-kr",
  uhc: "euc-kr",
  "windows-949": "euc-kr",
  utf8: "utf-8",
  "utf-8mb4": "utf-8",
  utf: "utf-8",
  "unicode-1-1-utf-7": "utf-7",
  csunicode11utf7: "utf-7",
  "hz-gb-2312": "hz",
  "iso-2022-kr": "iso-2022-kr",
  csiso2022kr: "iso-2022-kr",
  "iso-2022-cn": "iso-2022-cn",
  "iso-2022-cn-ext": "iso-2022-cn",
  koi8: "koi8-r",
  cp1250: "windows-1250",
  cp1251: "windows-1251",
  cp1252: "windows-1252",
  cp1253: "windows-1253",
  cp1254: "windows-1254",
  cp1255: "windows-1255",
  cp1256: "windows-1256",
  cp1257: "windows-1257",
  cp1258: "windows-1258",
  ansi: "windows-1252",
  ansi_x3: "us-ascii",
  "iso8859-1": "windows-1252",
  latin1: "windows-1252",
  "utf-32": "utf-32",
  "utf-32le": "utf-32le",
  "utf-32be": "utf-32be",
};

/** Labels that promise nothing about 8-bit bytes, so that the bytes themselves are asked. */
const SILENT = new Set([
  "",
  "us-ascii",
  "ascii",
  "ansi_x3.4-1968",
  "unknown-8bit",
  "x-unknown",
  "unknown",
  "default",
  "binary",
  "8bit",
  "7bit",
  "none",
  "default_charset",
  "iso-8859-8bit",
  "x-user-defined",
  "charset",
]);

const known = new Map<string, string>();

/**
 * The one name under which a declared charset is decoded here: a WHATWG name, or "utf-7", "hz", "utf-32…".
 * @returns "" when the label says nothing that can be used
 */
export function charsetName(label: string): string {
  const found = known.get(label);
  if (found !== undefined) return found;
  const name = resolve(label);
  if (known.size < 1000) known.set(label, name);
  return name;
}

function resolve(label: string): string {
  const clean = label
    .trim()
    .replace(/^["']+|["']+$/gu, "")
    .replace(/^x-(?=iso|windows|utf|koi)/iu, "")
    .toLowerCase();
  if (SILENT.has(clean)) return "";
  const alias = ALIASES[clean];
  if (alias !== undefined) return alias;
  if (clean === "utf-7" || clean === "hz") return clean;
  for (const candidate of [clean, clean.replaceAll("_", "-"), clean.replace(/[^a-z0-9]+.*$/u, ""), clean.replace(/^cp-?/u, "windows-")]) {
    try {
      const { encoding } = new TextDecoder(candidate);
      return encoding === "gbk" ? "gb18030" : encoding;
    } catch {
      // Not a name that the platform knows; the next spelling may be.
    }
  }
  return "";
}

/** Raw 8-bit bytes in a header are most likely in the charset of the body: the declared one, or what it was seen to be. */
export function headerCharset(declared: string, seen: string): string {
  const name = charsetName(declared);
  // The bytes of the body have proved the label wrong: whoever wrote it wrote the header as well.
  if (seen !== "" && seen !== "utf-8" && seen !== name) return seen;
  return name === "" ? "" : declared;
}
