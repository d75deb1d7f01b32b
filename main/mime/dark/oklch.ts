/** A colour in OKLCH (CSS Color 4 §9.2): lightness 0–1, chroma from 0, hue in degrees; alpha 0–1. */
export type Colour = { readonly l: number; readonly c: number; readonly h: number; readonly alpha: number };
/** sRGB, each 0–1. */
type Rgb = readonly [red: number, green: number, blue: number];

/** @param rgb each 0–255 */
export function fromRgb([red, green, blue]: readonly [number, number, number], alpha = 1): Colour {
  const [r, g, b] = [linear(red / 255), linear(green / 255), linear(blue / 255)];
  const long = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const medium = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const short = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  const l = 0.2104542553 * long + 0.793617785 * medium - 0.0040720468 * short;
  const aAxis = 1.9779984951 * long - 2.428592205 * medium + 0.4505937099 * short;
  const bAxis = 0.0259040371 * long + 0.7827717662 * medium - 0.808675766 * short;
  const c = Math.hypot(aAxis, bAxis);
  // Below this the hue is noise of the arithmetic.
  const h = c < 0.0005 ? 0 : (Math.atan2(bAxis, aAxis) * 180) / Math.PI;
  return { l: Math.min(1, Math.max(0, l)), c: c < 0.0005 ? 0 : c, h: h < 0 ? h + 360 : h, alpha };
}

function linear(value: number): number {
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

function gamma(value: number): number {
  return value <= 0.0031308 ? value * 12.92 : 1.055 * value ** (1 / 2.4) - 0.055;
}

function unbound({ l, c, h }: Colour): Rgb {
  const angle = (h * Math.PI) / 180;
  const [aAxis, bAxis] = [c * Math.cos(angle), c * Math.sin(angle)];
  const long = (l + 0.3963377774 * aAxis + 0.2158037573 * bAxis) ** 3;
  const medium = (l - 0.1055613458 * aAxis - 0.0638541728 * bAxis) ** 3;
  const short = (l - 0.0894841775 * aAxis - 1.291485548 * bAxis) ** 3;
  return [
    4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
    -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
    -0.0041960863 * long - 0.7034186147 * medium + 1.707614701 * short,
  ];
}

const SHOWABLE = 0.0005;

const shown = new WeakMap<Colour, readonly [number, number, number]>();

/** What a screen can show of it: lightness and hue stay, chroma gives way. @returns each 0–255, whole numbers */
export function toRgb(colour: Colour): readonly [number, number, number] {
  const before = shown.get(colour);
  if (before !== undefined) return before;
  const rgb = mapped(colour);
  // A newsletter has few colours and thousands of places for them.
  shown.set(colour, rgb);
  return rgb;
}

function mapped(colour: Colour): readonly [number, number, number] {
  const fits = (c: number): boolean => unbound({ ...colour, c }).every((value) => value >= -SHOWABLE && value <= 1 + SHOWABLE);
  let chroma = colour.c;
  if (!fits(chroma)) {
    let [low, high] = [0, chroma];
    for (let step = 0; step < 14; step += 1) {
      const middle = (low + high) / 2;
      if (fits(middle)) low = middle;
      else high = middle;
    }
    chroma = low;
  }
  const [red, green, blue] = unbound({ ...colour, c: chroma });
  const whole = (value: number): number => Math.round(gamma(Math.min(1, Math.max(0, value))) * 255);
  return [whole(red), whole(green), whole(blue)];
}

/** As CSS writes it. */
export function toHex(colour: Colour): string {
  const alpha = colour.alpha >= 1 ? [] : [Math.round(colour.alpha * 255)];
  return `#${[...toRgb(colour), ...alpha].map((value) => value.toString(16).padStart(2, "0")).join("")}`;
}

/** Relative luminance (WCAG 2.2) of what is shown. */
export function luminance(colour: Colour): number {
  const [red, green, blue] = toRgb(colour);
  return 0.2126 * linear(red / 255) + 0.7152 * linear(green / 255) + 0.0722 * linear(blue / 255);
}

/** Contrast ratio of two opaque colours (WCAG 2.2), 1–21. */
export function contrast(one: Colour, other: Colour): number {
  const [a, b] = [luminance(one), luminance(other)];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

/** What is seen of a colour that lets another one, opaque, shine through. */
export function over(top: Colour, below: Colour): Colour {
  if (top.alpha >= 1) return top;
  const [upper, lower] = [toRgb(top), toRgb(below)];
  const mix = (at: 0 | 1 | 2): number => upper[at] * top.alpha + lower[at] * (1 - top.alpha);
  return fromRgb([mix(0), mix(1), mix(2)]);
}
