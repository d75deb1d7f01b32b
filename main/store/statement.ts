/** A value SQLite keeps. Booleans travel as 0 and 1, times as ms UTC. */
export type SqlValue = number | string | Uint8Array | bigint | null;
export type SqlParams = Readonly<Record<string, SqlValue>>;

/**
 * One SQL statement of the store: named parameters in, rows out. Declared once at the top of a file of `main/store` (or
 * `main/search`), prepared once per connection, and known to the test that prepares every statement against the migrated schema.
 */
export type Statement<P extends SqlParams, R> = {
  readonly sql: string;
  /** Only for the types; never present. */
  readonly types?: { params: P; row: R };
};

const declared = new Map<string, { readonly sql: string; readonly database: "store" | "search" }>();

/** Declares a statement. Parameters are written `:name`; columns are named, never `*`. */
export function statement<P extends SqlParams = Record<never, never>, R = never>(
  sql: string,
  database: "store" | "search" = "store",
): Statement<P, R> {
  const entry = { sql: keepPlan(sql), database };
  declared.set(`${database}\n${sql}`, entry);
  return entry;
}

/**
 * Puts a unary plus, which does nothing, before every parameter.
 *
 * SQLite plans joins anew whenever a parameter is bound that might change the plan (sqlite3_reoptimize), and clearing the bindings
 * counts as binding: 10 to 80 µs a call instead of 1 to 5. A parameter inside an expression is left out of that. A quoted string may
 * hold a colon.
 */
function keepPlan(sql: string): string {
  return sql.replaceAll(/'(?:[^']|'')*'|(?<![+\w:]):[a-z]\w*/giu, (found) => (found.startsWith(":") ? `+${found}` : found));
}

/**
 * The statement with places instead of names, and the name for each place; one that stands twice has two of them.
 *
 * To look up what an object calls by a name costs the binding as much as to bind it: a row of twenty columns takes two thirds of the time so.
 */
export function inPlaces(sql: string): { sql: string; names: string[] } {
  const names: string[] = [];
  const placed = sql.replaceAll(/'(?:[^']|'')*'|--.*|(?<![\w:]):([a-z]\w*)/giu, (found, name: string | undefined) => {
    if (name === undefined) return found;
    names.push(name);
    return "?";
  });
  return { sql: placed, names };
}

/** All statements of the modules loaded so far, for the test. */
export function declaredStatements(): readonly { readonly sql: string; readonly database: "store" | "search" }[] {
  return [...declared.values()];
}
