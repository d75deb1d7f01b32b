import type { Attachment } from "./attachments.ts";
import type { Person } from "./people.ts";

export interface MessageContent {
  from: Person;
  to: readonly Person[];
  cc: readonly Person[];
  subject: string;
  at: Date;
  messageId: string;
  /** Message-IDs of the conversation so far, oldest first. */
  references: readonly string[];
  headers: readonly string[];
  text: string;
  html: string | null;
  attachments: readonly Attachment[];
}

/** The bytes of a message as a server would have them. */
export function rawMessage(content: MessageContent): Buffer {
  const { from, to, cc, references } = content;
  const people = (list: readonly Person[]): string => list.map(({ name, address }) => `${phrase(name)} <${address}>`).join(",\r\n ");
  const header = [
    ...content.headers,
    `Date: ${dateHeader(content.at, from.zone)}`,
    `From: ${people([from])}`,
    `To: ${people(to)}`,
    ...(cc.length > 0 ? [`Cc: ${people(cc)}`] : []),
    `Subject: ${encodeWords(content.subject)}`,
    `Message-ID: ${content.messageId}`,
    ...(references.length > 0 ? [`In-Reply-To: ${references.at(-1)}`, `References: ${references.join("\r\n ")}`] : []),
    "MIME-Version: 1.0",
  ];
  return Buffer.from(`${header.join("\r\n")}\r\n${body(content)}`);
}

function body({ text, html, attachments, messageId }: MessageContent): string {
  const inline = attachments.filter(({ contentId }) => contentId !== null);
  const attached = attachments.filter(({ contentId }) => contentId === null);
  const words = textPart("plain", text);
  const key = messageId.replace(/\W/g, "").slice(0, 24);
  let whole = words;
  if (html !== null) {
    const rich =
      inline.length === 0 ? textPart("html", html) : multipart("related", `r${key}`, [textPart("html", html), ...inline.map(filePart)]);
    whole = multipart("alternative", `a${key}`, [words, rich]);
  }
  return attached.length === 0 ? whole : multipart("mixed", `m${key}`, [whole, ...attached.map(filePart)]);
}

function multipart(subtype: string, boundary: string, parts: readonly string[]): string {
  const inner = parts.map((part) => `--${boundary}\r\n${part}\r\n`).join("");
  return `Content-Type: multipart/${subtype}; boundary="${boundary}"\r\n\r\n${inner}--${boundary}--\r\n`;
}

function textPart(subtype: "plain" | "html", content: string): string {
  const lines = content.replaceAll("\n", "\r\n");
  // Mostly ASCII stays readable as it travels; everything else is shorter in base64.
  const foreign = lines.match(/[^\x20-\x7e\r\n]/g)?.length ?? 0;
  const base64 = foreign > lines.length / 6;
  const encoded = base64 ? wrapBase64(Buffer.from(lines)) : quotedPrintable(lines);
  return `Content-Type: text/${subtype}; charset=utf-8\r\nContent-Transfer-Encoding: ${base64 ? "base64" : "quoted-printable"}\r\n\r\n${encoded}\r\n`;
}

function filePart({ name, type, content, contentId }: Attachment): string {
  const bytes = typeof content === "string" ? Buffer.from(content) : content;
  const ascii = /^[\x20-\x7e]+$/.test(name);
  const written = ascii ? `filename="${name}"` : `filename*=UTF-8''${encodeURIComponent(name).replace(/['()*]/g, percent)}`;
  const place = contentId === null ? `attachment; ${written}` : `inline; ${written}\r\nContent-ID: <${contentId}>`;
  return `Content-Type: ${type}\r\nContent-Disposition: ${place}\r\nContent-Transfer-Encoding: base64\r\n\r\n${wrapBase64(bytes)}\r\n`;
}

function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}

function wrapBase64(bytes: Buffer): string {
  return bytes.toString("base64").replace(/.{76}(?=.)/g, "$&\r\n");
}

/** RFC 2045 §6.7, with soft breaks before 76 characters. */
function quotedPrintable(text: string): string {
  return text
    .split("\r\n")
    .map((line) => {
      let out = "";
      let width = 0;
      const bytes = Buffer.from(line);
      for (const [index, byte] of bytes.entries()) {
        const last = index === bytes.length - 1;
        const plain = (byte >= 33 && byte <= 126 && byte !== 61) || (byte === 32 && !last);
        const piece = plain ? String.fromCharCode(byte) : `=${byte.toString(16).toUpperCase().padStart(2, "0")}`;
        if (width + piece.length > 75) {
          out += "=\r\n";
          width = 0;
        }
        out += piece;
        width += piece.length;
      }
      return out;
    })
    .join("\r\n");
}

function phrase(name: string): string {
  if (!/^[\x20-\x7e]*$/.test(name)) return encodeWords(name);
  return /[^\w .-]/.test(name) ? `"${name}"` : name;
}

/** RFC 2047, in words of at most 75 characters that never cut a character in two. */
function encodeWords(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text)) return text;
  const words: string[] = [];
  let run = "";
  for (const character of text) {
    if (Buffer.byteLength(run + character) > 42) {
      words.push(run);
      run = "";
    }
    run += character;
  }
  words.push(run);
  return words.map((word) => `=?UTF-8?B?${Buffer.from(word).toString("base64")}?=`).join("\r\n ");
}

function dateHeader(at: Date, zone: number): string {
  const local = new Date(at.getTime() + zone * 60_000).toUTCString().replace("GMT", "").trim();
  const two = (value: number): string => String(Math.floor(value)).padStart(2, "0");
  return `${local} ${zone < 0 ? "-" : "+"}${two(Math.abs(zone) / 60)}${two(Math.abs(zone) % 60)}`;
}
