import type { MessageStructureObject } from "imapflow";
import type { ServerPart } from "../plan/outline.ts";

export type StructurePart = {
  readonly part: string;
  readonly name: string;
  readonly type: string;
  readonly sizeBytes: number;
  readonly inline: boolean;
};

const MOST_PARTS = 500;
/** Of a message with more parts the first bytes are fetched as they stand. */
const MOST_FETCHED = 100;
const DEEPEST = 20;

/** Files attached to a message, as its BODYSTRUCTURE has them; what arrives with the bytes later replaces this. */
export function partsOfStructure(root: MessageStructureObject | null): { parts: StructurePart[]; hasAttachment: boolean } {
  const parts: StructurePart[] = [];
  // An explicit stack: the depth is the sender's choice.
  const stack: MessageStructureObject[] = root ? [root] : [];
  while (stack.length > 0 && parts.length < MOST_PARTS) {
    const node = stack.pop();
    if (!node) break;
    if (node.childNodes && !node.type.startsWith("message/")) {
      stack.push(...[...node.childNodes].reverse());
      continue;
    }
    const part = attachedPart(node);
    if (part) parts.push(part);
  }
  return { parts, hasAttachment: parts.some((part) => !part.inline) };
}

/**
 * The whole tree of a BODYSTRUCTURE, to choose from which parts are fetched; null where it has more than anybody sends, or a part that has no number.
 */
export function serverParts(root: MessageStructureObject): ServerPart | null {
  let count = 0;
  const read = (node: MessageStructureObject, depth: number): ServerPart | null => {
    count += 1;
    if (count > MOST_FETCHED || depth > DEEPEST) return null;
    const type = node.type.toLowerCase();
    const multipart = type.startsWith("multipart/");
    const children = multipart ? (node.childNodes ?? []).map((child) => read(child, depth + 1)) : [];
    const whole = children.flatMap((child) => child ?? []);
    const number = depth === 0 && multipart ? "" : (node.part ?? (depth === 0 ? "1" : null));
    if (whole.length !== children.length || number === null || (multipart && whole.length === 0)) return null;
    return {
      number,
      type,
      name: node.dispositionParameters?.["filename"] ?? node.parameters?.["name"] ?? "",
      disposition: node.disposition?.toLowerCase() ?? "",
      contentId: node.id ?? "",
      encoding: node.encoding?.toLowerCase() ?? "",
      sizeBytes: node.size ?? 0,
      boundary: node.parameters?.["boundary"] ?? "",
      children: whole,
    };
  };
  return read(root, 0);
}

function attachedPart(node: MessageStructureObject): StructurePart | null {
  const type = node.type.toLowerCase();
  const name = node.dispositionParameters?.["filename"] ?? node.parameters?.["name"] ?? "";
  const isText = type === "text/plain" || type === "text/html";
  const attached = node.disposition === "attachment" || name !== "" || !(isText || type.startsWith("multipart/"));
  if (!attached) return null;
  const inline = node.disposition !== "attachment" && (node.id !== undefined || type === "application/pgp-signature");
  return { part: node.part ?? "1", name, type, sizeBytes: node.size ?? 0, inline };
}
