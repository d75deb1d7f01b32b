import { withLineFeeds } from "./line-ends.ts";
import { type MimePart, scanMessage } from "./mime-tree.ts";

/** The first of the parts that are not found in a message as they are said to be; null when all are. */
export function lackingPart(message: Buffer, parts: readonly { readonly number: string; readonly type: string }[]): string | null {
  const found = new Map<string, string>();
  const open = [scanMessage(withLineFeeds(message))];
  for (let part = open.pop(); part !== undefined; part = open.pop()) {
    found.set(part.number, part.type);
    // What lies inside a message that is attached has numbers of its own, and is no part to be fetched.
    if (part.type.startsWith("multipart/")) open.push(...part.children);
  }
  return parts.find(({ number, type }) => found.get(number) !== type)?.number ?? null;
}

/** The number of the part in which a message ends. */
export function lastPart(message: Buffer): string {
  let part: MimePart = scanMessage(withLineFeeds(message));
  for (let next = part.children.at(-1); part.type.startsWith("multipart/") && next !== undefined; next = part.children.at(-1)) part = next;
  return part.number;
}
