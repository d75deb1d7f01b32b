import type { KnownAnswer } from "./answer.ts";

/** Sign-ins at any server: Dovecot, Exim, Postfix, Zimbra, Exchange, and the response codes of RFC 5530, 3206 and 2449. */
export const SIGN_IN = [
  {
    id: "password-change-due",
    says: /(?:must|need to|should) change (?:your )?password|password (?:has )?expired|^\[EXPIRED\]/iu,
    mend: "enter-password",
  },
  {
    id: "account-locked-in",
    codes: ["wrong-password", "sending-locked", "refused-by-server", "no-permission"],
    says: /account (?:is )?(?:locked?(?: ?out)?|lockout)|locked out|account has been (?:locked|suspended)|mailbox (?:is )?(?:locked out|suspended)/iu,
    mend: "tell-admin",
  },
  {
    id: "account-disabled-in",
    codes: ["wrong-password", "refused-by-server", "no-permission"],
    says: /(?:account|user|mailbox) (?:is |has been )?(?:disabled|inactive|deactivated|closed)\b/iu,
    mend: "tell-admin",
  },
  { id: "authorization-failed", says: /^\[AUTHORIZATIONFAILED\]/iu, mend: "change-servers" },
  { id: "contact-admin", says: /^\[CONTACTADMIN\]/iu, mend: "tell-admin" },
  {
    id: "privacy-required",
    says: /^\[PRIVACYREQUIRED\]|plaintext authentication (?:is )?(?:disallowed|disabled)|must issue a starttls|encryption required for requested auth|\b5\.7\.11\b/iu,
    mend: "find-way",
  },
  {
    id: "sign-in-out-of-order",
    says: /^\[UNAVAILABLE\]|temporary authentication failure|cannot authenticate due to temporary|authentication (?:service|server|backend).{0,30}(?:unavailable|down|fail)|454 4\.7\.0/iu,
    mend: "try-again",
  },
  { id: "server-bug", says: /^\[SERVERBUG\]|internal error occurred/iu, mend: "tell-admin" },
  {
    id: "connections-of-user",
    says: /maximum number of connections|too many (?:concurrent |open )?(?:smtp |imap )?(?:connections|sessions)|^\[LIMIT\].*(?:connection|session)/iu,
    mend: "try-again",
  },
  {
    id: "pop3-in-use",
    codes: ["mailbox-in-use"],
    says: /^\[IN-USE\]|another pop session|mail ?(?:box|drop) (?:is )?(?:already )?(?:locked|in use)|unable to lock/iu,
    mend: "try-again",
  },
  { id: "pop3-login-delay", says: /^\[LOGIN-DELAY\]|minimum interval between logins/iu, mend: "try-again" },
  { id: "pop3-sys-temp", says: /^\[SYS\/TEMP\]/iu, mend: "try-again" },
  { id: "pop3-sys-perm", says: /^\[SYS\/PERM\]/iu, mend: "tell-admin" },
  { id: "folder-in-use", says: /^\[INUSE\]/iu, mend: "try-again" },
  { id: "folder-corrupt", says: /^\[CORRUPTION\]/iu, mend: "tell-admin" },
  { id: "mailbox-quota", codes: ["over-quota"], says: /^\[OVERQUOTA\]|quota exceeded \(mailbox/iu, mend: "make-room" },
  { id: "folder-no-right", codes: ["no-permission", "refused-by-server"], says: /^\[NOPERM\]|permission denied/iu, mend: "tell-admin" },
  { id: "folder-exists", says: /^\[ALREADYEXISTS\]/iu, mend: "try-again" },
  { id: "alert-from-server", says: /^\[ALERT\]/iu, mend: "tell-admin" },
  {
    id: "exchange-busy",
    says: /server unavailable\. ?\d+|mailbox (?:database|store) (?:is )?(?:temporarily )?(?:offline|unavailable)/iu,
    mend: "try-again",
  },
  { id: "exchange-state", says: /command received in invalid state/iu, mend: "try-again" },
  {
    id: "exim-credentials",
    codes: ["wrong-password"],
    says: /incorrect authentication data|authentication failure$|authentication credentials invalid/iu,
    mend: "enter-password",
  },
  {
    id: "user-unknown-in",
    codes: ["wrong-password"],
    says: /(?:unknown|no such|invalid) user(?:name)?\b(?! or pass)|user (?:unknown|not found|does ?n.t exist)/iu,
    mend: "change-servers",
  },
  {
    id: "auth-not-offered",
    says: /authentication not enabled|auth(?:entication)? (?:command )?not (?:available|supported|advertised)|503 AUTH command used when not advertised/iu,
    mend: "find-way",
  },
  {
    id: "auth-required",
    says: /^530(?! 5\.7\.10)\b|authentication (?:is )?required|must be authenticated|need EHLO and AUTH first|\b5\.7\.0 authentication/iu,
    mend: "enter-password",
  },
  {
    id: "mechanism-weak",
    says: /unrecogni[sz]ed authentication type|\b5\.7\.4\b.{0,30}auth|mechanism (?:not|is not) supported/iu,
    mend: "tell-admin",
  },
  {
    id: "too-many-failures",
    says: /too many (?:errors|failed|bad|invalid|login|auth)|temporarily blocked|blocked due to.{0,30}(?:login|auth)/iu,
    mend: "try-again",
  },
] as const satisfies readonly KnownAnswer[];
