import type { ReplyReason } from "../../shared/reply-reason.ts";

/** A reply of 4xx or 5xx, as far as its meaning goes. `words` may begin with the code. */
export type Refusal = { readonly code: number; readonly enhanced: string | null; readonly words: string };

type Rule = readonly [ReplyReason, RegExp];

/**
 * What is said of the sender as a whole stands first: providers say it with any code (Gmail 550 5.4.5, Microsoft 554 5.2.0, Tencent 550,
 * NetEase 421 and 451), and taken for a fault of the message or its reader it would be wrong for all that follows.
 */
const OF_SENDER: readonly Rule[] = [
  [
    "locked-out",
    /outboundspam|bad outbound sender|5\.1\.8\b|5\.7\.50[1-9]\b|(?:account|sender|user|mailbox).{0,30}(?:\blocked|suspended|disabled|blocked|banned)|too (?:many|much) (?:failed |bad )?(?:logins?|fail|auth|log-?in)|(?:账号|帐号|账户|邮箱).{0,10}(?:锁定|冻结|封禁|停用)/iu,
  ],
  [
    "day-limit",
    /dail(?:y|ies).{0,40}(?:limit|quota|exceed)|(?:limit|quota).{0,30}(?:per|a|24.?h\w*) ?day|submissionquotaexceeded|recipientratelimit|sending (?:quota|limit)|messages? (?:quota|limit) (?:is |was )?(?:exceeded|reached)|24.?hours?.{0,30}(?:limit|quota)|bandwidth.{0,20}(?:limit|quota|exceed)|发信.{0,10}(?:超过|超出|达到).{0,8}(?:限制|上限)|(?:今[日天]|[当每][日天]).{0,12}(?:发送|发信|发件).{0,12}(?:超过|超出|达到|上限|限制)/iu,
  ],
  ["connection-full", /messages? (?:per|in (?:this|one|a)) (?:connection|session)|MI:DMC|RP:DRC/iu],
  ["too-many-connections", /concurrent|too many (?:\w+ )?(?:connections|sessions)|sender thread limit|HL:ICC/iu],
  ["recipient-busy", /receiving mail (?:too quickly|at a rate)/iu],
  [
    "rate",
    /frequency limit|rate.?limit|limit.{0,20}(?:per|an?) (?:minute|hour)|too (?:many|much) (?:messages|mails?|e-?mails)|too (?:fast|quickly|frequent)|slow(?:ing)? down|throttl|exceeded.{0,30}\brate\b|unusual rate|HL:IFC|MI:SFQ|频率|过于频繁/iu,
  ],
];

const GREYLISTED = /gr[ea]y-?list/iu;
const NO_SUCH_ADDRESS =
  /(?:user|recipient|mailbox|address|account)\b.{0,40}(?:unknown|not (?:found|exist|valid)|does ?n.?t exist|no longer|invalid|unavailable)|(?:no such|unknown|invalid) (?:user|recipient|mailbox|address|local|person)|nobody|用户不存在|收件人不存在/iu;
const MAILBOX_FULL = /over ?quota|(?:mailbox|inbox|storage).{0,20}full|quota exceeded|exceeded.{0,20}(?:quota|storage)|容量满|邮箱已满/iu;

/** What the second and third number of an enhanced code say of the recipient or the message (RFC 3463 §3.2–3.8). */
const BY_SUBJECT: Readonly<Record<string, ReplyReason>> = {
  "1.0": "no-such-address",
  "1.1": "no-such-address",
  "1.2": "no-such-domain",
  "1.3": "no-such-address",
  "1.6": "no-such-address",
  "1.10": "no-such-domain",
  "2.1": "no-such-address",
  "2.2": "mailbox-full",
  "2.3": "too-large",
  "3.1": "busy",
  "3.2": "busy",
  "3.4": "too-large",
  "4.4": "no-such-domain",
  "4.5": "busy",
  "5.3": "too-many-recipients",
  "7.8": "sign-in",
  "7.9": "sign-in",
};

/** Reads a refusal. @param command the SMTP command it answers: `RCPT TO`, `MAIL FROM`, `DATA`... */
export function reasonOf({ code, enhanced, words }: Refusal, command: string): ReplyReason {
  if (GREYLISTED.test(words)) return "greylisted";
  // Of the recipient's own mailbox (4.2.1: "disabled, not accepting messages") the sender's account knows nothing.
  const subject = enhanced?.slice(2) ?? null;
  const ofRecipient = command === "RCPT TO" && subject !== null && /^(?:1\.[1236]|1\.10|2\.[12])$/u.test(subject);
  if (!ofRecipient || /frequency|rate|quickly/iu.test(words))
    for (const [reason, pattern] of OF_SENDER) if (pattern.test(words)) return reason;
  // 432 4.3.2 is Microsoft's "concurrent connections limit exceeded".
  if (code === 432) return "too-many-connections";
  if (code === 421) return "busy";
  if (code === 530 || code === 534 || code === 535) return "sign-in";
  const known = subject === null ? undefined : BY_SUBJECT[subject];
  // x.2.1 for a while is a mailbox that takes nothing just now.
  if (known !== undefined) return subject === "2.1" && code < 500 ? "recipient-busy" : known;
  if (command === "RCPT TO") {
    // RFC 5321 §4.5.3.1.10: 452, and 552 of old, say that one message has too many recipients.
    if ((code === 452 || code === 552) && (subject === null || subject.startsWith("5.")) && /recipient/iu.test(words))
      return "too-many-recipients";
    if (MAILBOX_FULL.test(words)) return "mailbox-full";
    if (code >= 500 && NO_SUCH_ADDRESS.test(words)) return "no-such-address";
  }
  if (MAILBOX_FULL.test(words)) return "mailbox-full";
  if (code === 552) return "too-large";
  if (subject?.startsWith("7.") === true) return "policy";
  return code < 500 && subject?.startsWith("3.") === true ? "busy" : "other";
}

/** About the sender's standing with the server: everything else that waits for it would hear the same. */
const ABOUT_SENDER: ReadonlySet<ReplyReason> = new Set<ReplyReason>(["day-limit", "locked-out", "rate", "too-many-connections"]);

export function isAboutSender(reason: ReplyReason): boolean {
  return ABOUT_SENDER.has(reason);
}

/**
 * Whether trying again later cannot help. The first digit says so (RFC 5321 §4.2.1), but for limits of the sender, which pass whatever digit
 * they are said with; for too many recipients at a time (552 at RCPT counts as 452); and for 503, which says that the dialogue went wrong.
 */
export function isFinal(reply: Refusal, command: string): boolean {
  if (reply.code < 500 || reply.code === 503) return false;
  const reason = reasonOf(reply, command);
  return !isAboutSender(reason) && reason !== "connection-full" && !(reason === "too-many-recipients" && command === "RCPT TO");
}

/** The reason in words that were kept with a recipient: code, perhaps enhanced code, text. Null when they are no refusal. */
export function reasonInWords(words: string, command = "RCPT TO"): ReplyReason | null {
  const found = /^([45]\d\d)[ -]?\s*(?:([45]\.\d{1,3}\.\d{1,3})(?=\s|$))?/u.exec(words);
  if (found === null) return null;
  const enhanced = found[2]?.startsWith(found[1]?.slice(0, 1) ?? "") ? found[2] : null;
  return reasonOf({ code: Number(found[1]), enhanced: enhanced ?? null, words }, command);
}
