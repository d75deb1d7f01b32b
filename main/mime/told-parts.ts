import { decodedBytes, type ServerPart, type ToldParameters, type ToldPart, type ToldText } from "../plan/outline.ts";
import { type CharsetHints, NO_HINTS } from "./charset-hints.ts";
import { cleanLine } from "./clean.ts";
import { decodeEncodedWords, unfold } from "./encoded-words.ts";
import { encodingName, fileName, type MimePart, withoutBrackets } from "./mime-tree.ts";
import { decodeParameters } from "./parameters.ts";
import { messageFileName, type PartSummary } from "./part-list.ts";
import { readStructure } from "./structure.ts";

/** The files of a message whose bytes are not here, and the charset that its words are declared to be in. */
export type ToldContents = { readonly parts: readonly PartSummary[]; readonly hasAttachment: boolean; readonly declared: string };

const NOTHING: ToldContents = { parts: [], hasAttachment: false, declared: "" };

/** As the parser will read them when the bytes come, so that nothing is called otherwise then. */
export function toldContents(root: ToldPart | null, hints: CharsetHints = NO_HINTS): ToldContents {
  if (root === null) return NOTHING;
  const subjects = new Map<string, ToldText>();
  const tree = mimePart(root, hints, subjects);
  const { sections, attachments } = readStructure(tree);
  const parts = attachments.map(({ part, inline }) => ({
    part: part.number,
    name: part.name === "" ? innerName(subjects.get(part.number), hints) : part.name,
    type: part.type,
    sizeBytes: decodedBytes({ encoding: part.encoding, sizeBytes: part.bodyEnd }),
    inline,
  }));
  const first = sections[0]?.texts[0] ?? sections[0]?.htmls[0] ?? tree;
  return { parts, hasAttachment: parts.some(({ inline }) => !inline), declared: first.charset };
}

function innerName(subject: ToldText | undefined, hints: CharsetHints): string {
  return subject === undefined ? "" : messageFileName(cleanLine(decodeEncodedWords(lineOf(subject, hints), hints)));
}

/** Its body is as long as the server says, and nowhere. */
function mimePart(told: ToldPart, hints: CharsetHints, subjects: Map<string, ToldText>): MimePart {
  const parameters = parametersOf(told.parameters, hints);
  if (told.subject !== "") subjects.set(told.number, told.subject);
  return {
    number: told.number,
    // RFC 2045 §5.2: what cannot be read is text; some servers leave it empty.
    type: /^[^\s/]+\/[^\s/]+$/u.test(told.type) ? told.type : "text/plain",
    charset: parameters.get("charset") ?? "",
    encoding: encodingName(told.encoding),
    disposition: told.disposition,
    name: fileName(parameters, parametersOf(told.dispositionParameters, hints), hints),
    contentId: withoutBrackets(lineOf(told.contentId, hints)),
    parameters,
    fields: [],
    headerStart: 0,
    bodyStart: 0,
    bodyEnd: told.sizeBytes,
    children: told.children.map((child) => mimePart(child, hints, subjects)),
  };
}

function parametersOf(told: ToldParameters, hints: CharsetHints): ReadonlyMap<string, string> {
  const raw = new Map<string, string>();
  for (const [name, value] of told) {
    const text = lineOf(value, hints);
    // Some servers join what was sent in pieces (RFC 2231) and forget the star that says how to read it.
    const starless = /^[\w-]{2,40}'[a-z-]{0,10}'[^']*%[0-9a-f]{2}/iu.test(text) && !name.endsWith("*");
    const key = starless ? `${name}*` : name;
    if (!raw.has(key)) raw.set(key, text);
  }
  return decodeParameters(raw, hints);
}

function lineOf(told: ToldText, hints: CharsetHints): string {
  return typeof told === "string" ? told : unfold(Buffer.from(told), "", hints);
}

/** Of a message with more parts the first bytes are fetched as they stand. */
const MOST_FETCHED = 100;
const DEEPEST = 20;

/** The whole tree, to choose from which parts are fetched; null where it has more than anybody sends. */
export function partsToChooseFrom(root: ToldPart): ServerPart | null {
  let count = 0;
  const read = (part: MimePart, depth: number): ServerPart | null => {
    count += 1;
    if (count > MOST_FETCHED || depth > DEEPEST) return null;
    const children = part.children.map((child) => read(child, depth + 1));
    const whole = children.flatMap((child) => child ?? []);
    if (whole.length !== children.length) return null;
    const { number, type, name, disposition, contentId, encoding, bodyEnd } = part;
    const boundary = part.parameters.get("boundary") ?? "";
    return { number, type, name, disposition, contentId, encoding, sizeBytes: bodyEnd, boundary, children: whole };
  };
  return read(mimePart(root, NO_HINTS, new Map()), 0);
}
