import { cleanLine } from "./clean.ts";
import { decodeEncodedWords, unfoldAt } from "./encoded-words.ts";
import { findField } from "./header-fields.ts";
import type { MimePart } from "./mime-tree.ts";

/**
 * `report`: has the parts of RFC 3464; `letter`: a mail system's own words; `doubtful`: perhaps such a letter, if it says so itself;
 * `receipt`: RFC 8098.
 */
export type ReportKind = "report" | "letter" | "doubtful" | "receipt" | "none";

/** Nobody but a mail system writes under these. */
const DAEMON =
  /mailer-?daemon|mail-daemon|mail[ .-]?delivery[ .-]?(?:sub)?system|mail[ -]?deliver(?:y|er)?[ .](?:sub)?system|ndr administrator/iu;
/** People, shops and lists write under these too. */
const SYSTEM =
  /\b(?:post_?master|poostmaster|mail-?deliver\w*|mail-?admin\w*|sysadmin|mail-?system|bounces?|no-?reply|daemon|system)\b[^@\s<>]*(?:@|>|$)|postmaster|mail[ -]?deliver\w*|mail (?:administrator|system|router)|system administrator|mail ?server|content[- ]filter|退信|系统/iu;
/** Subjects of letters about mail that did not arrive, in the languages of the large systems. */
const SUBJECT =
  /undeliver|not delivered|non-?deliver|un-?delivered|(?:mail|message|delivery|e-?mail)\b.{0,30}\b(?:fail|error|problem|reject|bounc|return|delay|warning|block)|fail(?:ure|ed)\b.{0,20}\b(?:notice|deliver|mail|message)|returned (?:mail|message|e-?mail)|return(?:ed)? to sender|failure notice|delivery (?:status )?(?:notification|report|failure)|delivery status|could not (?:be deliver|send|deliver)|error sending|bounce|mail system error|you sent (?:was )?blocked|warning: (?:could|message|your)|退信|退回|投递失败|发送失败|未送达|无法送达|无法投递|未能送达|系统通知|送信|エラー|配信|届け|返送|unzustellbar|nicht zugestellt|zustell|échec|non remis|non distribu|no entregado|no se (?:pudo|puede)|não entregue|falha|mancata consegna|не доставлен|недоставлен|невозможно доставить|onbestelbaar|kunde inte|niedostarcz/iu;
const ABSENT =
  /out of (?:the )?office|auto(?:matic)?[- ]?(?:reply|response|responder)|vacation|away from|abwesen|absence|automatische antwort|自动回复|自動応答|不在/iu;

/** What kind of report a message is, if one. Cheap: looks at headers and part types only. */
export function reportKind(bytes: Buffer, root: MimePart): ReportKind {
  const declared = declaredReport(root);
  const types = topTypes(root);
  if (isReceipt(root, types)) return "receipt";
  if (declared === "feedback-report" || types.has("message/feedback-report")) return "none";
  if (types.has("message/delivery-status") || types.has("message/global-delivery-status")) return "report";
  const value = (name: string) => {
    const field = findField(root.fields, name);
    return field === undefined
      ? ""
      : cleanLine(decodeEncodedWords(unfoldAt(bytes, field.start, Math.min(field.end, field.start + 4096), "")));
  };
  if (declared === "delivery-status" || value("x-failed-recipients") !== "") return "letter";
  if (value("list-id") !== "" || value("list-unsubscribe") !== "") return "none";
  const from = value("from");
  const returnPath = findField(root.fields, "return-path");
  const unanswerable =
    returnPath !== undefined && /^\s*(?:<\s*>|<mailer-daemon>)?\s*$/iu.test(bytes.toString("latin1", returnPath.start, returnPath.end));
  const daemon = DAEMON.test(from);
  const system = SYSTEM.test(from);
  // Nearly all mail: whatever its subject is.
  if (!unanswerable && !daemon && !system && root.type !== "multipart/report") return "none";
  const subject = value("subject");
  const about = SUBJECT.test(subject);
  if (ABSENT.test(subject) && !about) return "none";
  if (daemon || root.type === "multipart/report") return "letter";
  if (about && (unanswerable || (system && !/\b(?:no-?reply|system)\b/iu.test(from)))) return "letter";
  return system ? "doubtful" : "none";
}

function declaredReport(root: MimePart): string {
  return (root.parameters.get("report-type") ?? "").toLowerCase();
}

/** Whether a message says that another one was read (RFC 8098). */
export function isReceipt(root: MimePart, types = topTypes(root)): boolean {
  return (
    declaredReport(root) === "disposition-notification" ||
    types.has("message/disposition-notification") ||
    types.has("message/global-disposition-notification")
  );
}

/** Types of the parts that are not inside a returned message. */
function topTypes(root: MimePart): ReadonlySet<string> {
  const types = new Set<string>();
  const waiting = [root];
  for (let part = waiting.pop(); part !== undefined && types.size < 100; part = waiting.pop()) {
    types.add(part.type);
    if (!part.type.startsWith("message/rfc822") && part.type !== "message/global") waiting.push(...part.children);
  }
  return types;
}

/**
 * Whether the server that took the message in found it forged: its own Authentication-Results stands first (RFC 8601 §5). A report has
 * no return path, so only a failed DMARC says something.
 */
export function isDistrusted(bytes: Buffer, root: MimePart): boolean {
  const field = findField(root.fields, "authentication-results");
  return field !== undefined && /\bdmarc=fail\b/iu.test(bytes.toString("latin1", field.start, Math.min(field.end, field.start + 4096)));
}
