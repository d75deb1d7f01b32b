import type { DeliveryAction, DeliveryReason, ReportedOriginal, ReportedRecipient } from "../../shared/delivery.ts";
import { parseAddresses } from "./addresses.ts";
import { readText } from "./body-text.ts";
import { failureReason } from "./bounce-reason.ts";
import { cleanLine } from "./clean.ts";
import { parseMessageIds } from "./message-ids.ts";
import type { MimePart } from "./mime-tree.ts";
import { decodeTransfer } from "./transfer.ts";

const LONGEST_BYTES = 300_000;
const LOOKED_AT = 200;
const MOST_RECIPIENTS = 1000;

/** What a notification of Amazon SES tells. */
export type SesNotification = {
  readonly recipients: ReportedRecipient[];
  readonly original: ReportedOriginal;
  readonly reportingHost: string;
};

/**
 * Amazon SES tells in JSON what became of a message; its notification service (SNS) sends that by mail, as it is or in an envelope of its own, with a
 * sentence on unsubscribing below (docs.aws.amazon.com/ses, "notification contents" and "event publishing").
 * @returns null when the message is none, and when it tells of no delivery: complaints, opened links, answers of absent people
 */
export function readSesNotification(bytes: Buffer, root: MimePart): SesNotification | null {
  const part = root.children.length === 0 ? root : root.children[0];
  if (part === undefined || !/^(?:text\/plain|application\/json)$/u.test(part.type)) return null;
  if (part.bodyEnd - part.bodyStart > LONGEST_BYTES) return null;
  if (!beginsLikeJson(bytes, part)) return null;
  const text = readText(bytes, part).text.trimStart();
  if (!text.startsWith("{") || !/notificationType|eventType/u.test(text)) return null;
  const outer = parseObject(text);
  const told = typeof outer["Message"] === "string" ? parseObject(outer["Message"]) : outer;
  const mail = objectIn(told, "mail");
  const recipients = recipientsOf(told, mail).slice(0, MOST_RECIPIENTS);
  if (recipients.length === 0) return null;
  const about = ["bounce", "delivery", "deliveryDelay"].map((name) => objectIn(told, name));
  const host = about.map((one) => textIn(one, "reportingMTA")).find((name) => name !== "") ?? "";
  return { recipients, original: originalOf(mail), reportingHost: host.replace(/^dsn;\s*/iu, "") };
}

