import type { MimePart } from "../../../main/mime/mime-tree.ts";
import { scanMessage } from "../../../main/mime/mime-tree.ts";
import { extractPart } from "../../../main/mime/part-bytes.ts";

/** What is compared: the columns of docs/mime-judgement.md. */
export type Matter = "subject" | "people" | "date" | "text" | "HTML" | "binary" | "parts" | "header line";

/** One comparison with what another parser says. `where` names the file and the place in it, and never changes. */
export type Verdict = { readonly matter: Matter; readonly where: string; readonly got: string; readonly wanted: string };

export function verdict(matter: Matter, where: string, got: unknown, wanted: unknown): Verdict {
  return { matter, where, got: JSON.stringify(got) ?? "nothing", wanted: JSON.stringify(wanted) ?? "nothing" };
}

/** Blanks and line ends do not count: line wrapping is a matter of display (format=flowed is joined here, and nowhere else). */
export function squeeze(text: string): string {
  return text.replace(/[\s\u00a0]+/gu, " ").trim();
}

/** A part together with the bytes that its offsets count in. */
export type Leaf = { readonly part: MimePart; readonly message: Buffer };

/** The parts that hold no others, in order; a message inside is one of them. */
export function leavesOf(message: Buffer): Leaf[] {
  const flat = (part: MimePart): MimePart[] =>
    part.children.length === 0 || part.type === "message/rfc822" ? [part] : part.children.flatMap(flat);
  return flat(scanMessage(message)).map((part) => ({ part, message }));
}

/** The bytes of a message inside, decoded where it was encoded against RFC 2046 §5.2.1. */
export function innerMessage({ part, message }: Leaf): Buffer {
  return extractPart(message, part.number).bytes;
}
