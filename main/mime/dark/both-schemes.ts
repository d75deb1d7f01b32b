import { readLegacyColour } from "./colour-text.ts";
import {
  DARK_LINK,
  DARK_TEXT,
  darkGround,
  darkLine,
  darkText,
  type Ground,
  inBoth,
  isTurned,
  LIGHT_LINK,
  LIGHT_TEXT,
  PAGE,
  servesInDark,
} from "./colours.ts";
import { type Block, type GroundPaint, inBothSchemes, joinDeclarations, PAINTS, type Paint, splitDeclarations } from "./declarations.ts";
import { type Colour, over, toHex } from "./oklch.ts";
import { type PaintingRule, readSheet, type Scheme, sheetInBothSchemes } from "./rules.ts";
import { PatternIndex, type Seen } from "./selectors.ts";
import { Variables } from "./variables.ts";

type Text = { readonly light: Colour; readonly dark: Colour };
/** What an element hands down to those inside it; null where it cannot be told. */
type State = { readonly ground: Ground | null; readonly text: Text | null };
type Work = {
  readonly index: PatternIndex<PaintingRule>;
  readonly variables: Variables;
  readonly path: Seen[];
  readonly blocks: Map<string, { readonly css: string; readonly block: Block }>;
  /** Values of `bgcolor` and `color` that stand somewhere, as they are written. */
  readonly hints: { readonly bgcolor: Set<string>; readonly color: Set<string> };
  left: number;
};

