import { COLOUR_NAMES } from "./colour-names.ts";
import { type Colour, fromRgb } from "./oklch.ts";

const HEX = /^#?([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})$/iu;
const FUNCTION = /^(rgb|hsl)a?\(\s*([^()]*)\)$/iu;

/** A colour as CSS or an old attribute writes it; null for what is none, or depends on more than the words (`currentColor`, variables). */
export function readColour(text: string): Colour | null {
  const word = text.trim().toLowerCase();
  const hex = HEX.exec(COLOUR_NAMES.get(word) ?? word)?.[1];
  if (hex !== undefined) return fromHex(hex);
  const found = FUNCTION.exec(word);
  if (found === null) return word === "transparent" ? { l: 0, c: 0, h: 0, alpha: 0 } : null;
  const values = (found[2] ?? "").split(/[\s,/]+/u).filter((value) => value !== "");
  const [one = "", two = "", three = "", four] = values;
  if (values.length < 3 || values.length > 4) return null;
  const alpha = four === undefined ? 1 : part(four, 1);
  const rgb = found[1] === "hsl" ? fromHsl(degrees(one), part(two, 100), part(three, 100)) : rgbOf([one, two, three]);
  return [...rgb, alpha].some((value) => Number.isNaN(value)) ? null : fromRgb(rgb, Math.min(1, Math.max(0, alpha)));
}

/** As `bgcolor` and its like say it: browsers find a colour in nearly every word (HTML, *rules for parsing a legacy color value*). */
export function readLegacyColour(text: string): Colour | null {
  const word = text.trim().toLowerCase();
  if (word === "" || word === "transparent") return null;
  const known = /^(?:#[0-9a-f]{3}|[a-z]+)$/u.test(word) ? readColour(word) : null;
  if (known !== null) return known;
  const digits = word
    .slice(0, 128)
    .replace(/^#/u, "")
    .replace(/[^0-9a-f]/gu, "0");
  const third = Math.max(1, Math.ceil(digits.length / 3));
  const parts = [0, 1, 2].map((at) =>
    digits
      .padEnd(third * 3, "0")
      .slice(at * third, (at + 1) * third)
      .slice(-8),
  );
  let short = parts;
  while ((short[0]?.length ?? 0) > 2 && short.every((one) => one.startsWith("0"))) short = short.map((one) => one.slice(1));
  const [red = 0, green = 0, blue = 0] = short.map((one) => Number.parseInt(one.slice(0, 2), 16));
  return fromRgb([red, green, blue]);
}

type Three = readonly [number, number, number];

function fromHex(hex: string): Colour {
  const long = hex.length <= 4 ? [...hex].map((digit) => digit + digit).join("") : hex;
  const value = (at: number): number => Number.parseInt(long.slice(at, at + 2), 16);
  return fromRgb([value(0), value(2), value(4)], long.length === 8 ? value(6) / 255 : 1);
}

function rgbOf([red, green, blue]: readonly [string, string, string]): Three {
  const one = (text: string): number => Math.min(255, Math.max(0, part(text, 255)));
  return [one(red), one(green), one(blue)];
}

/** A number as it stands; of a percentage, that part of the whole. */
function part(text: string, whole: number): number {
  return text.endsWith("%") ? (Number(text.slice(0, -1)) / 100) * whole : Number(text);
}

function degrees(text: string): number {
  return Number(text.replace(/deg$/u, ""));
}

/** CSS Color 4 §7.1; saturation and lightness 0–100. */
function fromHsl(hue: number, saturation: number, lightness: number): Three {
  const [s, l] = [Math.min(100, Math.max(0, saturation)) / 100, Math.min(100, Math.max(0, lightness)) / 100];
  const channel = (n: number): number => {
    const k = (((n + hue / 30) % 12) + 12) % 12;
    return 255 * (l - s * Math.min(l, 1 - l) * Math.max(-1, Math.min(k - 3, 9 - k, 1)));
  };
  return [channel(0), channel(8), channel(4)];
}

/** Words and functions that may be colours, variables among them; addresses, strings and what is in two colours already are passed over whole. */
const PIECES =
  /(?:(?:rgb|hsl)a?\((?=[^()]*var\()|var\()(?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)|url\([^)]*\)|"[^"]*"|'[^']*'|light-dark\([^()]*(?:\([^()]*\)[^()]*)*\)|#[0-9a-f]{3,8}\b|(?:rgb|hsl)a?\([^()]*\)|(?<![\w-])[a-z]{3,20}(?![\w(-])/giu;
const PASSED_OVER = /^(?:url\(|["']|light-dark\()/iu;

export type ReadColour = (written: string) => Colour | null;

/** Every colour in the value of a declaration given to `change`, and what that says put in its place; null leaves it. */
export function replaceColours(
  value: string,
  change: (colour: Colour, written: string) => string | null,
  read: ReadColour = readColour,
): string {
  return value.replace(PIECES, (piece) => {
    if (PASSED_OVER.test(piece)) return piece;
    const colour = read(piece);
    return colour === null ? piece : (change(colour, piece) ?? piece);
  });
}

/** The colours in a value, in their order. */
export function coloursIn(value: string, read: ReadColour = readColour): Colour[] {
  const found: Colour[] = [];
  const keep = (colour: Colour): null => {
    found.push(colour);
    return null;
  };
  replaceColours(value, keep, read);
  return found;
}
