import { coloursIn, readColour, replaceColours } from "./colour-text.ts";
import { darkGround, darkLine, darkText, type Ground, inBoth, laidOver, PAGE } from "./colours.ts";
import type { Colour } from "./oklch.ts";

export type Declaration = { readonly property: string; readonly value: string; readonly important: boolean };

/** What a block of declarations paints with, in each scheme. */
export type Paint = { readonly light: Colour; readonly dark: Colour; readonly important: boolean };
/** `image`: a picture or a gradient of pictures lies on it, and only its colour, if any, is known. */
export type GroundPaint = Paint & { readonly image: boolean };

export type Block = {
  /** The declarations, each colour in both schemes. */
  readonly declarations: readonly Declaration[];
  readonly text: Paint | null;
  readonly ground: GroundPaint | null;
};

const CLEAR: Colour = { l: 0, c: 0, h: 0, alpha: 0 };
const PICTURE = /url\(/iu;
const LINES = /^(?:border|outline|column-rule)/u;
const SHADOWS = /^(?:box|text)-shadow$/u;
const TEXTS = /^(?:color|-webkit-text-fill-color|text-decoration(?:-color)?|text-emphasis-color|caret-color)$/u;

/** Whether there is anything in a style attribute for `inBothSchemes` to do. */
export const PAINTS = /colou?r|background|border|outline|shadow|column-rule/iu;

/**
 * Says every colour of a block for both schemes. What its text stands on is the ground that the block itself paints, else the page; where that
 * is not so, whoever knows the place mends it.
 */
export function inBothSchemes(declarations: readonly Declaration[]): Block {
  let ground: GroundPaint | null = null;
  for (const one of declarations) ground = groundOf(one, one.property) ?? ground;
  const under: Ground = ground === null || ground.image ? PAGE : laidOver(PAGE, ground.light, ground.dark);
  let text: Paint | null = null;
  const said: Declaration[] = [];
  for (const one of declarations) {
    // The scheme is the reader's to choose.
    if (one.property === "color-scheme" || one.property === "forced-color-adjust") continue;
    const value = inBothOf(one, ground?.image === true, under);
    said.push(value === one.value ? one : { ...one, value });
    if (one.property !== "color") continue;
    const colour = readColour(one.value);
    if (colour !== null) text = { light: colour, dark: darkText(colour, under), important: one.important };
  }
  return { declarations: said, text, ground };
}

/** What a block paints with in the scheme that it was written for, as it stands. */
export function asWritten(declarations: readonly Declaration[]): Block {
  let ground: GroundPaint | null = null;
  let text: Paint | null = null;
  for (const one of declarations) {
    const painted = groundOf(one, one.property);
    if (painted !== null) ground = { ...painted, dark: painted.light };
    const colour = one.property === "color" ? readColour(one.value) : null;
    if (colour !== null) text = { light: colour, dark: colour, important: one.important };
  }
  return { declarations, text, ground };
}

function groundOf({ value, important }: Declaration, property: string): GroundPaint | null {
  if (property === "background-image") return PICTURE.test(value) ? { light: CLEAR, dark: CLEAR, important, image: true } : null;
  if (property !== "background" && property !== "background-color") return null;
  const colours = coloursIn(value);
  const image = PICTURE.test(value);
  // Of a gradient the middle stands for all of it.
  const colour = colours[Math.floor(colours.length / 2)];
  if (colour === undefined) return image || value.trim() === "none" ? { light: CLEAR, dark: CLEAR, important, image } : null;
  return { light: colour, dark: image ? colour : darkGround(colour), important, image };
}

function inBothOf({ property, value }: Declaration, picture: boolean, under: Ground): string {
  if (value.includes("var(")) return value;
  if (property.startsWith("background")) {
    // A picture and the colour behind it were chosen for each other.
    if (picture) return value;
    return replaceColours(value, (colour, written) => (colour.alpha === 0 ? null : inBoth(written, darkGround(colour))));
  }
  if (TEXTS.test(property)) return replaceColours(value, (colour, written) => inBoth(written, darkText(colour, under)));
  if (LINES.test(property)) {
    // An edge in the colour of its own ground is no edge.
    const own = under === PAGE ? darkLine : darkGround;
    return replaceColours(value, (colour, written) => (colour.alpha === 0 ? null : inBoth(written, own(colour))));
  }
  if (SHADOWS.test(property)) return replaceColours(value, (colour, written) => inBoth(written, darkGround(colour)));
  return value;
}

/** The declarations of a style attribute that the filter has let through. */
export function splitDeclarations(text: string): Declaration[] {
  return pieces(text).flatMap((piece) => {
    const colon = piece.indexOf(":");
    if (colon < 1) return [];
    const raw = piece.slice(colon + 1).trim();
    const value = raw.replace(/\s*!\s*important\s*$/iu, "");
    return [{ property: piece.slice(0, colon).trim().toLowerCase(), value, important: value !== raw }];
  });
}

export function joinDeclarations(declarations: readonly Declaration[]): string {
  return declarations.map(({ property, value, important }) => `${property}:${value}${important ? "!important" : ""}`).join(";");
}

/** Parted at semicolons that stand in no string and no brackets. */
function pieces(text: string): string[] {
  if (!/["'(]/u.test(text)) return text.split(";");
  return text.match(/(?:"[^"]*"|'[^']*'|\((?:[^()"']|"[^"]*"|'[^']*'|\([^()]*\))*\)|[^;"'(]|["'(])+/gu) ?? [];
}
