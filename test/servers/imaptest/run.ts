import { PlainImap, type PlainResponse, quoted } from "../plain-imap.ts";
import { expand, matches, type Variables } from "./match.ts";
import type { CommandGroup, Script, ScriptCommand } from "./script.ts";
import { parseValues, type Value } from "./values.ts";

export interface Target {
  port: number;
  address: string;
  password: string;
  /** A mailbox name that nobody has used on this server; others are made from it. */
  mailbox: string;
}

interface MboxMessage {
  raw: Buffer;
  /** INTERNALDATE argument. */
  date: string;
}

/** Plays a script against a server and throws at the first answer that it does not expect. */
export async function runScript(script: Script, mbox: string, target: Target): Promise<void> {
  const source = parseMbox(mbox);
  const clients: PlainImap[] = [];
  try {
    for (let count = 0; count < script.connections; count += 1) clients.push(await PlainImap.open(target.port));
    const run = new Run(clients, source, target);
    await run.prepare(script);
    for (const group of script.groups) await run.group(group);
  } finally {
    for (const client of clients) client.close();
  }
}

class Run {
  readonly #clients: PlainImap[];
  readonly #source: MboxMessage[];
  readonly #target: Target;
  readonly #values: Map<string, string>;
  #nextMessage = 0;
  #tag = 0;

  constructor(clients: PlainImap[], source: MboxMessage[], target: Target) {
    this.#clients = clients;
    this.#source = source;
    this.#target = target;
    const [username = "", domain = ""] = target.address.split("@");
    const { mailbox, address: user, password } = target;
    this.#values = new Map(Object.entries({ mailbox, mailbox_url: mailbox, user, username, domain, password }));
  }

  async prepare(script: Script): Promise<void> {
    const steps = ["nonauth", "auth", "created", "appended", "selected"].indexOf(script.state);
    const [first] = this.#clients;
    if (first === undefined || steps < 1) return;
    for (const client of this.#clients) await client.expectOk(`LOGIN ${quoted(this.#target.address)} ${quoted(this.#target.password)}`);
    if (steps >= 2) await first.expectOk(`CREATE ${this.#target.mailbox}`);
    if (steps >= 3) {
      const wanted = Number.isFinite(script.messages) ? script.messages : this.#source.length;
      for (let count = 0; count < wanted; count += 1) {
        const message = this.#nextFromMbox();
        await first.expectOk(`APPEND ${this.#target.mailbox} "${message.date}" `, message.raw);
      }
    }
    if (steps >= 4) for (const client of this.#clients) await client.expectOk(`SELECT ${this.#target.mailbox}`);
  }

  async group({ connection, commands, untagged }: CommandGroup): Promise<void> {
    const client = this.#clients[connection - 1];
    if (client === undefined) throw new Error(`the script has no connection ${connection}`);
    const gone: number[] = [];
    const variables: Variables = { values: this.#values, sequence: (initial) => currentNumber(initial, gone) };
    const tags = commands.map(() => `t${++this.#tag}`);
    this.#values.set("tag", tags[0] ?? "");
    for (const [index, command] of commands.entries()) client.sendRaw(...this.#bytes(tags[index] ?? "", command, variables));

    const unmet = new Set(untagged);
    const seen: string[] = [];
    const answers = new Map<string, Value[]>();
    while (answers.size < tags.length) {
      const response = await client.next();
      seen.push(response.line);
      const values = valuesOf(response);
      const [tag] = values;
      const name = tag?.kind === "atom" ? tag.text : "";
      if (tags.includes(name)) {
        answers.set(name, values.slice(1));
        continue;
      }
      if (name !== "*") continue;
      const reply = values.slice(1);
      for (const expectation of untagged) {
        if (!matches(expectation.values, reply, variables, isStatus(reply))) continue;
        if (expectation.existence === "must-not") throw this.#failure("came although it must not", commands, expectation.values, seen);
        unmet.delete(expectation);
      }
      noteExpunge(reply, gone);
    }
    for (const { existence, values } of unmet) if (existence === "must") throw this.#failure("did not come", commands, values, seen);
    for (const [index, command] of commands.entries()) {
      const answer = answers.get(tags[index] ?? "") ?? [];
      const [wanted] = command.reply ?? [];
      if (wanted !== undefined && wanted.kind === "string" && wanted.text === "") continue;
      if (!matches(command.reply ?? [], answer, variables, true))
        throw this.#failure("was not the tagged answer", commands, command.reply ?? [], seen);
    }
  }

  #failure(what: string, commands: readonly ScriptCommand[], values: readonly Value[], seen: readonly string[]): Error {
    const sent = commands.map((command) => command.line.text).join("; ");
    return new Error(`${sent}\n  ${show(values)} ${what}. The server said:\n  ${seen.join("\n  ")}`);
  }

  #bytes(tag: string, { line }: ScriptCommand, variables: Variables): (string | Buffer)[] {
    // A bare APPEND takes the next message of the mbox.
    if (/^append\b/i.test(line.text) && line.literals.length === 0) {
      const [, mailbox = "$mailbox", rest = ""] = /^append(?: (\S+))?(.*)$/i.exec(line.text) ?? [];
      const { raw, date } = this.#nextFromMbox();
      return [`${tag} APPEND ${expand(mailbox, variables)}${rest} "${date}" `, raw];
    }
    const pieces = expand(line.text, variables).split(/~?\{\d+\}/);
    return pieces.flatMap((piece, index) => {
      const literal = line.literals[index];
      return [index === 0 ? `${tag} ${piece}` : piece, ...(literal === undefined ? [] : [Buffer.from(literal, "latin1")])];
    });
  }

  #nextFromMbox(): MboxMessage {
    const message = this.#source[this.#nextMessage++ % this.#source.length];
    if (message === undefined) throw new Error("the mbox is empty");
    return message;
  }
}

function valuesOf({ line, literals }: PlainResponse): Value[] {
  return parseValues(
    line,
    literals.map((bytes) => bytes.toString("latin1")),
  );
}

function isStatus([first]: readonly Value[]): boolean {
  return first?.kind === "atom" && /^(ok|no|bad|bye|preauth)$/i.test(first.text);
}

function noteExpunge([number, name]: readonly Value[], gone: number[]): void {
  if (number?.kind === "atom" && name?.kind === "atom" && name.text.toUpperCase() === "EXPUNGE") gone.push(Number(number.text));
}

/** Where a message is after these numbers were expunged one after the other; 0 when it is among them. */
function currentNumber(initial: number, gone: readonly number[]): number {
  let number = initial;
  for (const one of gone) {
    if (one === number) return 0;
    if (one < number) number -= 1;
  }
  return number;
}

function show(values: readonly Value[]): string {
  return values
    .map((value) => (value.kind === "list" ? `(${show(value.items)})` : value.kind === "string" ? JSON.stringify(value.text) : value.text))
    .join(" ");
}

/** The messages of an mbox file with the date of their From lines. */
function parseMbox(text: string): MboxMessage[] {
  return text
    .split(/^(?=From \S+@\S+ )/m)
    .filter((message) => message !== "")
    .map((message) => {
      const end = message.indexOf("\n") + 1;
      const body = message.slice(end).replace(/\r?\n/g, "\r\n");
      const [, month, day = "", time, year, zone = "+0000"] =
        /(\w{3}) +(\d+) (\d\d:\d\d:\d\d) (\d{4})(?: ([+-]\d{4}))?/.exec(message.slice(0, end)) ?? [];
      return { raw: Buffer.from(body, "latin1"), date: `${day.padStart(2, "0")}-${month}-${year} ${time} ${zone}` };
    });
}
