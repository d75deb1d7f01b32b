import { decodeText } from "./charset.ts";
import { readTnefProperties, type TnefProperties } from "./tnef-properties.ts";

/** A file inside a winmail.dat. `message` is set for a message that was attached there: TNEF again, in `bytes`. */
export type TnefFile = {
  readonly name: string;
  /** Declared MIME type in lower case, or "". */
  readonly type: string;
  readonly contentId: string;
  readonly bytes: Buffer;
  readonly message: boolean;
};

/** What Outlook wraps in application/ms-tnef: the message as it was written, and its files. */
export type Tnef = {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** Decompressed by nobody yet (MS-OXRTFCP); empty when there is none. */
  readonly compressedRtf: Buffer;
  readonly files: readonly TnefFile[];
  /** What kind of message it was in Outlook, as MAPI names it; "". */
  readonly messageClass: string;
  readonly properties: TnefProperties;
  /** Text of a property of the message, in its own code page. */
  readonly string: (key: number | string) => string;
};

const SIGNATURE = 0x223e9f78;
const MOST_FILES = 2000;

/** MS-OXTNEF §2.1.3.3: the numbers of the attributes that are looked at. */
const ATTRIBUTE = {
  subject: 0x8004,
  messageClass: 0x8008,
  body: 0x800c,
  attachData: 0x800f,
  attachTitle: 0x8010,
  attachRenderData: 0x9002,
  mapiProperties: 0x9003,
  attachment: 0x9005,
  codePage: 0x9007,
} as const;

/** MS-OXPROPS: the properties that are looked at. */
const PROPERTY = {
  messageClass: 0x001a,
  subject: 0x0037,
  body: 0x1000,
  compressedRtf: 0x1009,
  html: 0x1013,
  displayName: 0x3001,
  attachData: 0x3701,
  attachName: 0x3704,
  attachLongName: 0x3707,
  attachType: 0x370e,
  attachContentId: 0x3712,
  internetCodePage: 0x3fde,
} as const;

type OpenFile = { title: Buffer; data: Buffer; properties: TnefProperties };

export function isTnef(bytes: Buffer): boolean {
  return bytes.length >= 6 && bytes.readUInt32LE(0) === SIGNATURE;
}

/**
 * Reads a TNEF stream (MS-OXTNEF). What is cut off or broken ends the reading; what was read before is kept.
 * @returns null when it is none
 */
export function readTnef(bytes: Buffer): Tnef | null {
  if (!isTnef(bytes)) return null;
  let codePage = 0;
  let subject: Buffer = EMPTY;
  let body: Buffer = EMPTY;
  let messageClass: Buffer = EMPTY;
  let message: TnefProperties = new Map();
  const files: OpenFile[] = [];
  for (const { id, data } of attributes(bytes)) {
    const file = files.at(-1);
    switch (id) {
      case ATTRIBUTE.codePage:
        codePage = data.length >= 4 ? data.readUInt32LE(0) : 0;
        break;
      case ATTRIBUTE.subject:
        subject = data;
        break;
      case ATTRIBUTE.messageClass:
        messageClass = data;
        break;
      case ATTRIBUTE.body:
        body = data;
        break;
      case ATTRIBUTE.mapiProperties:
        message = readTnefProperties(data);
        break;
      case ATTRIBUTE.attachRenderData:
        // Each file begins with it (§2.1.3.2).
        if (files.length < MOST_FILES) files.push({ title: EMPTY, data: EMPTY, properties: new Map() });
        break;
      case ATTRIBUTE.attachTitle:
        if (file) file.title = data;
        break;
      case ATTRIBUTE.attachData:
        if (file) file.data = data;
        break;
      case ATTRIBUTE.attachment:
        if (file) file.properties = readTnefProperties(data);
        break;
    }
  }
  const string = (properties: TnefProperties, id: number | string, page = codePage): string => {
    const found = properties.get(id);
    return found === undefined ? "" : found.unicode ? utf16(found.bytes) : eightBit(found.bytes, page);
  };
  const internetPage = message.get(PROPERTY.internetCodePage)?.bytes;
  const htmlPage = internetPage !== undefined && internetPage.length >= 4 ? internetPage.readUInt32LE(0) : codePage;
  return {
    subject: string(message, PROPERTY.subject) || eightBit(subject, codePage),
    text: string(message, PROPERTY.body) || eightBit(body, codePage),
    html: string(message, PROPERTY.html, htmlPage),
    messageClass: string(message, PROPERTY.messageClass) || eightBit(messageClass, codePage),
    properties: message,
    string: (key) => string(message, key),
    compressedRtf: message.get(PROPERTY.compressedRtf)?.bytes ?? EMPTY,
    files: files.map(({ title, data, properties }) => {
      const own = properties.get(PROPERTY.attachData);
      return {
        name:
          string(properties, PROPERTY.attachLongName) ||
          eightBit(title, codePage) ||
          string(properties, PROPERTY.attachName) ||
          string(properties, PROPERTY.displayName),
        type: string(properties, PROPERTY.attachType).toLowerCase(),
        contentId: string(properties, PROPERTY.attachContentId).replace(/^<|>$/gu, ""),
        bytes: own !== undefined && (own.object || data.length === 0) ? own.bytes : data,
        message: own?.object === true && isTnef(own.bytes),
      };
    }),
  };
}

const EMPTY = Buffer.alloc(0);

/** §2.1.1: level, number and type, length, data, checksum. Checksums are not asked: a wrong one is no reason to lose a file. */
function* attributes(bytes: Buffer): Generator<{ id: number; data: Buffer }> {
  let position = 6;
  while (position + 9 <= bytes.length) {
    const id = bytes.readUInt16LE(position + 1);
    const length = bytes.readUInt32LE(position + 5);
    const start = position + 9;
    const end = Math.min(bytes.length, start + length);
    yield { id, data: bytes.subarray(start, end) };
    position = end + 2;
  }
}

function utf16(bytes: Buffer): string {
  return bytes.toString("utf16le").replace(/\0+$/u, "").toWellFormed();
}

/** Text in a Windows code page, which Outlook often names wrongly: the bytes are asked as well. */
function eightBit(bytes: Buffer, codePage: number): string {
  return decodeText(bytes, codePageLabel(codePage)).text.replace(/\0+$/u, "");
}

/** The charset label of a Windows code page; "" for one that is not known. */
export function codePageLabel(codePage: number): string {
  if (codePage === 65001) return "utf-8";
  if (codePage === 65000) return "utf-7";
  if (codePage === 54936) return "gb18030";
  if (codePage === 20866 || codePage === 21866) return "koi8-r";
  if (codePage === 51932) return "euc-jp";
  if (codePage === 51949) return "euc-kr";
  if (codePage === 52936) return "hz-gb-2312";
  if (codePage >= 50220 && codePage <= 50222) return "iso-2022-jp";
  if (codePage >= 28591 && codePage <= 28605) return `iso-8859-${codePage - 28590}`;
  return codePage === 0 || codePage === 20127 ? "" : `windows-${codePage}`;
}
