// C0, DEL, C1, line and paragraph separators, and the overrides that turn "fdp.exe" round to look like "exe.pdf".
const CONTROLS = /[\p{Cc}\u2028\u2029]+/gu;
const OVERRIDES = /[\u202d\u202e\ufeff]+/gu;
const BIDI = /[\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu;

/** Words of ASCII with single blanks between them, as most lines are. */
const CLEAN = /^(?:[!-~]+(?: [!-~]+)*)?$/u;

/** One line of text for people: no control character survives, runs of blanks are one, both ends trimmed, well-formed. */
export function cleanLine(text: string): string {
  if (CLEAN.test(text)) return text;
  const flat = text
    .replace(OVERRIDES, "")
    .replace(CONTROLS, " ")
    .replace(/ {2,}|\t+/gu, " ")
    .trim();
  return flat.isWellFormed() ? flat : flat.toWellFormed();
}

/** In characters, its suffix included. */
const LONGEST_NAME = 200;

/** A file name that can be shown and saved: no path, no direction marks, at most 200 characters with its suffix kept. */
export function cleanFileName(text: string): string {
  if (text === "") return "";
  const base = cleanLine(text)
    .replace(BIDI, "")
    .replace(/^.*[\\/](?=[^\\/])/u, "")
    .replace(/[\\/]+/gu, "_")
    .trim();
  if (base === "." || base === "..") return "";
  if (base.length <= LONGEST_NAME) return base;
  const characters = [...base];
  if (characters.length <= LONGEST_NAME) return base;
  const suffix = /\.[A-Za-z0-9]{1,10}$/u.exec(base)?.[0] ?? "";
  return characters.slice(0, LONGEST_NAME - suffix.length).join("") + suffix;
}
