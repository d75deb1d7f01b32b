import type { ImapAttributeList } from "imapflow";
import type { ToldParameters, ToldPart, ToldText } from "../plan/outline.ts";

type Attribute = ImapAttributeList[number] | undefined;

/** More are left out: nobody sends as many, and each is read before anybody else has their turn. */
const MOST_PARTS = 500;

/** A BODYSTRUCTURE as the server tells it (RFC 9051 §7.5.2), with the numbers by which FETCH names its parts; null where there is none. */
export function readStructure(answer: Attribute): ToldPart | null {
  let left = MOST_PARTS;
  const read = (node: ImapAttributeList, number: string): ToldPart => {
    left -= 1;
    if (!Array.isArray(node[0])) return leaf(node, number === "" ? "1" : number);
    const children: ToldPart[] = [];
    let at = 0;
    // The library refuses lists that are nested deeper than anybody's mail.
    for (let child: Attribute = node[0]; Array.isArray(child); child = node[++at]) {
      if (left > 0) children.push(read(child, `${number === "" ? "" : `${number}.`}${at + 1}`));
    }
    return {
      ...dispositionOf(node[at + 2]),
      number,
      type: `multipart/${word(node[at])}`,
      parameters: parametersOf(node[at + 1]),
      contentId: "",
      encoding: "",
      sizeBytes: 0,
      subject: "",
      children,
    };
  };
  return Array.isArray(answer) && answer.length > 0 ? read(answer, "") : null;
}

function leaf(node: ImapAttributeList, number: string): ToldPart {
  const type = `${word(node[0])}/${word(node[1])}`;
  const inner = node[7];
  const message = Array.isArray(inner) && Array.isArray(node[8]) && type.startsWith("message/");
  return {
    ...dispositionOf(node[dispositionAt(node, type, message)]),
    number,
    type,
    parameters: parametersOf(node[2]),
    contentId: textOf(node[3]),
    encoding: word(node[5]),
    sizeBytes: Number(word(node[6])) || 0,
    subject: message ? textOf(inner[1]) : "",
    children: [],
  };
}

/** Behind what a message or a text has of its own, and behind the MD5. Some servers leave out how many lines a text has. */
function dispositionAt(node: ImapAttributeList, type: string, message: boolean): number {
  if (message) return 11;
  return type.startsWith("text/") && !Array.isArray(node[8]) ? 9 : 8;
}

function dispositionOf(attribute: Attribute): Pick<ToldPart, "disposition" | "dispositionParameters"> {
  if (!Array.isArray(attribute)) return { disposition: "", dispositionParameters: [] };
  return { disposition: word(attribute[0]), dispositionParameters: parametersOf(attribute[1]) };
}

function parametersOf(attribute: Attribute): ToldParameters {
  if (!Array.isArray(attribute)) return [];
  const parameters: (readonly [string, ToldText])[] = [];
  for (let at = 0; at + 1 < attribute.length; at += 2) parameters.push([word(attribute[at]), textOf(attribute[at + 1])]);
  return parameters;
}

function word(attribute: Attribute): string {
  return String(textOf(attribute)).toLowerCase();
}

/** What comes as a literal is as it was sent; of the rest of a line the library has made text. */
function textOf(attribute: Attribute): ToldText {
  if (!attribute || Array.isArray(attribute)) return "";
  const { value } = attribute;
  return Buffer.isBuffer(value) ? value : String(value ?? "");
}
