import {
  type ArrivedReport,
  DELIVERY_ACTIONS,
  type DeliveryAction,
  type ReportedOriginal,
  type ReportedRecipient,
} from "../../shared/delivery.ts";
import { readText } from "./body-text.ts";
import { readReportFields, type StatedRecipient, type StatedReport } from "./bounce-fields.ts";
import { isDistrusted, reportKind } from "./bounce-kind.ts";
import { GIVEN_UP, OF_DELIVERY, STILL_TRYING } from "./bounce-layouts.ts";
import { bestWords, letterOf, namedRecipients, wordsAbout } from "./bounce-letter.ts";
import { reportedOriginal } from "./bounce-original.ts";
import { failureReason } from "./bounce-reason.ts";
import { readSesNotification } from "./bounce-ses.ts";
import { cleanLine } from "./clean.ts";
import { parseDate } from "./date.ts";
import { decodeEncodedWords, unfold } from "./encoded-words.ts";
import { findField } from "./header-fields.ts";
import { htmlToText } from "./html-text.ts";
import { type MimePart, scanMessage } from "./mime-tree.ts";
import { decodeTransfer } from "./transfer.ts";

const LONGEST_LETTER = 60_000;

/**
 * What a delivery report says: by RFC 3464, in the letters that mail systems write instead of one or beside it, and in the notifications of Amazon SES.
 * @returns null when the message is no report, and when it does not say whose mail did not arrive
 */
export function parseBounce(bytes: Buffer): ArrivedReport | null {
  return readBounce(bytes, scanMessage(bytes));
}

/** As `parseBounce`, for a message whose parts are known. */
export function readBounce(bytes: Buffer, root: MimePart): ArrivedReport | null {
  const kind = reportKind(bytes, root);
  if (kind === "receipt") return null;
  const notification = kind === "report" ? null : readSesNotification(bytes, root);
  if (notification !== null) return { kind: "delivery", ...notification, distrusted: isDistrusted(bytes, root) };
  if (kind === "none") return null;
  const parts = reportParts(root);
  const text = letterText(bytes, parts);
  const letter = letterOf(text);
  if (kind === "doubtful" && !OF_DELIVERY.test(letter.slice(0, 6000))) return null;
  const stated = statedReport(bytes, parts, text);
  if (stated.recipients.length === 0) {
    // A gateway put its own letter round the report.
    const wrapped = parts
      .flatMap(({ type, children }) => (type === "message/rfc822" ? children : []))
      .find((inner) => reportKind(bytes, inner) === "report");
    if (wrapped !== undefined) return readBounce(bytes, wrapped);
  }
  const original = reportedOriginal(bytes, root, parts, stated);
  const header = (name: string) => headerText(bytes, root, name);
  const context: Context = { letter, subject: header("subject"), automatic: header("auto-submitted") };
  const recipients =
    stated.recipients.length > 0
      ? stated.recipients.flatMap((one) =>
          fromFields(
            one,
            context,
            stated.recipients.map(({ finalRecipient }) => finalRecipient),
          ),
        )
      : fromLetter(bytes, root, text, original, context);
  if (recipients.length === 0) return null;
  return {
    kind: "delivery",
    recipients: distinct(recipients),
    original,
    reportingHost: stated.reportingHost,
    distrusted: isDistrusted(bytes, root),
  };
}

type Context = { readonly letter: string; readonly subject: string; readonly automatic: string };

/** Parts that are the report's own and the messages it returns, but not what those hold. */
function reportParts(root: MimePart): MimePart[] {
  const parts: MimePart[] = [];
  const waiting = [root];
  for (let part = waiting.shift(); part !== undefined && parts.length < 200; part = waiting.shift()) {
    parts.push(part);
    if (part.type !== "message/rfc822" && part.type !== "message/global") waiting.push(...part.children);
  }
  return parts;
}

function letterText(bytes: Buffer, parts: readonly MimePart[]): string {
  const leaves = parts.filter(({ children, type }) => children.length === 0 && type.startsWith("text/"));
  const plain = leaves.find(({ type }) => type === "text/plain");
  const text = plain === undefined ? "" : readText(bytes, plain).text.slice(0, LONGEST_LETTER);
  const html = leaves.find(({ type }) => type === "text/html");
  if (plain === undefined && html === undefined) {
    const odd = parts.find(({ type }) => type === "message/delivery-status");
    return odd === undefined
      ? ""
      : bytes.toString("utf8", odd.bodyStart, Math.min(odd.bodyEnd, odd.bodyStart + LONGEST_LETTER)).replace(/\r\n?/gu, "\n");
  }
  if (text.includes("@") || html === undefined) return text;
  const rich = htmlToText(readText(bytes, html).text.slice(0, 400_000), LONGEST_LETTER);
  // A text version of a line or two only says that there is an HTML version.
  return rich.includes("@") || text.trim() === "" ? rich : text;
}

