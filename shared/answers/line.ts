import type { KnownAnswer } from "./answer.ts";

/** What happens before a server has said a word: names, lines, networks. */
export const LINE = [
  { id: "dns-servfail", codes: ["host-not-found"], facts: { system: /SERVFAIL|REFUSED$/iu }, mend: "try-again" },
  { id: "dns-silent", codes: ["host-not-found", "timed-out"], facts: { system: /^EAI_AGAIN$|^ETIMEOUT$/iu }, mend: "try-again" },
  { id: "dns-no-address", codes: ["host-not-found"], facts: { system: /ENODATA|EAI_NODATA/iu }, mend: "change-servers" },
  { id: "dns-unknown", codes: ["host-not-found"], facts: { system: /^ENOTFOUND$/iu }, mend: "change-servers" },
  {
    id: "dns-sinkhole",
    codes: ["connection-refused", "timed-out", "not-a-mail-server"],
    facts: { address: /^own$/iu },
    mend: "network-sign-in",
  },
  {
    id: "ipv6-only-here",
    codes: ["network-unreachable", "timed-out", "connection-refused"],
    facts: { family: /^6$/iu },
    mend: "try-again",
  },
  {
    id: "ipv6-broken",
    codes: ["timed-out", "connection-refused", "network-unreachable"],
    facts: { family: /^6-broken$/iu },
    mend: "try-again",
  },
  { id: "port-25-blocked", codes: ["timed-out", "connection-refused"], facts: { port: /^25$/iu }, mend: "find-way" },
  { id: "port-465-blocked", codes: ["timed-out"], facts: { port: /^465$/iu }, mend: "find-way" },
  { id: "port-587-blocked", codes: ["timed-out"], facts: { port: /^587$/iu }, mend: "find-way" },
  { id: "port-mail-blocked", codes: ["timed-out"], facts: { port: /^(?:993|995|143|110)$/iu }, mend: "find-way" },
  { id: "port-465-closed", codes: ["connection-refused"], facts: { port: /^465$/iu }, mend: "find-way" },
  { id: "port-587-closed", codes: ["connection-refused"], facts: { port: /^587$/iu }, mend: "find-way" },
  { id: "port-tls-closed", codes: ["connection-refused"], facts: { port: /^(?:993|995|143|110)$/iu }, mend: "find-way" },
  { id: "bridge-not-running", codes: ["connection-refused"], host: /^(?:127\.|localhost$|::1$)/iu, mend: "try-again" },
  { id: "network-sign-in", codes: ["captive-portal"], mend: "network-sign-in" },
  { id: "web-server-answers", codes: ["not-a-mail-server", "bad-reply"], says: /^HTTP\/|<html|<!doctype/iu, mend: "network-sign-in" },
  { id: "ssh-answers", codes: ["not-a-mail-server", "bad-reply"], says: /^SSH-\d/iu, mend: "change-servers" },
  { id: "ftp-answers", codes: ["not-a-mail-server", "bad-reply"], says: /^220.{0,40}ftp/iu, mend: "change-servers" },
  { id: "smtp-answers-imap", codes: ["not-a-mail-server", "bad-reply"], says: /^220[ -]/iu, mend: "change-servers" },
  { id: "imap-answers-smtp", codes: ["not-a-mail-server", "bad-reply"], says: /^\* (?:OK|PREAUTH)/iu, mend: "change-servers" },
  { id: "pop3-answers-imap", codes: ["not-a-mail-server", "bad-reply"], says: /^\+OK/iu, mend: "change-servers" },
  { id: "server-turns-away", codes: ["line-closed"], facts: { at: /^greeting$/iu }, mend: "try-again" },
  { id: "tls-cut", codes: ["line-closed"], facts: { at: /^tls$/iu }, mend: "try-again" },
] as const satisfies readonly KnownAnswer[];