/** Elements looked at, at most; what comes after has its colours said, and nothing mended. */
const MOST_ELEMENTS = 30_000;
/** Above every selector, and above that. */
const INLINE = 1e10;
const IMPORTANT = 1e12;
/** What an attribute may say to be taken into a selector. */
const PLAIN_VALUE = /^[\w#"'., =-]{1,60}$/u;

/**
 * Says every colour of a cleaned message for both schemes, by `light-dark()`: nothing changes in the light, and in the dark paper is dark, text
 * stands out from it, and what is somebody's own colour stays (decision 0073). No script is needed, and the reader's switch is one
 * property of the page.
 * @param mail the element that holds the message, its style sheets with it; changed in place
 */
export function sayBothSchemes(mail: Element): void {
  const variables = new Variables();
  const sheets = [...mail.querySelectorAll("style")].map((element) => ({
    element,
    sheet: readSheet(element.textContent ?? "", variables),
  }));
  for (const element of [mail, ...mail.querySelectorAll("[style*='--']")]) {
    const style = element.getAttribute("style") ?? "";
    if (style.includes("--")) variables.hear(splitDeclarations(style));
  }
  const rules: PaintingRule[] = [];
  for (const { element, sheet } of sheets) if (sheet !== null) element.textContent = sheetInBothSchemes(sheet, variables, rules);
  const page = (tag: string): Seen => ({ tag, id: "", classes: [], attribute: () => null, before: null, at: 1, isLast: () => true });
  const work: Work = {
    index: new PatternIndex(rules),
    variables,
    path: [page("html")],
    blocks: new Map(),
    hints: { bgcolor: new Set(), color: new Set() },
    left: MOST_ELEMENTS,
  };
  let state: State = stateIn({ ground: PAGE, text: { light: LIGHT_TEXT, dark: DARK_TEXT } }, work, []);
  work.path.push(page("body"));
  state = stateIn(state, work, []);
  walk(mail, state, work, null);
  const hints = hintSheet(work.hints);
  if (hints === "") return;
  // In a sheet that is there: one more element would move the others from their places.
  const first = sheets[0]?.element ?? mail.ownerDocument.createElement("style");
  if (first.parentNode === null) mail.prepend(first);
  first.textContent = `${hints}${first.textContent ?? ""}`;
}

/** @returns the element as those behind it see it */
function walk(element: Element, above: State, work: Work, before: Seen | null): Seen {
  const seen = seenOf(element, before);
  // The name of a fold is the window's own.
  if (element.localName === "style" || element.localName === "summary" || --work.left < 0) return seen;
  work.path.push(seen);
  let state = stateIn(above, work, ownPaint(element, work));
  if (element.hasAttribute("background") || paintsPicture(element)) state = { ...state, ground: backed(element, state.ground) };
  const { text, ground } = state;
  if (text !== null && ground !== null && hasWords(element) && !servesInDark(text.light, text.dark, ground)) {
    const dark = darkText(text.light, ground);
    append(element, `color:${inBoth(toHex(text.light), dark)}!important`);
    state = { ...state, text: { light: text.light, dark } };
  }
  let last: Seen | null = null;
  for (let child = element.firstElementChild; child !== null; child = child.nextElementSibling) last = walk(child, state, work, last);
  work.path.pop();
  return seen;
}

function seenOf(element: Element, before: Seen | null): Seen {
  return {
    tag: element.localName,
    id: element.getAttribute("id") ?? "",
    classes: (element.getAttribute("class") ?? "").split(/\s+/u).filter((name) => name !== ""),
    attribute: (name) => element.getAttribute(name),
    before,
    at: (before?.at ?? 0) + 1,
    isLast: () => element.nextElementSibling === null,
  };
}

/** What an element itself says, hints of HTML first, as they count least. */
function ownPaint(element: Element, work: Work): Candidate[] {
  const found: Candidate[] = [];
  const hint = (name: "bgcolor" | "color"): Colour | null => {
    const value = element.getAttribute(name) ?? "";
    const colour = PLAIN_VALUE.test(value) ? readLegacyColour(value) : null;
    if (colour !== null) work.hints[name].add(value);
    return colour;
  };
  if (element.localName === "a" && element.hasAttribute("href")) {
    found.push({ weight: -3, text: { light: LIGHT_LINK, dark: DARK_LINK, important: false, known: true }, ground: null, scheme: "both" });
  }
  const ground = hint("bgcolor");
  if (ground !== null) {
    found.push({
      weight: -2,
      text: null,
      ground: { light: ground, dark: darkGround(ground), important: false, image: false, known: true },
      scheme: "both",
    });
  }
  const text = element.localName === "font" ? hint("color") : null;
  if (text !== null)
    found.push({
      weight: -1,
      text: { light: text, dark: darkText(text, PAGE), important: false, known: true },
      ground: null,
      scheme: "both",
    });
  const style = element.getAttribute("style");
  if (style === null || !PAINTS.test(style)) return found;
  const known = work.blocks.get(style) ?? styleInBoth(style, work.variables);
  work.blocks.set(style, known);
  if (known.css !== style) element.setAttribute("style", known.css);
  found.push({ weight: INLINE, text: known.block.text, ground: known.block.ground, scheme: "both" });
  return found;
}

function styleInBoth(style: string, variables: Variables): { css: string; block: Block } {
  const block = inBothSchemes(splitDeclarations(style), variables);
  return { css: joinDeclarations(block.declarations), block };
}

/** Something that paints an element; the heavier wins, and what is important wins over all that is not. */
type Candidate = { readonly weight: number; readonly text: Paint | null; readonly ground: GroundPaint | null; readonly scheme: Scheme };

function stateIn(above: State, work: Work, own: readonly Candidate[]): State {
  const rules = work.index.about(work.path);
  if (rules.length === 0 && own.length === 0) return above;
  const all = [
    ...own,
    ...rules.map(({ block, pattern, scheme, order }) => ({
      weight: pattern.specificity + order / 1e5,
      text: block.text,
      ground: block.ground,
      scheme,
    })),
  ];
  return { ground: groundIn(above.ground, all), text: textIn(above.text, all) };
}

function textIn(above: Text | null, all: readonly Candidate[]): Text | null {
  const [light, dark] = [winner(all, "text", "dark"), winner(all, "text", "light")];
  if (light?.known === false || dark?.known === false) return null;
  if (light !== null && dark !== null) return { light: light.light, dark: dark.dark };
  return above === null ? null : { light: light?.light ?? above.light, dark: dark?.dark ?? above.dark };
}

function groundIn(above: Ground | null, all: readonly Candidate[]): Ground | null {
  const [light, dark] = [winner(all, "ground", "dark"), winner(all, "ground", "light")];
  if (light === null && dark === null) return above;
  if (light?.known === false || dark?.known === false) return null;
  const below = above ?? (light?.light.alpha === 1 && dark?.dark.alpha === 1 ? PAGE : null);
  return (
    below && {
      light: light === null ? below.light : over(light.light, below.light),
      dark: dark === null ? below.dark : over(dark.dark, below.dark),
    }
  );
}

/** @param not the scheme that is not looked at */
function winner(all: readonly Candidate[], of: "text" | "ground", not: Scheme): Paint | null {
  let best: { paint: Paint; weight: number } | null = null;
  for (const candidate of all) {
    const paint = candidate[of];
    if (paint === null || candidate.scheme === not) continue;
    const weight = candidate.weight + (paint.important ? IMPORTANT : 0);
    if (best === null || weight >= best.weight) best = { paint, weight };
  }
  return best?.paint ?? null;
}

function hasWords(element: Element): boolean {
  for (let node = element.firstChild; node !== null; node = node.nextSibling) {
    if (node.nodeType === 3 && /\S/u.test(node.nodeValue ?? "")) return true;
  }
  return false;
}

function paintsPicture(element: Element): boolean {
  return /background[^;]*url\(/iu.test(element.getAttribute("style") ?? "");
}

/** A picture that lay on paper keeps paper under it: drawn in dark lines on nothing, it would be lost. */
function backed(element: Element, ground: Ground | null): Ground | null {
  if (ground === null || !isTurned(ground)) return ground;
  append(element, `background-color:light-dark(transparent,${toHex(ground.light)})`);
  return { light: ground.light, dark: ground.light };
}

function append(element: Element, declaration: string): void {
  const style = (element.getAttribute("style") ?? "").trim().replace(/;$/u, "");
  element.setAttribute("style", style === "" ? declaration : `${style};${declaration}`);
}

/** What `bgcolor` and `color` say, in a layer, so that they count as little as HTML has them count: any style of the message wins over them. */
function hintSheet({ bgcolor, color }: Work["hints"]): string {
  const rules = [
    ...hintRules(bgcolor, (value) => `[bgcolor=${value}]`, "background-color", darkGround),
    // Cells as thin as a line are one, black ones too.
    ...hintRules(bgcolor, (value) => `[bgcolor=${value}]:is(${THIN})`, "background-color", darkLine),
    ...hintRules(
      color,
      (value) => `font[color=${value}]`,
      "color",
      (colour) => darkText(colour, PAGE),
    ),
  ];
  return rules.length === 0 ? "" : `@layer satchel{${rules.join("")}}`;
}

const THIN = [1, 2, 3].flatMap((px) => [`[height="${px}"]`, `[width="${px}"]`]).join(",");

function hintRules(
  values: ReadonlySet<string>,
  selector: (quoted: string) => string,
  property: string,
  dark: (colour: Colour) => Colour,
): string[] {
  return [...values].flatMap((value) => {
    const colour = readLegacyColour(value);
    const quoted = `"${value.replaceAll('"', '\\"')}"`;
    return colour === null ? [] : [`${selector(quoted)}{${property}:${inBoth(toHex(colour), dark(colour))}}`];
  });
}
