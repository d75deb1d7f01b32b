import type { MessageStructureObject } from "imapflow";

export type StructurePart = {
  readonly part: string;
  readonly name: string;
  readonly type: string;
  readonly sizeBytes: number;
  readonly inline: boolean;
};

const MOST_PARTS = 500;

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

function attachedPart(node: MessageStructureObject): StructurePart | null {
  const type = node.type.toLowerCase();
  const name = node.dispositionParameters?.["filename"] ?? node.parameters?.["name"] ?? "";
  const isText = type === "text/plain" || type === "text/html";
  const attached = node.disposition === "attachment" || name !== "" || !(isText || type.startsWith("multipart/"));
  if (!attached) return null;
  const inline = node.disposition !== "attachment" && (node.id !== undefined || type === "application/pgp-signature");
  return { part: node.part ?? "1", name, type, sizeBytes: node.size ?? 0, inline };
}
