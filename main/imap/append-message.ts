import { type ByteSource, wholeOf } from "../line/byte-source.ts";
import { type Argument, atom, responseCode } from "./command-line.ts";
import type { Session } from "./session.ts";

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

function dateTime(at: number): string {
  const date = new Date(at);
  const two = (value: number) => String(value).padStart(2, "0");
  const time = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()].map(two).join(":");
  return `${two(date.getUTCDate())}-${MONTHS[date.getUTCMonth()]}-${date.getUTCFullYear()} ${time} +0000`;
}

/** Smaller ones go with their command, where the server allows that. */
const LARGE_BYTES = 256 * 1024;

/**
 * Puts a message into a folder; of a large one no more than a piece is in memory, and nothing leaves before the server has asked for it. Not repeatable: the caller looks for the Message-ID first.
 * @returns its number there, when the server tells (RFC 4315 APPENDUID)
 */
export async function appendMessage(
  session: Session,
  path: string,
  message: { source: ByteSource; flags: readonly string[]; receivedAt?: number | undefined },
): Promise<{ uidValidity: number; uid: number } | null> {
  const date: Argument[] = message.receivedAt === undefined ? [] : [{ type: "STRING", value: dateTime(message.receivedAt) }];
  const { source } = message;
  const args: Argument[] = [session.wireName(path), message.flags.map(atom), ...date];
  const answer =
    source.sizeBytes > LARGE_BYTES
      ? await session.send("APPEND", [...args, { type: "TEXT", value: `{${source.sizeBytes}}` }], {}, source)
      : await session.send("APPEND", [...args, { type: "LITERAL", value: Buffer.from(await wholeOf(source)) }]);
  const [name, uidValidity, uid] = responseCode(answer);
  if (name?.toUpperCase() !== "APPENDUID" || !(Number(uid) > 0)) return null;
  return { uidValidity: Number(uidValidity), uid: Number(uid) };
}
