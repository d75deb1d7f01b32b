import { type Argument, atom, responseCode } from "./command-line.ts";
import type { Session } from "./session.ts";

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

function dateTime(at: number): string {
  const date = new Date(at);
  const two = (value: number) => String(value).padStart(2, "0");
  const time = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()].map(two).join(":");
  return `${two(date.getUTCDate())}-${MONTHS[date.getUTCMonth()]}-${date.getUTCFullYear()} ${time} +0000`;
}

/**
 * Puts a message into a folder. Not repeatable: the caller looks for the Message-ID first.
 * @returns its number there, when the server tells (RFC 4315 APPENDUID)
 */
export async function appendMessage(
  session: Session,
  path: string,
  message: { bytes: Uint8Array; flags: readonly string[]; receivedAt?: number | undefined },
): Promise<{ uidValidity: number; uid: number } | null> {
  const date: Argument[] = message.receivedAt === undefined ? [] : [{ type: "STRING", value: dateTime(message.receivedAt) }];
  const bytes = Buffer.from(message.bytes.buffer, message.bytes.byteOffset, message.bytes.byteLength);
  const answer = await session.send("APPEND", [
    session.wireName(path),
    message.flags.map(atom),
    ...date,
    { type: "LITERAL", value: bytes },
  ]);
  const [name, uidValidity, uid] = responseCode(answer);
  if (name?.toUpperCase() !== "APPENDUID" || !(Number(uid) > 0)) return null;
  return { uidValidity: Number(uidValidity), uid: Number(uid) };
}
