import { coloursIn, type ReadColour, replaceColours } from "./colour-text.ts";
import { darkGround, darkLine, darkText, type Ground, inBoth, laidOver, PAGE } from "./colours.ts";
import type { Colour } from "./oklch.ts";
import { roleOf, type Variables } from "./variables.ts";

export type Declaration = { readonly property: string; readonly value: string; readonly important: boolean };

/** What a block of declarations paints with, in each scheme. `known` is off where that depends on the place. */
export type Paint = { readonly light: Colour; readonly dark: Colour; readonly important: boolean; readonly known: boolean };
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
const SHADOWS = /^(?:box|text)-shadow$/u;

/** Whether there is anything in a style attribute for `inBothSchemes` to do. */
export const PAINTS = /colou?r|background|border|outline|shadow|column-rule|--/iu;

/**
 * Says every colour of a block for both schemes. What its text stands on is the ground that the block itself paints, else the page; where that
 * is not so, whoever knows the place mends it.
 */
export function inBothSchemes(declarations: readonly Declaration[], variables: Variables): Block {
  let ground: GroundPaint | null = null;
  for (const one of declarations) ground = groundOf(one, variables) ?? ground;
  const under: Ground = ground === null || ground.image || !ground.known ? PAGE : laidOver(PAGE, ground.light, ground.dark);
  let text: Paint | null = null;
  const said: Declaration[] = [];
  for (const one of declarations) {
    // The scheme is the reader's to choose.
    if (one.property === "color-scheme" || one.property === "forced-color-adjust") continue;
    const value = inBothOf(one, ground?.image === true, under, variables);
    said.push(value === one.value ? one : { ...one, value });
    if (one.property === "color") text = textOf(one, under, variables) ?? text;
  }
  return { declarations: said, text, ground };
}

/** What a block paints with in the scheme that it was written for, as it stands. */
export function asWritten(declarations: readonly Declaration[], variables: Variables): Block {
  const read = (written: string): Colour | null => variables.colour(written, "dark");
  let ground: GroundPaint | null = null;
  let text: Paint | null = null;
  for (const one of declarations) {
    const painted = groundIn(one, read);
    if (painted !== null) ground = { ...painted, dark: painted.light };
    const colour = one.property === "color" ? read(one.value) : null;
    if (colour !== null) text = { light: colour, dark: colour, important: one.important, known: true };
    else if (one.property === "color" && one.value.includes("("))
      text = { light: CLEAR, dark: CLEAR, important: one.important, known: false };
  }
  return { declarations, text, ground };
}

function textOf({ value, important }: Declaration, under: Ground, variables: Variables): Paint | null {
  const light = variables.colour(value);
  // A word that is no colour leaves what is around it; what is reckoned may be anything.
  if (light === null) return value.includes("(") ? { light: CLEAR, dark: CLEAR, important, known: false } : null;
  if (!variables.saidForDark(value)) return { light, dark: darkText(light, under), important, known: true };
  const dark = variables.colour(value, "dark");
  return { light, dark: dark ?? CLEAR, important, known: dark !== null };
}

function groundOf(one: Declaration, variables: Variables): GroundPaint | null {
  const light = groundIn(one, (written) => variables.colour(written));
  if (light === null || !light.known || !variables.saidForDark(one.value)) return light;
  const dark = groundIn(one, (written) => variables.colour(written, "dark"));
  return { ...light, dark: dark?.light ?? CLEAR, known: dark?.known === true };
}

function groundIn({ property, value, important }: Declaration, read: ReadColour): GroundPaint | null {
  const clear = { light: CLEAR, dark: CLEAR, important };
  if (property === "background-image") return PICTURE.test(value) ? { ...clear, image: true, known: true } : null;
  if (property !== "background" && property !== "background-color") return null;
  const colours = coloursIn(value, read);
  const image = PICTURE.test(value);
  // Of a gradient the middle stands for all of it.
  const colour = colours[Math.floor(colours.length / 2)];
  if (colour === undefined && value.includes("var(")) return { ...clear, image, known: false };
  if (colour === undefined) return image || value.trim() === "none" ? { ...clear, image, known: true } : null;
  return { light: colour, dark: image ? colour : darkGround(colour), important, image, known: true };
}

function inBothOf({ property, value }: Declaration, picture: boolean, under: Ground, variables: Variables): string {
  const role = property.startsWith("--") ? variables.turnedInPlace(property) : roleOf(property);
  if (role === null && !SHADOWS.test(property)) return value;
  // A picture and the colour behind it were chosen for each other.
  if (role === "ground" && picture) return value;
  const read = (written: string): Colour | null => (variables.saidForDark(written) ? null : variables.colour(written));
  // An edge in the colour of its own ground is no edge.
  const dark = role === "line" && under === PAGE ? darkLine : role === "text" ? (one: Colour) => darkText(one, under) : darkGround;
  const clearStays = role === "ground" || role === "line";
  return replaceColours(value, (colour, written) => (clearStays && colour.alpha === 0 ? null : inBoth(written, dark(colour))), read);
}

/** The declarations of a style attribute that the filter has let through. */
export function splitDeclarations(text: string): Declaration[] {
  return pieces(text).flatMap((piece) => {
    const colon = piece.indexOf(":");
    if (colon < 1) return [];
    const raw = piece.slice(colon + 1).trim();
    const value = raw.replace(/\s*!\s*important\s*$/iu, "");
    return [{ property: propertyName(piece.slice(0, colon)), value, important: value !== raw }];
  });
}

/** Names of CSS are in any case, those of the sender's own properties in theirs. */
export function propertyName(written: string): string {
  const name = written.trim();
  return name.startsWith("--") ? name : name.toLowerCase();
}

export function joinDeclarations(declarations: readonly Declaration[]): string {
  return declarations.map(({ property, value, important }) => `${property}:${value}${important ? "!important" : ""}`).join(";");
}

/** Parted at semicolons that stand in no string and no brackets. */
function pieces(text: string): string[] {
  if (!/["'(]/u.test(text)) return text.split(";");
  return text.match(/(?:"[^"]*"|'[^']*'|\((?:[^()"']|"[^"]*"|'[^']*'|\([^()]*\))*\)|[^;"'(]|["'(])+/gu) ?? [];
}
