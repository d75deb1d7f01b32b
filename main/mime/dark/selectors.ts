/** `how`: as it stands, or where in the value (Selectors 4 §6.2). A null value: it is there at all. */
type Attribute = { readonly name: string; readonly how: string; readonly value: string | null };

/** What has to be true of one element. Names of elements are in lower case; "" is any. */
type Compound = {
  readonly tag: string;
  readonly ids: readonly string[];
  readonly classes: readonly string[];
  readonly attributes: readonly Attribute[];
  readonly not: readonly Compound[];
  /** Of each list one has to be true. */
  readonly either: readonly (readonly Compound[])[];
  readonly places: readonly Place[];
  readonly link: boolean;
};

/** `step`·n + `first` for some n from 0, counted from the first among its siblings; `last`: behind it comes none. */
type Place = { readonly step: number; readonly first: number } | "last";

/** How a compound lies to the one before it in the selector (Selectors 4 §14). */
type Combinator = " " | ">" | "+" | "~";

/** One selector, its last compound first. */
export type Pattern = {
  readonly compounds: readonly { readonly compound: Compound; readonly by: Combinator }[];
  readonly specificity: number;
};

/** An element as selectors see it. */
export type Seen = {
  readonly tag: string;
  readonly id: string;
  readonly classes: readonly string[];
  readonly attribute: (name: string) => string | null;
  /** The element in front of it under the same parent. */
  readonly before: Seen | null;
  /** Its place among them, from 1. */
  readonly at: number;
  readonly isLast: () => boolean;
};

