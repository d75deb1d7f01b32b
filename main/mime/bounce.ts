import { readText } from "./body-text.ts";
import { cleanLine } from "./clean.ts";
import { unfold } from "./encoded-words.ts";
import { type Field, findField, scanHeader } from "./header-fields.ts";
import { parseMessageIds } from "./message-ids.ts";
import { type MimePart, scanMessage } from "./mime-tree.ts";
import { decodeTransfer } from "./transfer.ts";

export type FailedRecipient = {
  readonly address: string;
  /** RFC 3464 §2.3.3. */
  readonly action: "failed" | "delayed" | "delivered" | "relayed" | "expanded";
  /** RFC 3463, "5.1.1"; "" when not given. */
  readonly status: string;
  /** What the other server said, one line. */
  readonly words: string;
};

export type Bounce = {
  readonly recipients: readonly FailedRecipient[];
  /** Message-ID of the mail that it is about, without angle brackets; null when not named. */
  readonly originalMessageId: string | null;
};

const ACTIONS = new Set(["failed", "delayed", "delivered", "relayed", "expanded"]);

/**
 * What a delivery report says (RFC 3464), with what servers write instead of one: qmail's text, Exim's X-Failed-Recipients.
 * @returns null when the message is no report
 */
export function parseBounce(bytes: Buffer): Bounce | null {
  const root = scanMessage(bytes);
  const parts = allParts(root);
  const report = parts.find(({ type }) => type === "message/delivery-status" || type === "message/global-delivery-status");
  const stated = report === undefined ? [] : readReport(decodeTransfer(bytes.subarray(report.bodyStart, report.bodyEnd), report.encoding));
  const recipients = stated.length > 0 ? stated : wordsOnly(bytes, root, parts);
  if (recipients.length === 0) return null;
  return { recipients, originalMessageId: originalId(bytes, root, parts) };
}

function allParts(root: MimePart): MimePart[] {
  const parts: MimePart[] = [];
  const waiting = [root];
  for (let part = waiting.shift(); part !== undefined; part = waiting.shift()) {
    parts.push(part);
    for (const child of part.children) waiting.push(child);
  }
  return parts;
}

/** Groups of fields parted by empty lines; the first is about the message, each other about one recipient. */
function readReport(bytes: Buffer): FailedRecipient[] {
  const recipients: FailedRecipient[] = [];
  let position = 0;
  while (position < bytes.length && recipients.length < 1000) {
    const { fields, bodyStart } = scanHeader(bytes, position, bytes.length);
    if (fields.length === 0 && bodyStart === position) {
      // Text where fields should be: on to the next line.
      const newline = bytes.indexOf(0x0a, position);
      position = newline < 0 ? bytes.length : newline + 1;
      continue;
    }
    const entry = readRecipient(bytes, fields);
    if (entry !== null) recipients.push(entry);
    position = Math.max(bodyStart, position + 1);
  }
  return recipients;
}