/** Nearly all mail is words, and is spared the reading of all of them: blanks, or a mark of byte order, and a brace. */
function beginsLikeJson(bytes: Buffer, { bodyStart, bodyEnd, encoding }: MimePart): boolean {
  const first = decodeTransfer(bytes.subarray(bodyStart, Math.min(bodyEnd, bodyStart + LOOKED_AT)), encoding);
  return /^[\s\0\u00a0\u00bb\u00bf\u00ef\u00fe\u00ff]*\{/u.test(first.toString("latin1"));
}

type Json = Readonly<Record<string, unknown>>;

function recipientsOf(told: Json, mail: Json): ReportedRecipient[] {
  switch (textIn(told, "notificationType") || textIn(told, "eventType")) {
    case "Bounce":
      return bounced(objectIn(told, "bounce"));
    case "Delivery": {
      const delivery = objectIn(told, "delivery");
      return textsIn(delivery, "recipients").flatMap((address) =>
        reported(address, "delivered", { words: textIn(delivery, "smtpResponse") }),
      );
    }
    case "DeliveryDelay": {
      const delay = objectIn(told, "deliveryDelay");
      const retryUntil = momentIn(delay, "expirationTime");
      return objectsIn(delay, "delayedRecipients").flatMap((one) =>
        reported(textIn(one, "emailAddress"), "delayed", {
          ...saidOf(one),
          around: DELAYS.get(textIn(delay, "delayType")) ?? "",
          retryUntil,
        }),
      );
    }
    // SES found a virus, and sent it to nobody.
    case "Reject":
      return textsIn(mail, "destination").flatMap((address) =>
        reported(address, "failed", { words: textIn(objectIn(told, "reject"), "reason"), reason: "virus" }),
      );
    default:
      return [];
  }
}

/** Sub-types that say more than the other server does. */
const SUB_TYPES: ReadonlyMap<string, DeliveryReason> = new Map([
  ["NoEmail", "address-unknown"],
  ["Suppressed", "suppressed"],
  ["OnAccountSuppressionList", "suppressed"],
  ["MailboxFull", "mailbox-full"],
  ["MessageTooLarge", "too-large"],
  ["ContentRejected", "policy"],
  ["AttachmentRejected", "policy"],
]);
const DELAYS: ReadonlyMap<string, string> = new Map([
  ["MailboxFull", "mailbox full"],
  ["SpamDetected", "spam detected"],
  ["RecipientServerError", "server error"],
  ["IPFailure", "blocked"],
  ["TransientCommunicationFailure", "connection timed out"],
  ["BYOIPHostNameLookupUnavailable", "host lookup failed"],
]);

function bounced(bounce: Json): ReportedRecipient[] {
  const subType = textIn(bounce, "bounceSubType");
  return objectsIn(bounce, "bouncedRecipients").flatMap((one) => {
    const said = saidOf(one);
    // Without a word of another server a passing trouble is the answer of somebody who is away.
    if (textIn(bounce, "bounceType") === "Transient" && subType === "General" && said.words === "" && said.status === "") return [];
    const reason = failureReason({ status: said.status, words: said.words, around: [] });
    const sub = SUB_TYPES.get(subType);
    return reported(textIn(one, "emailAddress"), "failed", {
      ...said,
      reason: sub !== undefined && (reason === "unknown" || sub === "suppressed") ? sub : reason,
    });
  });
}

function saidOf(recipient: Json): { status: string; words: string } {
  const words = cleanLine(textIn(recipient, "diagnosticCode").replace(/^\s*smtp;\s*/iu, "")).slice(0, 1000);
  const status = /^[245]\.\d{1,3}\.\d{1,3}$/u.exec(textIn(recipient, "status"))?.[0] ?? "";
  return { status, words };
}

function reported(
  written: string,
  action: DeliveryAction,
  {
    status = "",
    words,
    around = "",
    reason,
    retryUntil = null,
  }: { status?: string; words: string; around?: string; reason?: DeliveryReason; retryUntil?: number | null },
): ReportedRecipient[] {
  const address = parseAddresses(written)[0]?.address ?? "";
  if (!address.includes("@")) return [];
  const line = cleanLine(words).slice(0, 1000);
  const why = action === "delivered" ? null : (reason ?? failureReason({ status, words: line, around: [around] }));
  return [{ address, finalAddress: "", action, reason: why, status, words: line, host: "", retryUntil }];
}

function originalOf(mail: Json): ReportedOriginal {
  const common = objectIn(mail, "commonHeaders");
  const header = objectsIn(mail, "headers").find((one) => textIn(one, "name").toLowerCase() === "message-id");
  // SES gives each message an id of its own, of its region.
  const region = /^arn:aws[^:]*:ses:([a-z0-9-]+):/u.exec(textIn(mail, "sourceArn"))?.[1] ?? "us-east-1";
  const given = textIn(mail, "messageId");
  const ids = [
    ...parseMessageIds(textIn(common, "messageId")),
    ...(header === undefined ? [] : parseMessageIds(textIn(header, "value"))),
    ...(/^[\w-]{10,120}$/u.test(given) ? [`${given}@${region === "us-east-1" ? "email" : region}.amazonses.com`] : []),
  ];
  const to = textsIn(mail, "destination").flatMap((one) => parseAddresses(one).map(({ address }) => address.toLowerCase()));
  return {
    messageIds: [...new Set(ids)].slice(0, 10),
    envelopeId: "",
    subject: cleanLine(textIn(common, "subject")),
    to: [...new Set(to)].slice(0, 100),
    sentAt: momentIn(mail, "timestamp"),
  };
}

/** The object at the beginning of a text, whatever follows it; empty when there is none. */
function parseObject(text: string): Json {
  try {
    return asObject(JSON.parse(text.slice(0, text.lastIndexOf("}") + 1)));
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

function asObject(value: unknown): Json {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

function objectIn(from: Json, name: string): Json {
  return asObject(from[name]);
}

function textIn(from: Json, name: string): string {
  const value = from[name];
  return typeof value === "string" ? value : "";
}

function listIn(from: Json, name: string): readonly unknown[] {
  const value = from[name];
  return Array.isArray(value) ? value : [];
}

function objectsIn(from: Json, name: string): Json[] {
  return listIn(from, name).map(asObject);
}

function textsIn(from: Json, name: string): string[] {
  return listIn(from, name).filter((one) => typeof one === "string");
}

function momentIn(from: Json, name: string): number | null {
  const at = Date.parse(textIn(from, name));
  return Number.isNaN(at) ? null : at;
}
