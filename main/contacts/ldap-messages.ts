import { type Address, looksLikeAddress } from "../../shared/address.ts";
import { BrokenBer, type Element, element, elementsIn, integer, numberOf, octets, TAG, textOf } from "./ber.ts";

/** RFC 4511 §4: what is said, by its tag. */
export const SAID = { bound: 0x61, entry: 0x64, done: 0x65, reference: 0x73, extended: 0x78, meanwhile: 0x79 } as const;

const NAMES = ["displayName", "cn"] as const;
const WANTED = [...NAMES, "mail"] as const;
const LONGEST_NAME = 200;

const message = (id: number, operation: Buffer): Buffer => element(TAG.sequence, integer(id), operation);

/** §4.2: name and password; only ever over TLS. */
export function bindRequest(id: number, name: string, password: string): Buffer {
  return message(id, element(0x60, integer(3), octets(name), octets(password, 0x80)));
}

/** §4.14. */
export function startTlsRequest(id: number): Buffer {
  return message(id, element(0x77, octets("1.3.6.1.4.1.1466.20037", 0x80)));
}

/** §4.3. */
export function unbindRequest(id: number): Buffer {
  return message(id, element(0x42));
}

/** §4.5: people with an address in whose names or address each of the words stands. Words are sent as they are: a filter in BER has nothing to escape. */
export function searchRequest(id: number, base: string, words: readonly string[], limit: number, seconds: number): Buffer {
  const filter = element(0xa0, present("mail"), ...words.map(anyOf));
  const attributes = element(TAG.sequence, ...WANTED.map((name) => octets(name)));
  const wholeSubtree = integer(2, TAG.enumerated);
  const neverDereference = integer(0, TAG.enumerated);
  const bounds = [integer(limit), integer(seconds), element(TAG.boolean, Buffer.of(0))];
  return message(id, element(0x63, octets(base), wholeSubtree, neverDereference, ...bounds, filter, attributes));
}

function present(attribute: string): Buffer {
  return octets(attribute, 0x87);
}

function anyOf(word: string): Buffer {
  const holds = (attribute: string): Buffer => element(0xa4, octets(attribute), element(TAG.sequence, octets(word, 0x81)));
  const begins = element(0xa4, octets("mail"), element(TAG.sequence, octets(word, 0x80)));
  return element(0xa1, ...NAMES.map(holds), begins);
}

export type Said = { readonly id: number; readonly tag: number; readonly parts: readonly Element[] };

/** @throws BrokenBer */
export function parseMessage(body: Buffer): Said {
  const [id, operation] = elementsIn(body);
  if (operation === undefined) throw new BrokenBer("a message without an operation");
  return { id: numberOf(id), tag: operation.tag, parts: elementsIn(operation.body) };
}

/** §4.1.9. @throws BrokenBer */
export function resultOf({ parts }: Said): { readonly code: number; readonly words: string } {
  return { code: numberOf(parts[0]), words: textOf(parts[2]).slice(0, 500) };
}

/** The person of an entry; null where it has no address that can be written to. @throws BrokenBer */
export function personOf({ parts }: Said): Address | null {
  const attributes = parts[1];
  if (attributes === undefined) throw new BrokenBer("an entry without attributes");
  const values = new Map<string, string[]>();
  for (const { body } of elementsIn(attributes.body)) {
    const [type, set] = elementsIn(body);
    if (set === undefined) throw new BrokenBer("an attribute without values");
    values.set(textOf(type).toLowerCase(), elementsIn(set.body).map(textOf));
  }
  const address = values.get("mail")?.find(looksLikeAddress);
  if (address === undefined) return null;
  const name = NAMES.map((one) => tidy(values.get(one.toLowerCase())?.[0] ?? "")).find((one) => one !== "") ?? "";
  return { name, address };
}

/** A name goes into the window and into headers: no controls, no marks that turn the direction. */
function tidy(name: string): string {
  return name
    .replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, " ")
    .trim()
    .slice(0, LONGEST_NAME);
}