function readRecipient(bytes: Buffer, fields: readonly Field[]): FailedRecipient | null {
  const value = (name: string) => {
    const field = findField(fields, name);
    return field === undefined ? "" : cleanLine(unfold(bytes.subarray(field.start, field.end), ""));
  };
  const address = typed(value("original-recipient")) || typed(value("final-recipient"));
  if (address === "") return null;
  const action =
    value("action")
      .toLowerCase()
      .split(/[\s(;]/u)[0] ?? "";
  const status = /\b[245]\.\d{1,3}\.\d{1,3}\b/u.exec(value("status"))?.[0] ?? "";
  return {
    address,
    action: ACTIONS.has(action) ? (action as FailedRecipient["action"]) : status.startsWith("4") ? "delayed" : "failed",
    status,
    words: typed(value("diagnostic-code")).slice(0, 1000),
  };
}

/** `rfc822; user@example.test` and `smtp; 550 …`: the type is dropped. */
function typed(text: string): string {
  const semicolon = text.indexOf(";");
  const rest = semicolon >= 0 && /^[\w .-]{1,40}$/u.test(text.slice(0, semicolon)) ? text.slice(semicolon + 1) : text;
  return rest.trim().replace(/^<(.*)>$/u, "$1");
}

/** Reports without a machine-readable part, from servers that never learnt RFC 3464. */
function wordsOnly(bytes: Buffer, root: MimePart, parts: readonly MimePart[]): FailedRecipient[] {
  const field = findField(root.fields, "x-failed-recipients");
  const from = findField(root.fields, "from");
  const sender = from === undefined ? "" : bytes.toString("latin1", from.start, from.end);
  const body = parts.find(({ type, children }) => type === "text/plain" && children.length === 0);
  const text = body === undefined ? "" : readText(bytes, body).text.slice(0, 20_000);
  if (field !== undefined)
    return [...bytes.toString("latin1", field.start, field.end).matchAll(/[^\s,<>;]+@[^\s,<>;]+/gu)].map((match) =>
      failed(match[0], text, match[0]),
    );
  if (!DAEMON.test(sender)) return [];
  // qmail: "<user@example.test>:" at a line's start, the reason on the lines below.
  const listed = [...text.matchAll(/^<([^\s<>]+@[^\s<>]+)>:?\s*$/gmu)].map((match) => failed(match[1] ?? "", text, match[0]));
  return listed.length > 0 ? listed : firstNamed(text, `${sender} ${headerText(bytes, root, "to")}`);
}

const DAEMON = /mailer-daemon|postmaster|mail[ _-]*deliver|mail administrator|system administrator|mailadmin|mail-?system/iu;
/** Where the returned message begins: addresses below it say nothing about the failure. */
const RETURNED =
  /^(?:\s*>?\s*)(?:message-id|received|return-path|from):|original message|returned message|copy of the message|forwarded message/imu;
const REFUSAL =
  /\b[45]\d\d\b|\b[45]\.\d\.\d|unknown|undeliver|could not|cannot|couldn't|failed|failure|reject|not exist|no such|unable|not found|not listed|over quota|unroutable/iu;

function headerText(bytes: Buffer, root: MimePart, name: string): string {
  const field = findField(root.fields, name);
  return field === undefined ? "" : bytes.toString("latin1", field.start, field.end);
}

/** The first address in a daemon's letter that is neither the daemon nor the person it writes to. */
function firstNamed(text: string, known: string): FailedRecipient[] {
  const cut = RETURNED.exec(text)?.index ?? text.length;
  const letter = text.slice(0, Math.max(cut, 200));
  if (!REFUSAL.test(letter)) return [];
  for (const [address] of letter.matchAll(/[^\s,<>;:()[\]"']+@[^\s,<>;:()[\]"']+\.[a-z]{2,}/giu)) {
    if (known.toLowerCase().includes(address.toLowerCase()) || DAEMON.test(address)) continue;
    const line =
      letter.split("\n").find((candidate) => /\b[45]\d\d[ -]|\b[45]\.\d\.\d/u.test(candidate)) ??
      letter.split("\n").find((candidate) => REFUSAL.test(candidate)) ??
      "";
    const words = cleanLine(line).slice(0, 1000);
    return [{ address, action: "failed", status: /\b[45]\.\d{1,3}\.\d{1,3}\b/u.exec(words)?.[0] ?? "", words }];
  }
  return [];
}

function failed(address: string, text: string, after: string): FailedRecipient {
  const at = text.indexOf(after);
  const below = at < 0 ? text : text.slice(at + after.length);
  const words = cleanLine((/\S[\s\S]{0,400}?(?=\n\s*\n|$)/u.exec(below.replace(/^[:\s]+/u, ""))?.[0] ?? "").replace(/\s+/gu, " "));
  return { address, action: "failed", status: /\b[45]\.\d{1,3}\.\d{1,3}\b/u.exec(words)?.[0] ?? "", words };
}

/** The report carries the original, or its header, or at least answers it. */
function originalId(bytes: Buffer, root: MimePart, parts: readonly MimePart[]): string | null {
  for (const part of parts) {
    const carried =
      part.type === "text/rfc822-headers"
        ? scanHeader(bytes, part.bodyStart, part.bodyEnd).fields
        : part.type === "message/rfc822"
          ? part.children[0]?.fields
          : undefined;
    const field = carried === undefined ? undefined : findField(carried, "message-id");
    if (field !== undefined) return parseMessageIds(bytes.toString("latin1", field.start, field.end))[0] ?? null;
  }
  const body = bytes.toString("latin1", root.bodyStart, Math.min(bytes.length, root.bodyStart + 200_000));
  const quoted = /^\s*message-id:\s*(<[^<>\s]+>)/imu.exec(body)?.[1];
  if (quoted !== undefined) return parseMessageIds(quoted)[0] ?? null;
  const answers = findField(root.fields, "in-reply-to") ?? findField(root.fields, "references");
  return answers === undefined ? null : (parseMessageIds(bytes.toString("latin1", answers.start, answers.end))[0] ?? null);
}
