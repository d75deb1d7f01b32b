/** Text in a server's answer; bytes where they are as they were sent. */
export type ToldText = string | Uint8Array;
/** Names in lower case, in the order in which they were told. */
export type ToldParameters = readonly (readonly [name: string, value: ToldText])[];

/** A part of a message as the server tells it (RFC 9051 §7.5.2, BODYSTRUCTURE), with nothing decoded. A message that is attached is a leaf. */
export type ToldPart = {
  /** As FETCH names it; "" for the multipart that is the message itself. */
  readonly number: string;
  /** In lower case, as the disposition and the encoding are. */
  readonly type: string;
  readonly parameters: ToldParameters;
  readonly disposition: string;
  readonly dispositionParameters: ToldParameters;
  readonly contentId: ToldText;
  readonly encoding: string;
  /** As sent. */
  readonly sizeBytes: number;
  /** Of the message that is attached. */
  readonly subject: ToldText;
  readonly children: readonly ToldPart[];
};

/** A part that can be chosen from. */
export type ServerPart = {
  /** As FETCH names it; "" for the multipart that is the message itself. */
  readonly number: string;
  /** In lower case, as the disposition and the encoding are. */
  readonly type: string;
  readonly name: string;
  readonly disposition: string;
  readonly contentId: string;
  readonly encoding: string;
  /** As sent, before decoding. */
  readonly sizeBytes: number;
  readonly boundary: string;
  readonly children: readonly ServerPart[];
};

/** What is fetched of a part's body: all of it, its first bytes, the header of the message that it is, or nothing. */
export type Fetched =
  | { readonly kind: "whole" }
  | { readonly kind: "first"; readonly bytes: number }
  | { readonly kind: "header" | "nothing" };

export type OutlinePlan = {
  /** By the number of the part; every leaf has one. */
  readonly fetch: ReadonlyMap<string, Fetched>;
  /** Leaves that are not fetched whole, with what they take once they are decoded. */
  readonly left: ReadonlyMap<string, number>;
};

/** A text that is longer than all that may come is cut here at the earliest: nobody reads as much. */
const LEAST_TEXT = 64 * 1024;

/**
 * What comes unasked of a message that is larger than the limit: its words, then the pictures that are shown among them, then whatever else is small, as
 * long as all of it together stays within the limit.
 */
export function planOutline(root: ServerPart, mostBytes: number): OutlinePlan {
  const leaves = leavesOf(root);
  const fetch = new Map<string, Fetched>();
  const left = new Map<string, number>();
  let room = mostBytes;
  for (const part of leaves.toSorted((a, b) => rankOf(a) - rankOf(b) || a.sizeBytes - b.sizeBytes)) {
    if (part.sizeBytes <= room) {
      fetch.set(part.number, { kind: "whole" });
      room -= part.sizeBytes;
      continue;
    }
    left.set(part.number, decodedBytes(part));
    const isWords = rankOf(part) === WORDS;
    fetch.set(
      part.number,
      isWords ? { kind: "first", bytes: Math.max(LEAST_TEXT, room) } : { kind: part.type === "message/rfc822" ? "header" : "nothing" },
    );
    if (isWords) room = 0;
  }
  return { fetch, left };
}

export function leavesOf(part: ServerPart): ServerPart[] {
  return part.type.startsWith("multipart/") ? part.children.flatMap(leavesOf) : [part];
}

const WORDS = 0;
const PICTURE = 1;
const FILE = 2;

function rankOf({ type, name, disposition, contentId }: ServerPart): number {
  if (type.startsWith("text/") && disposition !== "attachment" && name === "") return WORDS;
  return type.startsWith("image/") && contentId !== "" && disposition !== "attachment" ? PICTURE : FILE;
}

/** What a part takes when it is decoded, by lines of 76 letters, which stand for 57 bytes. */
export function decodedBytes({ encoding, sizeBytes }: { readonly encoding: string; readonly sizeBytes: number }): number {
  return encoding === "base64" ? Math.round((sizeBytes * 57) / 78) : sizeBytes;
}

/** What FETCH gave of each section, by its name: "HEADER", "1", "1.MIME", "2.HEADER". */
export type Sections = ReadonlyMap<string, Uint8Array>;

/** The sections that a plan asks for, besides the message's own header. */
export function sectionsOf(root: ServerPart, { fetch }: OutlinePlan): { readonly name: string; readonly firstBytes: number | null }[] {
  const sections: { name: string; firstBytes: number | null }[] = [];
  const walk = (part: ServerPart, isRoot: boolean): void => {
    if (!isRoot) sections.push({ name: `${part.number}.MIME`, firstBytes: null });
    for (const child of part.children) walk(child, false);
    const how = fetch.get(part.number);
    if (how?.kind === "whole") sections.push({ name: part.number, firstBytes: null });
    if (how?.kind === "first") sections.push({ name: part.number, firstBytes: how.bytes });
    if (how?.kind === "header") sections.push({ name: `${part.number}.HEADER`, firstBytes: null });
  };
  walk(root, true);
  return sections;
}

const LINE_END = new Uint8Array([13, 10]);

/**
 * The outline as a message of its own: every header as it is, and in the place of what was not fetched nothing.
 * @returns null where a section is lacking, or the server does not say how the parts are told apart
 */
export function buildOutline(root: ServerPart, { fetch }: OutlinePlan, sections: Sections): Uint8Array[] | null {
  const pieces: Uint8Array[] = [];
  let whole = true;
  const add = (name: string): void => {
    const bytes = sections.get(name);
    if (bytes === undefined) whole = false;
    else pieces.push(bytes);
  };
  const line = (text: string): void => void pieces.push(Buffer.from(`${text}\r\n`, "latin1"));
  const walk = (part: ServerPart, isRoot: boolean): void => {
    add(isRoot ? "HEADER" : `${part.number}.MIME`);
    if (!endsInEmptyLine(pieces.at(-1))) pieces.push(LINE_END);
    if (part.type.startsWith("multipart/")) {
      if (part.boundary === "") whole = false;
      for (const child of part.children) {
        line(`--${part.boundary}`);
        walk(child, false);
        pieces.push(LINE_END);
      }
      line(`--${part.boundary}--`);
      return;
    }
    const how = fetch.get(part.number)?.kind ?? "nothing";
    if (how === "header") add(`${part.number}.HEADER`);
    else if (how !== "nothing") add(part.number);
  };
  walk(root, true);
  return whole ? pieces : null;
}

/** RFC 9051 §6.4.5: a header comes with the empty line that ends it, if the message has one. */
function endsInEmptyLine(header: Uint8Array | undefined): boolean {
  return header === undefined || header.byteLength === 2 || Buffer.from(header.subarray(-4)).equals(Buffer.from("\r\n\r\n"));
}
