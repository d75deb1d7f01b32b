import { parseValues, type Value } from "./values.ts";

/** Text and literals in turn, as they stand in a script. */
export interface ScriptLine {
  text: string;
  literals: string[];
}

export interface ScriptCommand {
  line: ScriptLine;
  /** What the tagged answer must begin with; an empty string as first value takes any. */
  reply: Value[] | null;
  /** `tag1` of a pipelined command. */
  tag: string | null;
}

export interface Expectation {
  existence: "must" | "must-not" | "may";
  values: Value[];
}

export interface CommandGroup {
  connection: number;
  commands: ScriptCommand[];
  untagged: Expectation[];
}

export interface Script {
  capabilities: string[];
  connections: number;
  state: "nonauth" | "auth" | "created" | "appended" | "selected";
  /** How many messages of the mbox are put in; Infinity for all. */
  messages: number;
  groups: CommandGroup[];
}

/** Reads a test script of Dovecot's imaptest. The bytes are given as latin1 text. */
export function parseScript(source: string): Script {
  const script: Script = { capabilities: [], connections: 1, state: "selected", messages: 0, groups: [] };
  let inHeader = true;
  for (const line of scriptLines(source)) {
    if (line.text === "") inHeader = false;
    else if (line.text.startsWith("#")) continue;
    else if (inHeader) readHeader(script, line.text);
    else readCommand(script, line);
  }
  return script;
}

/** Joins `{{{ … }}}` blocks to the line that they belong to. */
function scriptLines(source: string): ScriptLine[] {
  const lines: ScriptLine[] = [];
  let open: { line: ScriptLine; binary: boolean; content: string[] } | null = null;
  for (let text of source.split("\n")) {
    if (open !== null) {
      if (!text.startsWith("}}}")) {
        open.content.push(text);
        continue;
      }
      const literal = open.content.join(open.binary ? "\n" : "\r\n");
      open.line.text += `${open.binary ? "~" : ""}{${literal.length}}`;
      open.line.literals.push(literal);
      text = text.slice(3);
    }
    const line: ScriptLine = open?.line ?? { text: "", literals: [] };
    const opening = /~?\{\{\{$/.exec(text);
    line.text += opening === null ? text : text.slice(0, opening.index);
    if (open === null) lines.push(line);
    open = opening === null ? null : { line, binary: opening[0].startsWith("~"), content: [] };
  }
  return lines;
}

function readHeader(script: Script, line: string): void {
  const [, name = "", value = ""] = /^([\w ]+):\s*(.*)$/.exec(line) ?? [];
  switch (name) {
    case "capabilities":
      script.capabilities = value.toUpperCase().split(" ");
      break;
    case "connections":
      script.connections = Number(value);
      break;
    case "messages":
      script.messages = value === "all" ? Number.POSITIVE_INFINITY : Number(value);
      break;
    case "state":
      script.state = value as Script["state"];
      break;
    case "ignore_extra_untagged":
      break;
    default:
      throw new Error(`unknown header in script: ${line}`);
  }
}

const EXISTENCE = { "* ": "must", "! ": "must-not", "? ": "may" } as const;

function readCommand(script: Script, line: ScriptLine): void {
  const existence = EXISTENCE[line.text.slice(0, 2) as keyof typeof EXISTENCE];
  const group = script.groups.at(-1);
  if (existence !== undefined) {
    group?.untagged.push({ existence, values: parseValues(line.text.slice(2), line.literals) });
    return;
  }
  let text = line.text;
  let connection = 1;
  if (script.connections > 1) {
    connection = Number(/^\d+/.exec(text)?.[0] ?? 1);
    text = text.replace(/^\d+ /, "");
  }
  const tag = /^tag\d+(?= )/i.exec(text)?.[0] ?? null;
  if (tag !== null) text = text.slice(tag.length + 1);
  const [begin = "", word] = /^(ok|no|bad|"")(?: |$)/i.exec(text) ?? [];
  const reply = word === undefined ? null : parseValues(word, []);

  const waiting = group?.commands.find((command) => command.reply === null && (tag === null || command.tag === tag));
  if (reply !== null && waiting !== undefined) {
    waiting.reply = parseValues(text, line.literals);
    return;
  }
  const command: ScriptCommand = { line: { text: text.slice(begin.length), literals: line.literals }, reply, tag };
  const joins = tag !== null && group?.commands.every((one) => one.tag !== null && one.reply === null) === true;
  if (joins) group?.commands.push(command);
  else script.groups.push({ connection, commands: [command], untagged: [] });
}
