import type { Value } from "./values.ts";

export interface Variables {
  values: Map<string, string>;
  /** `$3`: where the message that had number 3 as the command began is now. */
  sequence(initial: number): number;
}

type Role = "line" | "fetch-items" | "flags" | "pairs" | "set" | "plain";

interface Rules {
  /** Length of the runs that may come in any order; 0 = the order counts. */
  run: number;
  extra: boolean;
  ignored: string[];
  banned: string[];
}

/**
 * Whether an answer is the one that a script expects. Unknown variables take the answer's value, but only when all of it matches.
 *
 * @param prefix the answer may go on after what is expected
 */
export function matches(expected: readonly Value[], actual: readonly Value[], variables: Variables, prefix: boolean): boolean {
  const bound = new Map(variables.values);
  const trial = { ...variables, values: bound };
  const name = replyName(expected);
  if (!ordered(expected, actual, trial, prefix, (index) => roleInLine(name, index))) return false;
  for (const [key, value] of bound) variables.values.set(key, value);
  return true;
}

function replyName(values: readonly Value[]): string {
  const [first, second] = values;
  const named = first?.kind === "atom" && /^[$\d]/.test(first.text) ? second : first;
  return named?.kind === "atom" ? named.text.toLowerCase() : "";
}

function roleInLine(name: string, index: number): Role {
  if ((name === "list" || name === "lsub") && index === 1) return "set";
  if (name === "status" && index === 2) return "pairs";
  return name === "fetch" && index === 2 ? "fetch-items" : "plain";
}

function ordered(
  expected: readonly Value[],
  actual: readonly Value[],
  variables: Variables,
  prefix: boolean,
  role: (index: number) => Role,
): boolean {
  if (actual.length < expected.length || (!prefix && actual.length !== expected.length)) return false;
  return expected.every((value, index) => {
    const other = actual[index];
    return other !== undefined && one(value, other, variables, role(index));
  });
}

function one(expected: Value, actual: Value, variables: Variables, role: Role): boolean {
  if (expected.kind === "atom" && expected.text === "$") return true;
  if (expected.kind === "list") return actual.kind === "list" && list(expected.items, actual.items, variables, role);
  if (actual.kind === "list") return false;
  if (expected.kind === "atom" && expected.text.toUpperCase() === "NIL")
    return actual.kind === "atom" && actual.text.toUpperCase() === "NIL";
  return text(expected.text, actual.text, variables);
}

function list(items: readonly Value[], actual: readonly Value[], variables: Variables, role: Role): boolean {
  const isDirective = (value: Value): boolean => value.kind === "atom" && value.text.startsWith("$!");
  const directives = items.filter(isDirective).map((value) => (value.kind === "list" ? "" : value.text.slice(2)));
  const expected = items.filter((value) => !isDirective(value));
  const rules = directives.length > 0 ? rulesFrom(directives) : defaults(role);
  if (rules.run === 0) return ordered(expected, actual, variables, false, () => "plain");

  const left = runs(actual, rules.run);
  for (const run of runs(expected, rules.run)) {
    const inside = (index: number): Role => (role === "fetch-items" && index === 1 && isWord(run[0], "flags") ? "flags" : "plain");
    const found = left.findIndex((other) => ordered(run, other, variables, false, inside));
    if (found < 0) return false;
    left.splice(found, 1);
  }
  const rest = left.flat().map((value) => (value.kind === "list" ? "()" : value.text.toLowerCase()));
  if (rest.some((word) => rules.banned.includes(word))) return false;
  return rules.extra || rest.every((word) => rules.ignored.includes(word));
}

function isWord(value: Value | undefined, word: string): boolean {
  return value?.kind === "atom" && value.text.toLowerCase() === word;
}

function runs(values: readonly Value[], length: number): Value[][] {
  return Array.from({ length: Math.ceil(values.length / length) }, (_, index) => values.slice(index * length, (index + 1) * length));
}

function defaults(role: Role): Rules {
  const loose: Rules = { run: 1, extra: true, ignored: [], banned: [] };
  if (role === "fetch-items" || role === "pairs") return { ...loose, run: 2 };
  if (role === "flags") return { ...loose, extra: false, ignored: ["\\recent", "$hasattachment", "$hasnoattachment"] };
  return role === "set" ? loose : { ...loose, run: 0 };
}

function rulesFrom(directives: readonly string[]): Rules {
  const rules: Rules = { run: 0, extra: true, ignored: [], banned: [] };
  for (const directive of directives) {
    const [name, value] = directive.split("=");
    if (name === "unordered") rules.run = Number(value ?? 1);
    else if (name === "noextra") rules.extra = false;
    else if (name === "ignore") rules.ignored.push((value ?? "").toLowerCase());
    else if (name === "ban") rules.banned.push((value ?? "").toLowerCase());
  }
  return rules;
}

/** Compares without case; each unknown variable takes as much as it must. */
function text(expected: string, actual: string, variables: Variables): boolean {
  const unknown: string[] = [];
  const source = expected.replace(/\$\$|\$\{(\w+)\}|\$(\w+)|[^$]+|\$/g, (piece: string, braced?: string, bare?: string) => {
    const name = braced ?? bare;
    if (name === undefined) return escaped(piece === "$$" ? "$" : piece);
    const value = /^\d+$/.test(name) ? String(variables.sequence(Number(name))) : variables.values.get(name);
    if (value !== undefined) return escaped(value);
    unknown.push(name);
    return "(.*)";
  });
  const found = new RegExp(`^${source}$`, "is").exec(actual);
  if (found === null) return false;
  for (const [index, name] of unknown.entries()) variables.values.set(name, found[index + 1] ?? "");
  return true;
}

function escaped(literal: string): string {
  return literal.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
}

/** A command of a script with its variables filled in. */
export function expand(source: string, variables: Variables): string {
  return source.replace(/\$\$|\$\{(\w+)\}|\$(\w+)/g, (piece: string, braced?: string, bare?: string) => {
    if (piece === "$$") return "$";
    const name = braced ?? bare ?? "";
    const value = variables.values.get(name);
    if (value === undefined) throw new Error(`the script uses $${name} before it has a value`);
    return value;
  });
}
