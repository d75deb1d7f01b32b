import { LETTERS_STYLE } from "./letters.ts";

/** The tokens that name a family of each system. A computer has a few of them, and every one that is missing is asked for again with every size and weight. */
const STACKS = ["--font-latin", "--cjk-sc", "--cjk-tc", "--cjk-ja", "--cjk-ko", "--font-mono"] as const;
const KEPT = "satchel.fonts";
/** Long after the first list is drawn: fonts are rarely installed, and then the next start has them. */
const LOOK_AGAIN_MS = 20_000;
/** Wide and narrow letters: two families hardly ever agree on all of them. */
const SAMPLE = "mmmmWiil10 Qg&";

/** How wide the sample is in a list of families. */
type Measure = (families: string) => number;

/**
 * The families of a list that are here, generic ones included: whichever is missing is as wide as what stands in for it.
 * @returns the last one at least, since an empty list would spoil the lists that it is part of
 */
export function familiesHere(stack: string, measure: Measure): string {
  const families = stack.split(",").map((family) => family.trim());
  const here = families.filter((family) => measure(`${family}, monospace`) === measure(`${family}, serif`));
  return (here.length > 0 ? here : families.slice(-1)).join(", ");
}

/** Leaves out of the page's lists of fonts what this computer does not have. A window that knows from last time does not look first. */
export function applyFonts(): void {
  const letters = new CSSStyleSheet();
  letters.replaceSync(LETTERS_STYLE);
  document.adoptedStyleSheets.push(letters);
  const kept = remembered();
  const asked = stacks();
  const known = kept !== null && STACKS.every((name) => kept[name]?.asked === asked[name]);
  show(known ? kept : look(asked));
  if (known) setTimeout(() => requestIdleCallback(() => look(asked)), LOOK_AGAIN_MS);
}

type Found = { [name: string]: { asked: string; here: string } };

function stacks(): { [name: string]: string } {
  const style = getComputedStyle(document.documentElement);
  return Object.fromEntries(STACKS.map((name) => [name, style.getPropertyValue(name).trim()]));
}

function look(asked: { readonly [name: string]: string }): Found {
  const pen = document.createElement("canvas").getContext("2d");
  const measure: Measure = (families) => {
    if (pen === null) return 0;
    pen.font = `40px ${families}`;
    return pen.measureText(SAMPLE).width;
  };
  const found = Object.fromEntries(
    Object.entries(asked).map(([name, stack]) => [name, { asked: stack, here: familiesHere(stack, measure) }]),
  );
  localStorage.setItem(KEPT, JSON.stringify(found));
  return found;
}

function show(found: Found): void {
  for (const [name, { here }] of Object.entries(found)) document.documentElement.style.setProperty(name, here);
}

function remembered(): Found | null {
  try {
    return JSON.parse(localStorage.getItem(KEPT) ?? "null") as Found | null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
