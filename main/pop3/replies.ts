import { ProtocolError } from "./reply-parser.ts";

/** A refusal taken apart: RFC 2449 §8's code in capitals, such as "IN-USE" or "SYS/TEMP", and the words with it. */
export type Refusal = { readonly code: string | null; readonly words: string };

export function parseRefusal(line: string): Refusal {
  const words = line.replace(/^-ERR\s*/iu, "").trim();
  const code = /^\[([A-Z0-9/_-]{1,40})\]/iu.exec(words)?.[1]?.toUpperCase() ?? null;
  return { code, words: words.slice(0, 1000) };
}

/** What a server offers (RFC 2449 §6). */
export type Capabilities = {
  /** It answered CAPA at all. */
  readonly known: boolean;
  readonly user: boolean;
  /** SASL mechanisms in capitals. */
  readonly sasl: ReadonlySet<string>;
  readonly top: boolean;
  readonly uidl: boolean;
  readonly pipelining: boolean;
  /** RFC 6856: names and mail may be UTF-8 as they are. */
  readonly utf8: boolean;
  /** Seconds that it wants between two sign-ins; 0 where it does not say. */
  readonly loginDelaySeconds: number;
};

/** Before RFC 2449 there was only RFC 1939: USER, and two optional commands that are worth trying. */
export const WITHOUT_CAPA: Capabilities = {
  known: false,
  user: true,
  sasl: new Set(),
  top: true,
  uidl: true,
  pipelining: false,
  utf8: false,
  loginDelaySeconds: 0,
};

export function parseCapabilities(lines: readonly string[]): Capabilities {
  const offered = new Map<string, readonly string[]>();
  for (const line of lines) {
    const [keyword = "", ...rest] = line.trim().toUpperCase().split(/\s+/u);
    offered.set(keyword, rest);
  }
  return {
    known: true,
    user: offered.has("USER"),
    sasl: new Set(offered.get("SASL") ?? []),
    top: offered.has("TOP"),
    uidl: offered.has("UIDL"),
    pipelining: offered.has("PIPELINING"),
    utf8: offered.has("UTF8"),
    // "LOGIN-DELAY 900 USER": the number may be another one after the sign-in (§6.5).
    loginDelaySeconds: Math.min(86_400, Number(/^\d{1,6}$/u.exec(offered.get("LOGIN-DELAY")?.[0] ?? "")?.[0] ?? 0)),
  };
}

/** The timestamp of a greeting (RFC 1939 §7, APOP), brackets included. */
export function timestampOf(greeting: string): string | null {
  return /<[^<>\s]{1,200}@[^<>\s]{1,200}>/u.exec(greeting)?.[0] ?? null;
}

/** A line "number rest" of LIST and UIDL. */
function numbered(line: string): [number, string] {
  const found = /^\s*(\d{1,10})\s+(\S.*?)\s*$/u.exec(line);
  if (!found) throw new ProtocolError("not a line of a listing", line.slice(0, 200));
  return [Number(found[1]), found[2] ?? ""];
}

/** RFC 1939 §5, LIST: sizes in bytes by message number. What follows the size is for others. @throws ProtocolError */
export function parseSizes(lines: readonly string[]): Map<number, number> {
  return new Map(
    lines.map((line) => {
      const [number, rest] = numbered(line);
      const size = /^\d{1,15}/u.exec(rest)?.[0];
      if (size === undefined) throw new ProtocolError("not a line of LIST", line.slice(0, 200));
      return [number, Number(size)];
    }),
  );
}

/** RFC 1939 §7, UIDL: unique ids by message number, as they are: some servers put blanks into them. @throws ProtocolError */
export function parseUids(lines: readonly string[]): Map<number, string> {
  return new Map(lines.map(numbered));
}

/** RFC 1939 §5, STAT. @throws ProtocolError */
export function parseStat(line: string): { count: number; bytes: number } {
  const found = /^\+OK\s+(\d{1,10})\s+(\d{1,18})/iu.exec(line);
  if (!found) throw new ProtocolError("not an answer to STAT", line.slice(0, 200));
  return { count: Number(found[1]), bytes: Number(found[2]) };
}
