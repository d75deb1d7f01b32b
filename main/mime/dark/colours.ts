import { readColour } from "./colour-text.ts";
import { type Colour, contrast, over, toHex } from "./oklch.ts";

/** The ground of an open message in the dark: `--raised` of the window's tokens. What was white becomes this. */
export const DARK_GROUND = known("#252625");
/** Its text, `--text`. */
export const DARK_TEXT = known("#ebeae6");
/** Its links, `--accent-text`. */
export const DARK_LINK = known("#6fcbbd");
export const WHITE = known("#ffffff");
/** Text and links of a message without colours of its own on white. */
export const LIGHT_TEXT = known("#1d1e1c");
export const LIGHT_LINK = known("#0e6a61");

/** Text that is hardly to be told from its ground is meant not to be seen: the words that a list shows and the page hides. */
const HIDDEN = 1.2;
/** From here on text was meant to be read. */
const READABLE = 2;
/** WCAG 2.2, 1.4.3. */
const ENOUGH = 4.5;
/** A ground that lost more lightness than this was turned from paper to dark. */
const TURNED = 0.15;

/** Lightness of grounds from here on is turned round; what is darker stays as it is. The two meet here. */
const TURN = 0.54;
const SLOPE = (TURN - DARK_GROUND.l) / (1 - TURN);
/** Chroma from which on a colour is somebody's own, and stays; up to the other it is a shade of paper. */
const PAPER_CHROMA = 0.04;
const NO_CHROMA = 0.004;
const BRAND_CHROMA = 0.12;
/** Large and bright it would dazzle. */
const BRIGHTEST_BRAND = 0.82;

function known(text: string): Colour {
  const colour = readColour(text);
  if (colour === null) throw new Error(`no colour: ${text}`);
  return colour;
}

/** White becomes the window's ground, and what was a little darker than white a little lighter than that, so that edges stay. */
function turned(l: number): number {
  return l <= TURN ? l : DARK_GROUND.l + (1 - l) * SLOPE;
}

/**
 * A ground in the dark: paper and its shades go to the dark range, what is dark already stays, and so does a colour that is somebody's own. Hue
 * is kept, chroma as far as the screen goes.
 */
export function darkGround(colour: Colour): Colour {
  const own = Math.min(1, Math.max(0, (colour.c - PAPER_CHROMA) / (BRAND_CHROMA - PAPER_CHROMA)));
  const l = turned(colour.l) * (1 - own) + Math.min(colour.l, BRIGHTEST_BRAND) * own;
  // Grey has the trace of warmth that the window's own ground has, so that the one goes over into the other.
  if (colour.c < NO_CHROMA) return { ...DARK_GROUND, l, alpha: colour.alpha, c: colour.l > TURN ? DARK_GROUND.c : colour.c };
  // A shade of paper loses chroma with its lightness, or what was ivory would be mud.
  const pale = colour.l > TURN ? 1 - 0.35 * (1 - own) : 1;
  return { ...colour, l, c: colour.c * pale };
}

/** A rule or an edge: as far from the ground as it was from white. */
export function darkLine(colour: Colour): Colour {
  if (colour.c >= BRAND_CHROMA) return { ...colour, l: Math.max(colour.l, TURN) };
  return { ...colour, l: DARK_GROUND.l + (1 - colour.l) * SLOPE };
}

/** Ground as the sender painted it, and as it is in the dark. Both opaque. */
export type Ground = { readonly light: Colour; readonly dark: Colour };

/** Whether what stands on it was made for another ground than there is in the dark. */
export function isTurned({ light, dark }: Ground): boolean {
  return light.l - dark.l > TURNED;
}

export const PAGE: Ground = { light: WHITE, dark: DARK_GROUND };

/** What lies on a ground when this is painted over it. */
export function laidOver(ground: Ground, colour: Colour, dark: Colour = darkGround(colour)): Ground {
  return { light: over(colour, ground.light), dark: over(dark, ground.dark) };
}

/**
 * Text in the dark: hue and chroma as they were, lightness so that it stands out from its ground. Where the ground stays as it is, so does
 * the text.
 */
export function darkText(colour: Colour, ground: Ground): Colour {
  const seen = over(colour, ground.light);
  if (contrast(seen, ground.light) < HIDDEN) return near(darkGround(colour), ground.dark) ? darkGround(colour) : ground.dark;
  const wanted = isTurned(ground) ? { ...colour, l: turnedText(colour) } : colour;
  return standingOut({ ...wanted, alpha: 1 }, ground.dark, neededContrast(colour, ground));
}

/** Black becomes nearly white, and grey a darker grey; a colour that is bright enough already stays. */
function turnedText({ l, c }: Colour): number {
  const turnedGrey = 0.94 - 0.36 * l;
  return c >= PAPER_CHROMA ? Math.max(l, turnedGrey) : turnedGrey;
}

function near(one: Colour, other: Colour): boolean {
  return contrast(one, other) < HIDDEN;
}

/** How far text has to stand out in the dark: enough to be read, as far as it could be read; on a ground that stays, as far as it did. */
function neededContrast(colour: Colour, ground: Ground): number {
  const had = contrast(over(colour, ground.light), ground.light);
  return had >= (isTurned(ground) ? READABLE : ENOUGH) ? ENOUGH : had;
}

/** Whether text in this colour does in the dark what it did in the light: be read, or be hidden. */
export function servesInDark(light: Colour, dark: Colour, ground: Ground): boolean {
  const had = contrast(over(light, ground.light), ground.light);
  const has = contrast(over(dark, ground.dark), ground.dark);
  return had < HIDDEN ? has < HIDDEN + 0.2 : has >= neededContrast(light, ground);
}

/** The nearest lightness at which a colour has this contrast to the ground; the other end of the scale where there is none. */
function standingOut(colour: Colour, ground: Colour, needed: number): Colour {
  if (contrast(colour, ground) >= needed) return colour;
  const lighter = nearest(colour, ground, needed, 1);
  const darker = nearest(colour, ground, needed, 0);
  if (lighter === null && darker === null) {
    const ends = [1, 0].map((l) => ({ ...colour, l, c: 0 }));
    return ends.reduce((best, end) => (contrast(end, ground) > contrast(best, ground) ? end : best));
  }
  if (lighter === null || darker === null) return lighter ?? darker ?? colour;
  return Math.abs(lighter.l - colour.l) <= Math.abs(darker.l - colour.l) ? lighter : darker;
}

function nearest(colour: Colour, ground: Colour, needed: number, end: 0 | 1): Colour | null {
  const at = (way: number): Colour => ({ ...colour, l: colour.l + (end - colour.l) * way });
  if (contrast(at(1), ground) < needed) return null;
  let [near, far] = [0, 1];
  for (let step = 0; step < 12; step += 1) {
    const middle = (near + far) / 2;
    // Towards an end contrast falls before it rises when the ground lies between: only what is reached from the far side counts.
    if (contrast(at(middle), ground) >= needed && beyond(at(middle), ground, end)) far = middle;
    else near = middle;
  }
  return at(far);
}

function beyond(colour: Colour, ground: Colour, end: 0 | 1): boolean {
  return end === 1 ? colour.l >= ground.l : colour.l <= ground.l;
}

/** A colour for both schemes, as CSS writes it: `written` in the light, `dark` in the dark. */
export function inBoth(written: string, dark: Colour): string {
  return `light-dark(${written},${toHex(dark)})`;
}
