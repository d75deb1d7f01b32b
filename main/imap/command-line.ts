import type { ImapAttributeList, ImapFlow, ImapResponse } from "imapflow";
import type { ByteSource } from "../line/byte-source.ts";
import { writeLiteral } from "./write-literal.ts";

/** One argument of a command: a bare string is quoted, a list is parenthesised. */
export type Argument =
  | string
  | { type: "ATOM" | "STRING" | "SEQUENCE" | "TEXT"; value: string; section?: Argument[] }
  | Argument[]
  | Literal;
type Literal = { type: "LITERAL"; value: Buffer };

/** What to do with untagged answers while a command runs, by keyword. The reader waits for it: this is the back-pressure. */
export type Untagged = Readonly<Record<string, (answer: ImapResponse) => void | Promise<void>>>;

type Reply = { response: ImapResponse; next: () => void };
type Exec = (
  command: string,
  attributes: Argument[] | false,
  options?: { untagged?: Untagged; onPlusTag?: () => Promise<void> },
) => Promise<Reply>;

export const atom = (value: string): Argument => ({ type: "ATOM", value });
export const uidSet = (value: string): Argument => ({ type: "SEQUENCE", value });
/** `BODY.PEEK[…]`. Never plain BODY[], which would set \Seen (RFC 9051 §6.4.5). */
export const peek = (...section: Argument[]): Argument => ({ type: "ATOM", value: "BODY.PEEK", section });

/**
 * Sends one command and resolves with its tagged OK; NO, BAD and a lost line reject with what the server said.
 *
 * imapflow's own STORE, COPY, MOVE and EXPUNGE answer `false` and drop the server's words, its EXPUNGE falls back to one that takes
 * other programs' messages along, and its SELECT re-encodes folder names. So all commands but the connection's own go through the
 * function that the library builds its commands on.
 *
 * @param literal goes out when the server asks for it, piece by piece; the last argument announces its size
 */
export async function sendCommand(
  client: ImapFlow,
  command: string,
  args: Argument[],
  untagged: Untagged = {},
  literal: ByteSource | null = null,
): Promise<ImapResponse> {
  const exec: unknown = Reflect.get(client, "exec");
  if (typeof exec !== "function") throw new Error("this imapflow has no exec");
  const guard = guarded(untagged);
  const upload = literal === null ? null : uploading(client, literal);
  try {
    const reply = await (exec as Exec).call(client, command, args.length > 0 ? args : false, {
      untagged: guard.untagged,
      ...(upload === null ? {} : { onPlusTag: upload.begin }),
    });
    reply.next();
    if (guard.failed !== null) throw guard.failed;
    return reply.response;
  } catch (error) {
    throw upload?.failed ?? error;
  }
}

/** The library logs what goes wrong here and waits on: half a literal is no command, and nobody can take it back but by the end of the line. */
function uploading(client: ImapFlow, literal: ByteSource): { begin(): Promise<void>; failed: unknown } {
  const upload: { begin(): Promise<void>; failed: unknown } = {
    failed: null,
    begin: async () => {
      try {
        await writeLiteral(client, literal);
      } catch (error) {
        upload.failed = error;
        client.close();
      }
    },
  };
  return upload;
}

/** The library logs what a handler throws and goes on: a full disk must not look like an empty answer. */
function guarded(untagged: Untagged): { untagged: Untagged; failed: unknown } {
  const guard: { untagged: Record<string, Untagged[string]>; failed: unknown } = { untagged: {}, failed: null };
  for (const [keyword, handler] of Object.entries(untagged)) {
    guard.untagged[keyword] = async (answer) => {
      if (guard.failed !== null) return;
      try {
        await handler(answer);
      } catch (error) {
        guard.failed = error;
      }
    };
  }
  return guard;
}

/** The response code of a status line: `[COPYUID 1 2 3]` gives `["COPYUID", "1", "2", "3"]`; lists inside are flattened. */
export function responseCode(answer: ImapResponse): string[] {
  const first = answer.attributes?.[0];
  if (!first || Array.isArray(first) || !first.section) return [];
  return flatten(first.section);
}

function flatten(list: ImapAttributeList): string[] {
  const values: string[] = [];
  for (const entry of list) {
    if (Array.isArray(entry)) values.push(...flatten(entry));
    else if (entry && entry.value !== null && entry.value !== undefined) values.push(String(entry.value));
  }
  return values;
}

/** Atoms and strings of an attribute, whether it is one or a list of them. */
export function strings(attribute: ImapAttributeList[number] | undefined): string[] {
  if (!attribute) return [];
  if (Array.isArray(attribute)) return flatten(attribute);
  return attribute.value === null || attribute.value === undefined ? [] : [String(attribute.value)];
}
