/** One address of an envelope (RFC 3501 §7.4.2); a group begins with host null and ends with both null. */
export interface EnvelopeAddress {
  name: string | null;
  route: string | null;
  mailbox: string | null;
  host: string | null;
}

/** What servers put where an address has no domain. */
const NO_DOMAIN = "MISSING_DOMAIN";

type Token = { kind: "word"; text: string; spaced: boolean } | { kind: "special"; text: string } | { kind: "comment"; text: string };

/** Addresses of a header field, groups and obsolete forms included (RFC 5322 §3.4, §4.4). Text stands for bytes. */
export function parseAddresses(text: string): EnvelopeAddress[] {
  const addresses: EnvelopeAddress[] = [];
  let current: Token[] = [];
  let inGroup = false;
  const finish = (): void => {
    const address = readAddress(current);
    if (address !== null) addresses.push(address);
    current = [];
  };
  let inAngle = false;
  for (const token of tokens(text)) {
    if (token.kind === "special" && token.text === "<") inAngle = true;
    if (token.kind === "special" && token.text === ">") inAngle = false;
    if (token.kind !== "special" || inAngle) current.push(token);
    else if (token.text === ",") finish();
    else if (token.text === ":" && !inGroup) {
      addresses.push({ name: null, route: null, mailbox: phrase(current), host: null });
      inGroup = true;
      current = [];
    } else if (token.text === ";" && inGroup) {
      finish();
      addresses.push({ name: null, route: null, mailbox: null, host: null });
      inGroup = false;
    } else if (token.text !== ";") current.push(token);
  }
  finish();
  if (inGroup) addresses.push({ name: null, route: null, mailbox: null, host: null });
  return addresses;
}

function readAddress(all: readonly Token[]): EnvelopeAddress | null {
  const comments = all.filter((token) => token.kind === "comment").map((token) => token.text);
  const useful = all.filter((token) => token.kind !== "comment");
  if (useful.length === 0) return null;
  const open = useful.findIndex((token) => token.kind === "special" && token.text === "<");
  if (open < 0) {
    const { mailbox, host } = splitAddress(useful);
    return { name: comments.at(-1) ?? null, route: null, mailbox, host };
  }
  const close = useful.findIndex((token, index) => index > open && token.kind === "special" && token.text === ">");
  let inside = useful.slice(open + 1, close < 0 ? undefined : close);
  const before = useful.slice(0, open);
  const colon = inside.findIndex((token) => token.kind === "special" && token.text === ":");
  const route = colon > 0 ? bare(inside.slice(0, colon)) : null;
  if (colon > 0) inside = inside.slice(colon + 1);
  const name = before.length > 0 ? phrase(before) : (comments.at(-1) ?? null);
  if (inside.length === 0) return name === null ? null : { name, route, mailbox: "", host: NO_DOMAIN };
  const { mailbox, host } = splitAddress(inside);
  return { name, route, mailbox, host };
}

function splitAddress(parts: readonly Token[]): { mailbox: string; host: string } {
  const at = parts.findLastIndex((token) => token.kind === "special" && token.text === "@");
  if (at < 0) return { mailbox: phrase(parts), host: NO_DOMAIN };
  const host = bare(parts.slice(at + 1));
  return { mailbox: bare(parts.slice(0, at)), host: host === "" ? NO_DOMAIN : host };
}

function bare(parts: readonly Token[]): string {
  return parts.map((token) => token.text).join("");
}

function phrase(parts: readonly Token[]): string {
  return parts.reduce(
    (text, token) => (token.kind === "word" && token.spaced && text !== "" ? `${text} ${token.text}` : text + token.text),
    "",
  );
}

function* tokens(text: string): Generator<Token> {
  let at = 0;
  while (at < text.length) {
    const spaced = /\s/.test(text.charAt(at));
    while (/\s/.test(text.charAt(at))) at += 1;
    const character = text.charAt(at);
    if (character === "") return;
    if (character === "(") {
      const comment = readComment(text, at);
      yield { kind: "comment", text: comment.text };
      at = comment.end;
    } else if (character === '"') {
      const quoted = /^"((?:[^"\\]|\\.)*)"?/s.exec(text.slice(at));
      yield { kind: "word", text: (quoted?.[1] ?? "").replace(/\\(.)/gs, "$1"), spaced };
      at += quoted?.[0].length ?? 1;
    } else if ("<>@,:;".includes(character)) {
      yield { kind: "special", text: character };
      at += 1;
    } else {
      const word = /^(?:\[[^\]]*\]|[^\s()<>@,:;"])+/.exec(text.slice(at))?.[0] ?? character;
      yield { kind: "word", text: word, spaced };
      at += word.length;
    }
  }
}

function readComment(text: string, start: number): { text: string; end: number } {
  let depth = 0;
  let content = "";
  for (let at = start; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === "\\") content += text.charAt(++at);
    else if (character === "(" && depth++ === 0) continue;
    else if (character === ")" && --depth === 0) return { text: content.trim(), end: at + 1 };
    else content += character;
  }
  return { text: content.trim(), end: text.length };
}
