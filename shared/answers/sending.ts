import type { KnownAnswer } from "./answer.ts";

/** What any server may say of a message, its sender or a recipient (RFC 5321, RFC 3463 and the words of Postfix, Exim, Exchange). */
export const SENDING = [
  { id: "greylisting", says: /gr[ea]y-?list/iu, mend: "try-again" },
  {
    id: "blocklist",
    says: /spamhaus|spamcop|barracuda|sorbs|\brbl\b|dnsbl|block ?list|black ?list|blocked using|\[BL\d\d\]|client host .{0,40}(?:blocked|rejected: listed)/iu,
    mend: "tell-admin",
  },
  {
    id: "spf-refused",
    says: /\b5\.7\.(?:23|24)\b|\bspf\b.{0,40}(?:fail|violat|reject|check|not)|sender policy framework/iu,
    mend: "tell-admin",
  },
  { id: "dmarc-refused", says: /dmarc|unauthenticated email/iu, mend: "tell-admin" },
  { id: "dkim-refused", says: /\b5\.7\.2[0-2]\b|dkim/iu, mend: "tell-admin" },
  { id: "reverse-name", says: /cannot find your (?:reverse )?hostname|reverse dns|\b[45]\.7\.25\b|no ptr/iu, mend: "tell-admin" },
  { id: "helo-refused", says: /helo command rejected|invalid helo|bad helo|MI:NHD/iu, mend: "tell-admin" },
  {
    id: "relay-denied",
    says: /relay(?:ing)? (?:access )?(?:denied|not permitted|not allowed|prohibited)|not permitted to relay|mail relay denied|authentication is required for relay/iu,
    mend: "change-servers",
  },
  {
    id: "sender-not-yours",
    says: /not owned by (?:auth )?user|sender address rejected: not (?:owned|logged)|not allowed to send (?:as|from)|sender address is not allowed|sender (?:does not|doesn.t) match|5\.7\.1 sender mismatch|unauthori[sz]ed sender/iu,
    mend: "edit-message",
  },
  {
    id: "sender-domain",
    says: /sender address rejected: domain not found|domain of sender address.{0,40}(?:does not|not) (?:resolve|exist)|\b5\.1\.8\b|sender verify failed|sender domain must (?:exist|resolve)/iu,
    mend: "edit-message",
  },
  {
    id: "recipient-unknown",
    // What begins with these is said of a folder (RFC 5530 §3, RFC 3501 §7.1).
    says: /^(?!\[(?:NONEXISTENT|TRYCREATE)\]).*(?:\b5\.1\.1\b|user unknown|no such (?:user|recipient|mailbox|person)|mailbox not found|unknown (?:user|recipient|local)|recipient (?:unknown|not found)|invalid (?:user|recipient|mailbox)|does not exist)/isu,
    mend: "edit-message",
  },
  { id: "recipient-moved", says: /\b5\.1\.6\b|user (?:has moved|not local; please try)/iu, mend: "edit-message" },
  {
    id: "recipient-domain",
    says: /\b5\.1\.(?:2|10)\b|recipient address rejected: domain not found|host or domain name not found|no mx|null mx|unrouteable address|domain.{0,20}does(?:n.t| not) (?:exist|accept mail)|\b5\.4\.4\b/iu,
    mend: "edit-message",
  },
  {
    id: "recipient-disabled",
    says: /\b5\.2\.1\b|mailbox (?:is )?(?:disabled|inactive|unavailable)|account (?:is )?(?:disabled|inactive|suspended)|that you tried to reach is (?:disabled|inactive)/iu,
    mend: "edit-message",
  },
  {
    id: "recipient-syntax",
    says: /\b5\.1\.3\b|bad (?:recipient )?address syntax|malformed address|syntax error in.{0,20}address/iu,
    mend: "edit-message",
  },
  { id: "address-not-ascii", says: /smtputf8|\b5\.6\.7\b|non-ascii addresses/iu, mend: "edit-message" },
  { id: "recipient-busy", says: /receiving mail (?:too quickly|at a rate)|\b4\.2\.1\b/iu, mend: "try-again" },
  {
    id: "recipient-full",
    says: /\b[45]\.2\.2\b|over ?quota|(?:mailbox|inbox|storage|user).{0,20}full|exceeded.{0,20}(?:quota|storage)|out of storage|容量满|邮箱已满/iu,
    mend: "try-again",
  },
  { id: "recipients-too-many", says: /too many recipients|too much recipient|\b5\.5\.3\b/iu, mend: "edit-message" },
  {
    id: "size-limit",
    says: /\b5\.3\.4\b|\b5\.2\.3\b|message (?:size|too (?:big|large))|exceed(?:s|ed)?.{0,30}(?:size|mailsize)|too large/iu,
    mend: "edit-message",
  },
  { id: "virus-found", says: /\bvirus|malware|infected|eicar/iu, mend: "edit-message" },
  {
    id: "attachment-kind",
    says: /attachment.{0,40}(?:not allowed|blocked|forbidden|rejected|prohibited)|(?:file|extension) (?:type )?(?:is )?not allowed/iu,
    mend: "edit-message",
  },
  { id: "spam-refused", says: /\bspam\b|unsolicited|bulk mail|content (?:rejected|denied|filter)|垃圾邮件/iu, mend: "edit-message" },
  {
    id: "tls-wanted",
    says: /\b5\.7\.10\b|encryption needed|tls (?:is )?required|starttls (?:is )?required|sent over an? (?:encrypted|tls) connection/iu,
    mend: "find-way",
  },
  { id: "server-disk-full", says: /insufficient (?:system )?(?:storage|disk)|\b4\.3\.1\b/iu, mend: "try-again" },
  { id: "server-misconfigured", says: /\b[45]\.3\.5\b|configuration error|mail loop|\b5\.4\.6\b/iu, mend: "tell-admin" },
  {
    id: "server-busy",
    says: /^421\b|service not available|\b4\.3\.2\b|temporar(?:y|ily) (?:local problem|unavailable|deferred|rejected)|try again later|system (?:is )?(?:too )?busy/iu,
    mend: "try-again",
  },
  { id: "network-of-server", says: /\b[45]\.4\.[1237]\b/iu, mend: "try-again" },
  {
    id: "rate-limit",
    says: /rate.?limit|too (?:many|much) (?:messages|mails?)|too (?:fast|quickly)|throttl|slow down|频率|过于频繁/iu,
    mend: "try-again",
  },
  { id: "policy-refused", says: /\b5\.7\.[01]\b|administrative(?:ly)? prohibit|policy|not authori[sz]ed/iu, mend: "edit-message" },
] as const satisfies readonly KnownAnswer[];
