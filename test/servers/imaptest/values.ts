/** One argument of an IMAP line: what scripts and answers are compared by. */
export type Value = { kind: "atom" | "string"; text: string } | { kind: "list"; items: Value[] };

/** Cuts a line into arguments. Literals stand as `{size}` in it and are given in order. */
export function parseValues(line: string, literals: readonly string[]): Value[] {
  const stack: Value[][] = [[]];
  const top = (): Value[] => stack.at(-1) ?? [];
  let literal = 0;
  let at = 0;
  while (at < line.length) {
    const rest = line.slice(at);
    const [token] = /^(?:\s+|\(|\)|"(?:[^"\\]|\\.)*"|~?\{\d+\}|[^\s()"]+)/s.exec(rest) ?? [rest.charAt(0)];
    at += token.length;
    if (token === "(") {
      const items: Value[] = [];
      top().push({ kind: "list", items });
      stack.push(items);
    } else if (token === ")") {
      if (stack.length > 1) stack.pop();
    } else if (token.startsWith('"')) top().push({ kind: "string", text: token.slice(1, -1).replace(/\\(.)/g, "$1") });
    else if (/^~?\{\d+\}$/.test(token) && literal < literals.length) top().push({ kind: "string", text: literals[literal++] ?? "" });
    else if (token.trim() !== "") top().push({ kind: "atom", text: token });
  }
  return stack[0] ?? [];
}