const PIECE =
  /^(?:\*|(?<tag>[a-z][\w-]*)|#(?<id>[\w-]+)|\.(?<name>[\w\u0080-\uffff-]+)|\[\s*(?<attribute>[\w-]+)\s*(?:(?<how>[\^$*~]?)=\s*(?:"(?<double>[^"]*)"|'(?<single>[^']*)'|(?<bare>[\w#-]+))\s*(?:i\s*)?)?\]|:not\((?<not>[^():]*)\)|:(?:is|where)\((?<either>[^():]*)\)|:nth-child\(\s*(?<nth>[^()]*?)\s*\)|:(?<pseudo>link|any-link|root|first-child|last-child|only-child))/iu;
const MOST_COMPOUNDS = 12;
/** Comparisons for one message: selectors can be made to take for ever. */
const MOST_STEPS = 1_000_000;

/**
 * The selectors of a rule, as far as mail uses them: names, classes, ids, attributes, places, inside, directly inside and behind. Others are left
 * out: what they paint has its colours all the same, only its place is not known.
 */
export function readSelectors(prelude: string): Pattern[] {
  return listOf(prelude).flatMap((selector) => {
    const pattern = readSelector(selector.trim());
    return pattern === null ? [] : [pattern];
  });
}

/** Parted at commas that stand in no brackets. */
function listOf(prelude: string): string[] {
  return prelude.includes("(") ? (prelude.match(/(?:\([^()]*\)|[^,(]|\()+/gu) ?? []) : prelude.split(",");
}

function readSelector(selector: string): Pattern | null {
  const parts = selector
    .replace(/\(\s*([^()]*?)\s*\)/gu, (_, inside: string) => `(${inside.replace(/\s+/gu, "").replaceAll("+", "\u0001")})`)
    .replace(/\s*([>+~](?!=))\s*/gu, " $1")
    .split(/\s+/u)
    .map((part) => part.replaceAll("\u0001", "+"));
  if (selector === "" || parts.length > MOST_COMPOUNDS) return null;
  const compounds: { compound: Compound; by: Combinator }[] = [];
  for (const part of parts) {
    const by = isSign(part[0]) ? part[0] : " ";
    const compound = readCompound(by === " " ? part : part.slice(1));
    if (compound === null) return null;
    compounds.push({ compound, by });
  }
  const specificity = compounds.reduce((sum, { compound }) => sum + weightOfAll(compound), 0);
  return { compounds: compounds.reverse(), specificity };
}

function isSign(sign: string | undefined): sign is Exclude<Combinator, " "> {
  return sign === ">" || sign === "+" || sign === "~";
}

function weightOfAll(compound: Compound): number {
  const heaviest = compound.either.reduce((sum, list) => sum + Math.max(0, ...list.map(weight)), 0);
  return [compound, ...compound.not].reduce((sum, one) => sum + weight(one), heaviest);
}

function weight({ ids, classes, attributes, places, tag, link }: Compound): number {
  return ids.length * 1e6 + (classes.length + attributes.length + places.length + (link ? 1 : 0)) * 1e3 + (tag === "" ? 0 : 1);
}

function readCompound(text: string): Compound | null {
  const ids: string[] = [];
  const classes: string[] = [];
  const attributes: Attribute[] = [];
  const not: Compound[] = [];
  const either: Compound[][] = [];
  const places: Place[] = [];
  let [tag, link, rest] = ["", false, text];
  if (rest === "") return null;
  while (rest !== "") {
    const found = PIECE.exec(rest);
    if (found === null) return null;
    const { tag: named, id, name, attribute, how = "", double, single, bare, pseudo, nth, not: unlike, either: some } = found.groups ?? {};
    if (named !== undefined) tag = named.toLowerCase();
    if (id !== undefined) ids.push(id);
    if (name !== undefined) classes.push(name);
    if (attribute !== undefined) attributes.push({ name: attribute.toLowerCase(), how, value: double ?? single ?? bare ?? null });
    for (const [list, into] of [
      [unlike, (all: Compound[]) => not.push(...all)],
      [some, (all: Compound[]) => either.push(all)],
    ] as const) {
      if (list === undefined) continue;
      const inner = list.split(",").map((one) => readCompound(one.trim()));
      const known = inner.filter((one) => one !== null);
      if (known.length < inner.length) return null;
      into(known);
    }
    if (nth !== undefined) {
      const place = readPlace(nth);
      if (place === null) return null;
      places.push(place);
    }
    if (pseudo?.toLowerCase() === "root") tag = "html";
    else if (pseudo?.toLowerCase().endsWith("child")) {
      if (!/^last/iu.test(pseudo)) places.push({ step: 0, first: 1 });
      if (!/^first/iu.test(pseudo)) places.push("last");
    } else if (pseudo !== undefined) link = true;
    rest = rest.slice(found[0].length);
  }
  return { tag, ids, classes, attributes, not, either, places, link };
}

/** `an+b` (CSS Syntax 3 §9). */
function readPlace(text: string): Place | null {
  const words = text.toLowerCase().replace(/\s+/gu, "");
  if (words === "odd") return { step: 2, first: 1 };
  if (words === "even") return { step: 2, first: 0 };
  const found = /^(?:([+-]?\d*)n)?([+-]?\d+)?$/u.exec(words);
  if (found === null || words === "") return null;
  const [, step, first = "0"] = found;
  const steps = step === undefined ? 0 : /\d/u.test(step) ? Number(step) : Number(`${step}1`);
  return { step: steps, first: Number(first) };
}

/** Whether a pattern is about the last of these elements, each of which lies directly in the one before it. */
export function matches({ compounds }: Pattern, path: readonly Seen[], budget: { left: number } = { left: MOST_STEPS }): boolean {
  return matchesFrom({ compounds, path, budget }, 0, path.length - 1, path.at(-1) ?? null);
}

type Held = { readonly compounds: Pattern["compounds"]; readonly path: readonly Seen[]; readonly budget: { left: number } };

/** @param depth of `element` in the path, or of the sibling that is in it */
function matchesFrom(held: Held, at: number, depth: number, element: Seen | null): boolean {
  const { compounds, path, budget } = held;
  const one = compounds[at];
  if (one === undefined) return true;
  if (element === null || --budget.left < 0 || !isOne(one.compound, element)) return false;
  if (at + 1 === compounds.length) return true;
  switch (one.by) {
    case ">":
      return matchesFrom(held, at + 1, depth - 1, path[depth - 1] ?? null);
    case "+":
      return matchesFrom(held, at + 1, depth, element.before);
    case "~":
      for (let before = element.before; before !== null; before = before.before) if (matchesFrom(held, at + 1, depth, before)) return true;
      return false;
    default:
      for (let above = depth - 1; above >= 0; above -= 1) if (matchesFrom(held, at + 1, above, path[above] ?? null)) return true;
      return false;
  }
}

function isOne(compound: Compound, seen: Seen): boolean {
  const { tag, ids, classes, attributes, not, either, places, link } = compound;
  return (
    (tag === "" || tag === seen.tag) &&
    ids.every((id) => id === seen.id) &&
    classes.every((name) => seen.classes.includes(name)) &&
    (!link || (seen.tag === "a" && seen.attribute("href") !== null)) &&
    attributes.every((one) => says(seen.attribute(one.name), one)) &&
    places.every((place) => stands(place, seen)) &&
    either.every((list) => list.some((inner) => isOne(inner, seen))) &&
    !not.some((inner) => isOne(inner, seen))
  );
}

function stands(place: Place, { at, isLast }: Seen): boolean {
  if (place === "last") return isLast();
  const steps = place.step === 0 ? 0 : (at - place.first) / place.step;
  return place.step === 0 ? at === place.first : steps >= 0 && Number.isInteger(steps);
}

function says(found: string | null, { how, value }: Attribute): boolean {
  if (found === null || value === null) return found !== null;
  switch (how) {
    case "^":
      return value !== "" && found.startsWith(value);
    case "$":
      return value !== "" && found.endsWith(value);
    case "*":
      return value !== "" && found.includes(value);
    case "~":
      return found.split(/\s+/u).includes(value);
    default:
      return found === value;
  }
}

/** Patterns by what their last compound names first, so that an element is held against few. */
export class PatternIndex<Rule extends { readonly pattern: Pattern }> {
  readonly #byKey = new Map<string, Rule[]>();
  readonly #budget = { left: MOST_STEPS };

  constructor(rules: readonly Rule[]) {
    for (const rule of rules) {
      const last = rule.pattern.compounds[0]?.compound;
      const key =
        last?.ids[0] !== undefined ? `#${last.ids[0]}` : last?.classes[0] !== undefined ? `.${last.classes[0]}` : (last?.tag ?? "");
      this.#byKey.set(key, [...(this.#byKey.get(key) ?? []), rule]);
    }
  }

  /** The rules about the last element of the path. */
  about(path: readonly Seen[]): Rule[] {
    const element = path.at(-1);
    if (element === undefined || this.#byKey.size === 0) return [];
    const keys = ["", element.tag, ...(element.id === "" ? [] : [`#${element.id}`]), ...element.classes.map((name) => `.${name}`)];
    return keys.flatMap((key) => this.#byKey.get(key)?.filter(({ pattern }) => matches(pattern, path, this.#budget)) ?? []);
  }
}
