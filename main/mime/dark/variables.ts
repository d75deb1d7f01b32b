import { readColour } from "./colour-text.ts";
import type { Colour } from "./oklch.ts";

/** What a declaration paints. */
export type Role = "ground" | "text" | "line";

type Said = { readonly property: string; readonly value: string };

/** `var()` with at most two brackets in each other in its fallback. */
const CALL = /var\(\s*(--[^\s,()]+)\s*(?:,((?:[^()]|\((?:[^()]|\([^()]*\))*\))*))?\)/u;
const NAMES = /var\(\s*(--[^\s,()]+)/gu;
/** Names that name names; a ring of them ends here. */
const DEEPEST = 12;
const LONGEST = 400;

/** Which part of a picture a property paints; null for what paints nothing. */
export function roleOf(property: string): Role | null {
  if (property.startsWith("background")) return "ground";
  if (/^(?:color|-webkit-text-fill-color|text-decoration(?:-color)?|text-emphasis-color|caret-color)$/u.test(property)) return "text";
  return /^(?:border|outline|column-rule)/u.test(property) ? "line" : null;
}

/**
 * The custom properties of a message (CSS Variables 1). One that is given the same value wherever it is given any is known; of another one only
 * what it is used for.
 */
export class Variables {
  readonly #values = { light: new Map<string, Set<string>>(), dark: new Map<string, Set<string>>() };
  readonly #roles = new Map<string, Set<Role>>();

  /** Takes in a block. @param dark whether it holds in the dark only */
  hear(block: readonly Said[], dark = false): void {
    for (const { property, value } of block) {
      if (property.startsWith("--")) add(this.#values[dark ? "dark" : "light"], property, value.trim());
      const role = roleOf(property);
      if (role !== null) for (const [, name = ""] of value.matchAll(NAMES)) add(this.#roles, name, role);
    }
  }

  /** The colour that these words come to; null where that depends on the place. */
  colour(text: string, scheme: "light" | "dark" = "light"): Colour | null {
    const plain = text.includes("var(") ? this.#resolved(text, scheme) : text;
    return plain === null ? null : readColour(plain);
  }

  /** Whether the sender has said for the dark what these words come to there. */
  saidForDark(text: string): boolean {
    return this.#names(text).some((name) => this.#values.dark.has(name));
  }

  /** What one that has several values is used for, if that is one thing: then each value is turned where it stands. */
  turnedInPlace(name: string): Role | null {
    const [role, ...others] = this.#roles.get(name) ?? [];
    const several = (this.#values.light.get(name)?.size ?? 0) > 1;
    return several && role !== undefined && others.length === 0 && !this.#values.dark.has(name) ? role : null;
  }

  /** Every name that these words lead to. */
  #names(text: string): string[] {
    const found = new Set<string>();
    const waiting = [text];
    for (let words = waiting.pop(); words !== undefined && found.size < DEEPEST; words = waiting.pop()) {
      for (const [, name = ""] of words.matchAll(NAMES)) {
        if (found.has(name)) continue;
        found.add(name);
        waiting.push(...(this.#values.light.get(name) ?? []));
      }
    }
    return [...found];
  }

  #resolved(text: string, scheme: "light" | "dark"): string | null {
    let words = text;
    for (let step = 0; step < DEEPEST; step += 1) {
      const call = CALL.exec(words);
      if (call === null) return words.includes("var(") ? null : words;
      const [whole, name = "", fallback] = call;
      const value = this.#valueOf(name, scheme) ?? (this.#isGiven(name) ? null : fallback?.trim());
      if (value === null || value === undefined || words.length + value.length > LONGEST) return null;
      words = words.replace(whole, () => value);
    }
    return null;
  }

  #valueOf(name: string, scheme: "light" | "dark"): string | null {
    const values = (scheme === "dark" ? this.#values.dark.get(name) : undefined) ?? this.#values.light.get(name);
    const [value, ...others] = values ?? [];
    return value !== undefined && others.length === 0 ? value : null;
  }

  #isGiven(name: string): boolean {
    return this.#values.light.has(name) || this.#values.dark.has(name);
  }
}

function add<T>(to: Map<string, Set<T>>, name: string, value: T): void {
  const known = to.get(name);
  if (known === undefined) to.set(name, new Set([value]));
  else known.add(value);
}
