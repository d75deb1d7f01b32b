import type { CommandParts } from "./wire-reader.ts";

/** The client said something that the grammar does not allow; answered with BAD. */
export class SyntaxRefusal extends Error {}

const SPECIAL = /[(){ "\\%*\r\n]/;

/** Reads the arguments of one command from left to right (RFC 3501 §9). Text stands for bytes, one character each. */
export class Arguments {
  readonly #parts: CommandParts;
  #part = 0;
  #at = 0;

  constructor(parts: CommandParts) {
    this.#parts = parts;
  }

  /** The characters not read yet of the current piece of text; empty where a literal comes next. */
  get rest(): string {
    const part = this.#parts[this.#part];
    return typeof part === "string" ? part.slice(this.#at) : "";
  }

  get atEnd(): boolean {
    this.#settle();
    return this.#part >= this.#parts.length;
  }

  /** Reads this text if it comes next, in any case of letters. */
  take(text: string): boolean {
    this.#settle();
    if (!this.rest.toUpperCase().startsWith(text.toUpperCase())) return false;
    this.#at += text.length;
    return true;
  }

  need(text: string): void {
    if (!this.take(text)) throw new SyntaxRefusal(`expected ${JSON.stringify(text)} before ${JSON.stringify(this.rest.slice(0, 20))}`);
  }

  space(): void {
    this.need(" ");
  }

  end(): void {
    if (!this.atEnd) throw new SyntaxRefusal(`too much: ${JSON.stringify(this.rest.slice(0, 20))}`);
  }

  /** The longest text that the expression matches here, or null. */
  match(pattern: RegExp): string | null {
    this.#settle();
    const found = new RegExp(`^(?:${pattern.source})`, pattern.flags).exec(this.rest)?.[0];
    if (found === undefined || found === "") return null;
    this.#at += found.length;
    return found;
  }

  atom(): string {
    const text = this.match(/[^(){ "%*\\\r\n]+/);
    if (text === null) throw new SyntaxRefusal("expected a word");
    return text;
  }

  number(): number {
    const text = this.match(/\d+/);
    if (text === null) throw new SyntaxRefusal("expected a number");
    return Number(text);
  }

  /** An atom, a quoted string or a literal, with `]` allowed in atoms and wild cards where asked for. */
  astring(wildCards = false): string {
    const string = this.string();
    if (string !== null) return string;
    const text = this.match(wildCards ? /[^(){ "\\\r\n]+/ : /[^(){ "%*\\\r\n]+/);
    if (text === null) throw new SyntaxRefusal("expected a string");
    return text;
  }

  /** A quoted string or a literal, or null when something else comes. */
  string(): string | null {
    const literal = this.literal();
    if (literal !== null) return literal.toString("latin1");
    const quoted = this.match(/"(?:[^"\\\r\n]|\\["\\])*"/);
    return quoted === null ? null : quoted.slice(1, -1).replace(/\\(.)/g, "$1");
  }

  nstring(): string | null {
    return this.take("NIL") ? null : this.astring();
  }

  literal(): Buffer | null {
    this.#settle();
    const part = this.#parts[this.#part];
    if (!Buffer.isBuffer(part)) return null;
    this.#part += 1;
    this.#at = 0;
    return part;
  }

  /** `(a b c)`, each element read by `read`. */
  list<T>(read: () => T): T[] {
    this.need("(");
    const elements: T[] = [];
    while (!this.take(")")) {
      if (elements.length > 0) this.space();
      elements.push(read());
    }
    return elements;
  }

  flag(): string {
    const flag = this.match(/\\?[^(){ "%*\\\r\n]+/);
    if (flag === null) throw new SyntaxRefusal("expected a flag");
    return flag;
  }

  #settle(): void {
    while (this.#part < this.#parts.length) {
      const part = this.#parts[this.#part];
      if (typeof part !== "string" || this.#at < part.length) return;
      this.#part += 1;
      this.#at = 0;
    }
  }
}

/** Whether text can stand in an answer without quotes. */
export function isAtom(text: string): boolean {
  return text !== "" && !SPECIAL.test(text) && !/[\]\x80-\xff]/.test(text);
}
