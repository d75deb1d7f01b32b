import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { coloursIn, readColour, readLegacyColour, replaceColours } from "../../main/mime/dark/colour-text.ts";
import {
  DARK_GROUND,
  DARK_TEXT,
  darkGround,
  darkLine,
  darkText,
  isTurned,
  laidOver,
  PAGE,
  servesInDark,
  WHITE,
} from "../../main/mime/dark/colours.ts";
import { type Colour, contrast, fromRgb, over, toHex, toRgb } from "../../main/mime/dark/oklch.ts";

const byte = fc.integer({ min: 0, max: 255 });
const opaque = fc.tuple(byte, byte, byte).map((rgb) => fromRgb(rgb));
const colour = fc
  .tuple(byte, byte, byte, fc.constantFrom(1, 1, 1, 0.87, 0.5))
  .map(([red, green, blue, alpha]) => fromRgb([red, green, blue], alpha));
/** Arithmetic and whole bytes: what is lost of a ratio by writing a colour down. */
const ROUNDED = 0.06;

function named(text: string): Colour {
  const found = readColour(text);
  if (found === null) throw new Error(text);
  return found;
}

describe("text on a ground, both in the dark", () => {
  test("stands out at 4.5 : 1, or as far as it did; at 4.5 : 1 where paper went dark and it could be read at all", () => {
    fc.assert(
      fc.property(colour, opaque, colour, (text, ground, above) => {
        for (const on of [PAGE, laidOver(PAGE, ground), laidOver(laidOver(PAGE, ground), above)]) {
          const had = contrast(over(text, on.light), on.light);
          const has = contrast(darkText(text, on), on.dark);
          if (had < 1.2) expect(has).toBeLessThan(1.4);
          else expect(has).toBeGreaterThanOrEqual((isTurned(on) && had >= 2 ? 4.5 : Math.min(had, 4.5)) - ROUNDED);
          expect(servesInDark(text, darkText(text, on), on) || has > had - ROUNDED).toBe(true);
        }
      }),
      { numRuns: 1500 },
    );
  });

  test("keeps its hue, unless it is so pale or so near an end that it has none", () => {
    fc.assert(
      fc.property(opaque, opaque, (text, ground) => {
        const there = fromRgb(toRgb(darkText(text, laidOver(PAGE, ground))));
        // What is hidden goes with its ground.
        if (contrast(text, ground) < 1.2) return;
        if (text.c < 0.06 || there.c < 0.04) return;
        const apart = Math.abs(((there.h - text.h + 540) % 360) - 180);
        expect(apart).toBeLessThan(12);
      }),
      { numRuns: 1500 },
    );
  });

  test("is as the window's own on what was white, and as it was on what stays", () => {
    expect(contrast(darkText(named("#000"), PAGE), DARK_GROUND)).toBeGreaterThan(11);
    const button = laidOver(PAGE, named("#0b57d0"));
    expect(toHex(button.dark)).toBe("#0b57d0");
    expect(toHex(darkText(WHITE, button))).toBe("#ffffff");
    // Less than it should be, and the sender's own: a button stays as it is known.
    expect(toHex(darkText(WHITE, laidOver(PAGE, named("#ff6600"))))).toBe("#ffffff");
  });
});

describe("a ground in the dark", () => {
  test("of paper is dark, white the window's own", () => {
    expect(toHex(darkGround(WHITE))).toBe("#252625");
    for (const paper of ["#f4f4f4", "#f4f1ea", "#fff8e1", "#e8efec", "#eeeeee"]) {
      expect(darkGround(named(paper)).l, paper).toBeLessThan(0.36);
      expect(darkGround(named(paper)).l, paper).toBeGreaterThan(DARK_GROUND.l);
    }
  });

  test("that was dark, or is somebody's own colour, stays", () => {
    for (const own of ["#000000", "#1a237e", "#c00000", "#0a7f3f", "#ff6600", "#07c160"])
      expect(toHex(darkGround(named(own))), own).toBe(own);
  });

  test("is never brighter than it was, and a rule on paper is seen", () => {
    fc.assert(fc.property(opaque, (one) => darkGround(one).l <= Math.max(one.l, 0.55)));
    for (const rule of ["#ddd", "#ccc", "#000", "#333"]) expect(contrast(darkLine(named(rule)), DARK_GROUND), rule).toBeGreaterThan(1.15);
  });
});

describe("colours as they are written", () => {
  test.each([
    ["#fff", "#ffffff"],
    ["#0B57D0", "#0b57d0"],
    ["rgb(12, 34, 56)", "#0c2238"],
    ["rgba(0,0,0,.5)", "#00000080"],
    ["rgb(10% 20% 30% / 50%)", "#1a334c80"],
    ["hsl(210, 50%, 40%)", "#336699"],
    ["RebeccaPurple", "#663399"],
    ["transparent", "#00000000"],
  ])("%s is read", (text, hex) => {
    expect(toHex(named(text))).toBe(hex);
  });

  test.each(["currentColor", "inherit", "var(--x)", "#ggg", "rgb(1,2)", "12px", ""])("%j is none", (text) => {
    expect(readColour(text)).toBeNull();
  });

  test.each([
    ["ffffff", "#ffffff"],
    ["#fff", "#ffffff"],
    ["white", "#ffffff"],
    ['3D"#40ffff"', "#3d40ff"],
    ["chucknorris", "#c00000"],
  ])("an attribute's %s is what browsers make of it", (text, hex) => {
    const found = readLegacyColour(text);
    expect(found === null ? null : toHex(found)).toBe(hex);
  });

  test("are found in values, but not in addresses, strings or names, and not twice", () => {
    const mark = (value: string): string => replaceColours(value, () => "X");
    expect(mark("1px solid #ddd")).toBe("1px solid X");
    expect(mark('url(red.png) "red" red-ish rgb(1,2,3) redder')).toBe('url(red.png) "red" red-ish X redder');
    expect(mark("linear-gradient(to right, #fff, black 40%)")).toBe("linear-gradient(to right, X, X 40%)");
    expect(mark("light-dark(#fff,rgb(0,0,0)) red")).toBe("light-dark(#fff,rgb(0,0,0)) X");
    expect(coloursIn("1px solid #ddd")).toHaveLength(1);
  });
});

test("the words of a message without colours can be read in the dark", () => {
  expect(contrast(DARK_TEXT, DARK_GROUND)).toBeGreaterThan(4.5);
});
