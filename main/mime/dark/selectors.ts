/** `how`: as it stands, or where in the value (Selectors 4 §6.2). A null value: it is there at all. */
type Attribute = { readonly name: string; readonly how: string; readonly value: string | null };

/** What has to be true of one element. Names of elements are in lower case; "" is any. */
type Compound = {
  readonly tag: string;
  readonly ids: readonly string[];
  readonly classes: readonly string[];
  readonly attributes: readonly Attribute[];
  readonly not: readonly Compound[];
  readonly link: boolean;
};

/** One selector, its last compound first. */
export type Pattern = {
  readonly compounds: readonly { readonly compound: Compound; readonly child: boolean }[];
  readonly specificity: number;
};

/** An element as selectors see it. */
export type Seen = {
  readonly tag: string;
  readonly id: string;
  readonly classes: readonly string[];
  readonly attribute: (name: string) => string | null;
};

const PIECE =
  /^(?:\*|(?<tag>[a-z][\w-]*)|#(?<id>[\w-]+)|\.(?<name>[\w\u0080-\uffff-]+)|\[\s*(?<attribute>[\w-]+)\s*(?:(?<how>[\^$*~]?)=\s*(?:"(?<double>[^"]*)"|'(?<single>[^']*)'|(?<bare>[\w#-]+))\s*(?:i\s*)?)?\]|:not\((?<not>[^():]*)\)|:(?<pseudo>link|any-link|root))/iu;
const MOST_COMPOUNDS = 12;

/**
 * The selectors of a rule, as far as mail uses them: names, classes, ids, attributes, inside and directly inside. Others are left out: what they
 * paint has its colours all the same, only its place is not known.
 */
export function readSelectors(prelude: string): Pattern[] {
  return prelude.split(",").flatMap((selector) => {
    const pattern = readSelector(selector.trim());
    return pattern === null ? [] : [pattern];
  });
}

function readSelector(selector: string): Pattern | null {
  const parts = selector.replace(/\s*>\s*/gu, " >").split(/\s+/u);
  if (selector === "" || parts.length > MOST_COMPOUNDS) return null;
  const compounds: { compound: Compound; child: boolean }[] = [];
  for (const part of parts) {
    const child = part.startsWith(">");
    const compound = readCompound(child ? part.slice(1) : part);
    if (compound === null) return null;
    compounds.push({ compound, child });
  }
  const specificity = compounds.reduce(
    (sum, { compound }) => sum + [compound, ...compound.not].reduce((own, one) => own + weight(one), 0),
    0,
  );
  return { compounds: compounds.reverse(), specificity };
}

function weight({ ids, classes, attributes, tag, link }: Compound): number {
  return ids.length * 1e6 + (classes.length + attributes.length + (link ? 1 : 0)) * 1e3 + (tag === "" ? 0 : 1);
}

function readCompound(text: string): Compound | null {
  const ids: string[] = [];
  const classes: string[] = [];
  const attributes: Attribute[] = [];
  const not: Compound[] = [];
  let [tag, link, rest] = ["", false, text];
  if (rest === "") return null;
  while (rest !== "") {
    const found = PIECE.exec(rest);
    if (found === null) return null;
    const { tag: named, id, name, attribute, how = "", double, single, bare, pseudo, not: unlike } = found.groups ?? {};
    if (named !== undefined) tag = named.toLowerCase();
    if (id !== undefined) ids.push(id);
    if (name !== undefined) classes.push(name);
    if (attribute !== undefined) attributes.push({ name: attribute.toLowerCase(), how, value: double ?? single ?? bare ?? null });
    if (unlike !== undefined) {
      const inner = readCompound(unlike.trim());
      if (inner === null) return null;
      not.push(inner);
    }
    if (pseudo?.toLowerCase() === "root") tag = "html";
    else if (pseudo !== undefined) link = true;
    rest = rest.slice(found[0].length);
  }
  return { tag, ids, classes, attributes, not, link };
}

/** Whether a pattern is about the last of these elements, each of which lies directly in the one before it. */
export function matches({ compounds }: Pattern, path: readonly Seen[]): boolean {
  return matchesFrom(compounds, 0, path, path.length - 1);
}

function matchesFrom(compounds: Pattern["compounds"], at: number, path: readonly Seen[], place: number): boolean {
  const one = compounds[at];
  const element = path[place];
  if (one === undefined) return true;
  if (element === undefined || !isOne(one.compound, element)) return false;
  if (at + 1 === compounds.length) return true;
  if (one.child) return matchesFrom(compounds, at + 1, path, place - 1);
  for (let above = place - 1; above >= 0; above -= 1) if (matchesFrom(compounds, at + 1, path, above)) return true;
  return false;
}

function isOne({ tag, ids, classes, attributes, not, link }: Compound, seen: Seen): boolean {
  return (
    (tag === "" || tag === seen.tag) &&
    ids.every((id) => id === seen.id) &&
    classes.every((name) => seen.classes.includes(name)) &&
    (!link || (seen.tag === "a" && seen.attribute("href") !== null)) &&
    attributes.every((one) => says(seen.attribute(one.name), one)) &&
    !not.some((inner) => isOne(inner, seen))
  );
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
    return keys.flatMap((key) => this.#byKey.get(key)?.filter(({ pattern }) => matches(pattern, path)) ?? []);
  }
}
