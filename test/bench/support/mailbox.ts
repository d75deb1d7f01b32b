import { HAN, LATIN_WORDS, randomFrom, zipf } from "./words.ts";

/** One generated message, and the text that was put into it: the truth that searches are judged by. */
export type GeneratedMessage = {
  readonly index: number;
  readonly folder: string;
  readonly messageId: string;
  readonly subject: string;
  readonly from: { readonly name: string; readonly address: string };
  readonly to: string;
  readonly body: string;
  readonly receivedAt: number;
  readonly seen: boolean;
  readonly raw: Buffer;
};

export const FOLDERS: readonly string[] = [
  "INBOX",
  "Sent",
  "Archive",
  ...Array.from({ length: 20 }, (_, i) => `Projects/Project ${String(i + 1).padStart(2, "0")}`),
  "发票与报销",
  "京都・大阪",
  "Travel",
  "Family",
  "Lists/Kiln",
  "Lists/Print",
  "Receipts",
];

const START = Date.UTC(2018, 0, 1);
const MINUTE = 60_000;
const PEOPLE = 400;

function person(n: number): { name: string; address: string } {
  const random = randomFrom(90_000 + n);
  const word = (): string => LATIN_WORDS[400 + Math.floor(random() * 7000)] ?? "";
  const first = word();
  const last = word();
  const name = n % 4 === 0 ? han(random, 3) : `${capital(first)} ${capital(last)}`;
  return { name, address: `${first}.${last}@example.test` };
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

function han(random: () => number, length: number): string {
  let text = "";
  for (let i = 0; i < length; i += 1) text += HAN[zipf(random, HAN.length)] ?? "";
  return text;
}

function latin(random: () => number, words: number): string {
  const out: string[] = [];
  for (let i = 0; i < words; i += 1) out.push(LATIN_WORDS[zipf(random, LATIN_WORDS.length)] ?? "");
  return out.join(" ");
}

/** Sentences on lines of their own; Chinese ones end in a full-width stop, so no phrase runs across them. */
function prose(random: () => number, chinese: boolean, characters: number): string {
  const lines: string[] = [];
  for (let size = 0; size < characters; ) {
    const line = chinese
      ? `${han(random, 8 + Math.floor(random() * 20))}，${han(random, 6 + Math.floor(random() * 14))}。`
      : `${capital(latin(random, 8 + Math.floor(random() * 10)))}.`;
    lines.push(line);
    size += Buffer.byteLength(line);
  }
  return lines.join("\n");
}

function gauss(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

function base64Lines(text: Buffer): string {
  return (
    text
      .toString("base64")
      .match(/.{1,76}/gu)
      ?.join("\r\n") ?? ""
  );
}

/** Bytes that do not compress, from one buffer made once: attachments are sizes here, not contents. */
const NOISE = (() => {
  const random = randomFrom(23);
  const bytes = Buffer.alloc(4 * 1024 * 1024);
  for (let i = 0; i < bytes.length; i += 4) bytes.writeUInt32LE(Math.floor(random() * 0xffffffff), i);
  return bytes;
})();

function attachmentSize(random: () => number, index: number): number {
  if (index % 997 === 5) return 2_200_000 + Math.floor(random() * 600_000);
  const draw = random();
  if (draw > 0.22) return 0;
  return Math.min(1_900_000, Math.floor(30_000 * Math.exp(1.0 + 0.95 * gauss(random))) + 20_000);
}

/** The first of the conversation that message `index` belongs to: three in ten answer an earlier one. */
function parentOf(index: number): number | null {
  return index % 10 >= 7 ? index - (index % 10) + (index % 3) : null;
}

function subjectOf(index: number): string {
  const random = randomFrom(500_000 + index);
  return index % 4 === 1 ? han(random, 6 + Math.floor(random() * 10)) : capital(latin(random, 3 + Math.floor(random() * 6)));
}

/** Message number `index`, always the same one. */
export function generateMessage(index: number): GeneratedMessage {
  const random = randomFrom(1_000_000 + index);
  const chinese = index % 4 === 1;
  const parent = parentOf(index);
  const from = person(Math.floor(random() * PEOPLE));
  const to = person(Math.floor(random() * PEOPLE)).address;
  const subject = parent === null ? subjectOf(index) : `Re: ${subjectOf(parent)}`;
  // Median some 4.7 KB of text, mean 6.3 KB.
  const body = prose(random, chinese, Math.max(300, Math.floor(4700 * Math.exp(0.8 * gauss(random)))));
  // Late mail: one message in fifty arrives with a date years before its neighbours.
  const receivedAt =
    index % 50 === 49 ? START - (index % 900) * 1440 * MINUTE : START + index * 230 * MINUTE + Math.floor(random() * 90) * 1000;
  const messageId = `bench-${index}@example.test`;
  const folder = FOLDERS[index % 3 === 0 ? 0 : Math.floor(random() * FOLDERS.length)] ?? "INBOX";
  const raw = write({ index, random, from, to, subject, body, chinese, receivedAt, messageId, parent });
  return { index, folder, messageId, subject, from, to, body, receivedAt, seen: random() < 0.8, raw };
}

type Parts = {
  index: number;
  random: () => number;
  from: { name: string; address: string };
  to: string;
  subject: string;
  body: string;
  chinese: boolean;
  receivedAt: number;
  messageId: string;
  parent: number | null;
};

function encodedWord(text: string): string {
  // biome-ignore format: one range
  return /^[\x20-\x7e]*$/u.test(text) ? text : text.match(/.{1,14}/gu)?.map((piece) => `=?UTF-8?B?${Buffer.from(piece).toString("base64")}?=`).join("\r\n ") ?? "";
}

function asHtml(body: string): string {
  const paragraphs = body
    .split("\n")
    .map((line, i) => (i % 7 === 3 ? `<h3 style="color:#334">${line}</h3>` : `<p style="margin:0 0 12px">${line}</p>`));
  return `<!doctype html><html><head><meta charset="utf-8"><style>p{font-family:sans-serif}</style></head><body><div>${paragraphs.join("\r\n")}</div></body></html>`;
}

function textPart(type: string, text: string): string {
  if (Buffer.byteLength(text) === text.length)
    return `Content-Type: ${type}; charset=us-ascii\r\nContent-Transfer-Encoding: 7bit\r\n\r\n${text}\r\n`;
  return `Content-Type: ${type}; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n${base64Lines(Buffer.from(text))}\r\n`;
}

function write(parts: Parts): Buffer {
  const { index, random, from, to, subject, body, receivedAt, messageId, parent } = parts;
  const headers = [
    `Return-Path: <${from.address}>`,
    `Received: from mx.example.test by mail.example.test; ${new Date(receivedAt).toUTCString()}`,
    `From: ${encodedWord(from.name)} <${from.address}>`,
    `To: <${to}>`,
    `Subject: ${encodedWord(subject)}`,
    `Date: ${new Date(receivedAt).toUTCString().replace("GMT", "+0000")}`,
    `Message-ID: <${messageId}>`,
    ...(parent === null ? [] : [`In-Reply-To: <bench-${parent}@example.test>`, `References: <bench-${parent}@example.test>`]),
    "MIME-Version: 1.0",
  ];
  const kind = index % 6;
  const html = kind === 0 || kind === 3 ? asHtml(body) : null;
  const text = html === null || kind === 3 ? body.replace(/\n/gu, "\r\n") : null;
  const inner =
    html !== null && text !== null
      ? `Content-Type: multipart/alternative; boundary="alt-${index}"\r\n\r\n--alt-${index}\r\n${textPart("text/plain", text)}--alt-${index}\r\n${textPart("text/html", html)}--alt-${index}--\r\n`
      : html === null
        ? textPart("text/plain", text ?? "")
        : textPart("text/html", html);
  const size = attachmentSize(random, index);
  if (size === 0) return Buffer.from(`${headers.join("\r\n")}\r\n${inner}`);
  const start = Math.floor(random() * (NOISE.length - size));
  const boundary = `mixed-${index}`;
  return Buffer.from(
    `${headers.join("\r\n")}\r\nContent-Type: multipart/mixed; boundary="${boundary}"\r\n\r\n--${boundary}\r\n${inner}--${boundary}\r\n` +
      `Content-Type: application/octet-stream; name="file-${index}.bin"\r\nContent-Disposition: attachment; filename="file-${index}.bin"\r\n` +
      `Content-Transfer-Encoding: base64\r\n\r\n${base64Lines(NOISE.subarray(start, start + size))}\r\n--${boundary}--\r\n`,
  );
}
