/** One finding of an Authentication-Results field: `method` and `result` in small letters. */
export type MethodResult = {
  readonly method: string;
  readonly result: string;
  /** The words in brackets beside it. */
  readonly comment: string;
  /** `header.d` and the like in small letters, and what they say. */
  readonly properties: Readonly<Record<string, string>>;
};

/** Who has checked a message, and what it found (RFC 8601). */
export type AuthenticationResults = { readonly server: string; readonly results: readonly MethodResult[] };

const LONGEST = 64 * 1024;
const MOST_RESULTS = 100;

type Token = { readonly kind: "word" | "quoted" | "comment" | ";" | "="; readonly text: string };

/**
 * Reads the value of an Authentication-Results field (RFC 8601 §2.2), folds included.
 * @returns null when it names no server: then it is nobody's word
 */
export function parseResults(value: string): AuthenticationResults | null {
  const clauses = clausesOf(tokens(value.slice(0, LONGEST)));
  const [head = []] = clauses;
  const [server, after] = head.filter(({ kind }) => kind !== "comment");
  // A field that begins with a finding has no server in front of it.
  if (server === undefined || server.kind === ";" || server.kind === "=" || after?.kind === "=") return null;
  const results = clauses.slice(1).flatMap((clause) => finding(clause) ?? []);
  return { server: server.text.toLowerCase(), results: results.slice(0, MOST_RESULTS) };
}

function clausesOf(all: readonly Token[]): Token[][] {
  const clauses: Token[][] = [[]];
  for (const token of all) {
    if (token.kind === ";") clauses.push([]);
    else clauses.at(-1)?.push(token);
  }
  return clauses;
}

/** `method[/version]=result`, then `reason=…` and `ptype.property=value` in any order. */
function finding(clause: readonly Token[]): MethodResult | null {
  const comment = clause
    .filter(({ kind }) => kind === "comment")
    .map(({ text }) => text)
    .join(" ");
  const words = clause.filter(({ kind }) => kind !== "comment");
  const [first, ...rest] = pairsOf(words);
  if (first === undefined || words[0]?.kind !== "word") return null;
  const method = words[0].text.toLowerCase().replace(/\/.*$/su, "");
  // The first that is said holds: what comes later may be anybody's.
  const properties = Object.fromEntries(rest.filter(([name]) => name.includes(".")).toReversed());
  return { method, result: first[1].toLowerCase(), comment, properties };
}

function pairsOf(words: readonly Token[]): [name: string, value: string][] {
  const pairs: [string, string][] = [];
  for (const [at, { kind }] of words.entries()) {
    const name = words[at - 1];
    const value = words[at + 1];
    if (kind === "=" && name?.kind === "word" && value !== undefined && value.kind !== "=")
      pairs.push([name.text.toLowerCase(), value.text]);
  }
  return pairs;
}

function tokens(text: string): Token[] {
  const all: Token[] = [];
  // Quoted text, the sign between name and value, a word. In a value "=" is a letter: base64 ends with it.
  const pattern = /\s+|"((?:[^"\\]|\\[\s\S])*)"?|([;=])|[^\s;="()]+|\)/uy;
  for (let at = 0; at < text.length; ) {
    if (text[at] === "(") {
      const end = commentEnd(text, at);
      all.push({ kind: "comment", text: text.slice(at + 1, end - 1) });
      at = end;
      continue;
    }
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match === null) break;
    at = pattern.lastIndex;
    const [whole, quoted, sign] = match;
    if (sign === ";" || sign === "=") all.push({ kind: sign, text: sign });
    else if (quoted !== undefined) all.push({ kind: "quoted", text: quoted.replace(/\\([\s\S])/gu, "$1") });
    else if (whole.trim() !== "" && whole !== ")") {
      const value = all.at(-1)?.kind === "=" ? (/[^\s;"()]+/uy.exec(text.slice(at - whole.length))?.[0] ?? whole) : whole;
      all.push({ kind: "word", text: value });
      at += value.length - whole.length;
    }
  }
  return all;
}

/** Comments lie in one another (RFC 5322 §3.2.2). @returns where the text goes on */
function commentEnd(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === "(") depth++;
    else if (text[at] === ")" && --depth === 0) return at + 1;
  }
  return text.length + 1;
}