function statedReport(bytes: Buffer, parts: readonly MimePart[], text: string): StatedReport {
  let best: StatedReport = { envelopeId: "", reportingHost: "", originalId: "", recipients: [] };
  for (const part of parts) {
    const own = part.type === "message/delivery-status" || part.type === "message/global-delivery-status";
    if (!own && (part.type !== "text/plain" || part.children.length > 0)) continue;
    const body = own
      ? decodeTransfer(bytes.subarray(part.bodyStart, Math.min(part.bodyEnd, part.bodyStart + 2_000_000)), part.encoding)
          .toString("utf8")
          .replace(/\r\n?/gu, "\n")
      : part.bodyEnd - part.bodyStart > 200_000
        ? ""
        : readText(bytes, part).text;
    if (!own && !/^(?:final|original)-recipient:/imu.test(body)) continue;
    const read = readReportFields(body, !own);
    if (read.recipients.length > best.recipients.length || best.reportingHost === "")
      best = best.recipients.length > read.recipients.length ? best : read;
  }
  return best.recipients.length > 0 || !/^[ \t>]*final-recipient:/imu.test(text)
    ? best
    : readReportFields(text.replace(/^[ \t>]+/gmu, ""), true);
}

function fromFields(one: StatedRecipient, context: Context, all: readonly string[]): ReportedRecipient[] {
  const address = one.originalRecipient || one.finalRecipient;
  if (address === "") return [];
  // A list's report with hundreds of recipients says all in its fields.
  const about = all.length > 50 ? { words: "", block: "" } : wordsAbout(context.letter, one.finalRecipient || address, all);
  const diagnostic = cleanLine(one.diagnostic).slice(0, 1000);
  const words = diagnostic === "" ? about.words : diagnostic;
  const status = statusIn(one.status) || statusIn(words);
  const action = actionOf(one.action, status, context);
  // sendmail and others keep the reply out of the fields when it was cut: the letter has all of it.
  const around = [about.words, one.status.replace(/^\S+\s*/u, ""), about.block, context.letter, context.subject];
  return [
    {
      address,
      finalAddress: one.finalRecipient.toLowerCase() === address.toLowerCase() ? "" : one.finalRecipient,
      action,
      reason: action === "failed" || action === "delayed" ? failureReason({ status, words, around }) : null,
      status,
      words,
      host: one.remoteHost.slice(0, 255),
      retryUntil: action === "delayed" ? parseDate(one.retryUntil) : null,
    },
  ];
}

function fromLetter(bytes: Buffer, root: MimePart, text: string, original: ReportedOriginal, context: Context): ReportedRecipient[] {
  const known = new Set(
    [...`${headerText(bytes, root, "from")} ${headerText(bytes, root, "to")}`.matchAll(/[^\s,<>;"()]+@[^\s,<>;"()]+/gu)].map((found) =>
      found[0].toLowerCase(),
    ),
  );
  const failed = [...headerText(bytes, root, "x-failed-recipients").matchAll(/[^\s,<>;]+@[^\s,<>;]+/gu)].map((found) => found[0]);
  const named =
    failed.length > 0
      ? failed.map((address) => ({ address, ...wordsAbout(context.letter, address, failed) }))
      : namedByLetter(text, known, original, context);
  return named.map(({ address, words, block }) => {
    const status = statusIn(words);
    const action = actionOf("", status, context);
    return {
      address,
      finalAddress: "",
      action,
      reason: failureReason({ status, words, around: [block, context.letter, context.subject] }),
      status,
      words,
      host: "",
      retryUntil: null,
    };
  });
}

/** Whom the letter names; else, when it speaks of a failure at all, whom the returned message was written to. */
function namedByLetter(text: string, known: ReadonlySet<string>, original: ReportedOriginal, { letter, subject }: Context) {
  const found = namedRecipients(letter, known);
  if (found.length > 0 && (bestWords(letter) !== null || bestWords(subject) !== null)) return found;
  const words = bestWords(letter) ?? bestWords(subject);
  if (words === null) return [];
  const returned = text.slice(letter.length);
  const enveloped = /\bfor <([^<>\s]+@[^<>\s]+)>/iu.exec(returned)?.[1];
  const to = enveloped ?? (original.to.length === 1 ? original.to[0] : /^to:\s*<?([^\s<>,]+@[^\s<>,]+)>?\s*$/imu.exec(returned)?.[1]);
  return to === undefined || known.has(to.toLowerCase()) ? [] : [{ address: to, words, block: letter }];
}

function actionOf(stated: string, status: string, { letter, subject, automatic }: Context): DeliveryAction {
  const action = DELIVERY_ACTIONS.find((known) => known === stated);
  if (action !== undefined) return action;
  if (status.startsWith("2.")) return "delivered";
  if (GIVEN_UP.test(subject)) return "failed";
  const waiting = STILL_TRYING.test(`${subject}\n${automatic}\n${letter}`);
  return waiting && !status.startsWith("5.") ? "delayed" : "failed";
}

function statusIn(text: string): string {
  return /(?<![\d.])[245]\.\d{1,3}\.\d{1,3}(?![\d.]*\d)/u.exec(text)?.[0] ?? "";
}

function headerText(bytes: Buffer, root: MimePart, name: string): string {
  const field = findField(root.fields, name);
  return field === undefined
    ? ""
    : cleanLine(decodeEncodedWords(unfold(bytes.subarray(field.start, Math.min(field.end, field.start + 65_536)), "")));
}

/** Some systems name one recipient twice: the one that says more is kept. */
function distinct(recipients: readonly ReportedRecipient[]): ReportedRecipient[] {
  const byAddress = new Map<string, ReportedRecipient>();
  for (const one of recipients) {
    const key = one.address.toLowerCase();
    const before = byAddress.get(key);
    if (before === undefined || (before.reason === "unknown" && one.reason !== "unknown")) byAddress.set(key, one);
  }
  return [...byAddress.values()];
}
