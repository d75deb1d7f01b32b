import type { ContactCard } from "../../shared/contract/calendar.ts";
import { addressIn } from "./calendar.ts";
import { decodeText } from "./charset.ts";
import type { CharsetHints } from "./charset-hints.ts";
import { cleanLine } from "./clean.ts";
import { type Component, type Property, readComponents, splitValue, unescapeText } from "./content-lines.ts";
import { decodeQuotedPrintable } from "./transfer.ts";

const MOST_OF_A_KIND = 20;
const LONGEST_LINE = 300;
const LARGEST_PHOTO = 200_000;
/** Photos of one file together. */
const LARGEST_PHOTOS = 1_500_000;

type Card = Omit<ContactCard, "part">;

/**
 * The people of a file of contact cards: vCard 2.1, 3.0 (RFC 2426) and 4.0 (RFC 6350). Never throws.
 *
 * @returns at most `most` of them, and how many there are
 */
export function readContacts(text: string, most: number, hints: CharsetHints): { contacts: Card[]; cards: number } {
  const cards = readComponents(text).filter(({ name }) => name === "VCARD");
  let photos = 0;
  const contacts = cards.slice(0, Math.max(0, most)).map((card) => {
    const read = readCard(card, hints);
    photos += read.photo.length;
    return photos > LARGEST_PHOTOS ? { ...read, photo: "" } : read;
  });
  return { contacts, cards: cards.length };
}

function readCard(card: Component, hints: CharsetHints): Card {
  const all = (name: string): { property: Property; value: string }[] =>
    card.properties
      .filter((one) => one.name === name)
      .slice(0, MOST_OF_A_KIND)
      .map((one) => ({ property: one, value: decoded(one, hints) }));
  const line = (name: string): string => cleanLine(unescapeText(all(name)[0]?.value ?? "")).slice(0, LONGEST_LINE);
  const structured = (value: string): string[] =>
    splitValue(value, ";")
      .map(cleanLine)
      .filter((part) => part !== "");
  const organisation = structured(all("ORG")[0]?.value ?? "")
    .join(", ")
    .slice(0, LONGEST_LINE);
  const notes = unescapeText(all("NOTE")[0]?.value ?? "").slice(0, 2000);
  return {
    name: line("FN") || nameOf(all("N")[0]?.value ?? "") || line("NICKNAME") || organisation,
    organisation,
    title: line("TITLE") || line("ROLE"),
    emails: all("EMAIL").flatMap(({ property, value }) => {
      const address = addressIn(unescapeText(value));
      return address === "" ? [] : [{ address, kind: kindOf(property) }];
    }),
    phones: all("TEL").flatMap(({ property, value }) => {
      const number = cleanLine(unescapeText(value).replace(/^tel:/iu, "")).slice(0, 60);
      return number === "" ? [] : [{ number, kind: kindOf(property) }];
    }),
    addresses: all("ADR").flatMap(({ property, value }) => {
      const written = cleanLine(property.params.get("LABEL") ?? "") || structured(value).join(", ");
      return written === "" ? [] : [{ text: written.slice(0, LONGEST_LINE), kind: kindOf(property) }];
    }),
    links: all("URL").flatMap(({ value }) => {
      const link = cleanLine(unescapeText(value));
      return /^https?:\/\/\S+$/iu.test(link) ? [link.slice(0, 1000)] : [];
    }),
    notes: notes.split(/\r?\n/u).map(cleanLine).join("\n").trim().toWellFormed(),
    birthday: /^[\d-]{4,10}/u.exec(line("BDAY"))?.[0] ?? "",
    photo: photoOf(card.properties.find(({ name }) => name === "PHOTO" || name === "LOGO")),
  };
}

/** Family name; given; more; before; after. Chinese, Japanese and Korean names begin with the family's, without a blank. */
function nameOf(value: string): string {
  const [family = "", given = "", more = "", before = "", after = ""] = splitValue(value, ";").map(cleanLine);
  const together = `${family}${given}`;
  if (/^[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+$/u.test(together)) return together;
  return [before, given, more, family, after]
    .filter((part) => part !== "")
    .join(" ")
    .slice(0, LONGEST_LINE);
}

function decoded({ params, value }: Property, hints: CharsetHints): string {
  if (!/QUOTED-PRINTABLE/iu.test(params.get("ENCODING") ?? "")) return value;
  return decodeText(decodeQuotedPrintable(Buffer.from(value)), params.get("CHARSET") ?? "", hints).text;
}

const KINDS = ["home", "work", "cell", "fax"] as const;

/** What is known of where it rings; "" for everything else. */
function kindOf({ params }: Property): string {
  const types = (params.get("TYPE") ?? "").toLowerCase().split(",");
  return KINDS.find((kind) => kind === "fax" && types.includes("fax")) ?? KINDS.find((kind) => types.includes(kind)) ?? "";
}

/** First bytes in hexadecimal; a dot is any digit. */
const SIGNATURES: readonly (readonly [RegExp, string])[] = [
  [/^89504e470d0a1a0a/u, "image/png"],
  [/^ffd8ff/u, "image/jpeg"],
  [/^47494638(?:37|39)61/u, "image/gif"],
  [/^52494646.{8}57454250/u, "image/webp"],
];

/** Only what came with the card, and only what is a picture by its first bytes: an address elsewhere is never asked. */
function photoOf(found: Property | undefined): string {
  if (found === undefined) return "";
  const inline = /^data:[^,]*;base64,(.*)$/isu.exec(found.value)?.[1];
  const coded = inline ?? (/^(?:B|BASE64)$/iu.test(found.params.get("ENCODING") ?? "") ? found.value : "");
  if (coded === "" || coded.length > LARGEST_PHOTO * 1.4) return "";
  const bytes = Buffer.from(coded, "base64");
  if (bytes.length > LARGEST_PHOTO) return "";
  const start = bytes.toString("hex", 0, 16);
  const type = SIGNATURES.find(([signature]) => signature.test(start))?.[1];
  return type === undefined ? "" : `data:${type};base64,${bytes.toString("base64")}`;
}
