import type { FailureCode, FailureData } from "../failure.ts";
import type { KnownAnswer, Mend } from "./answer.ts";
import { CHINA } from "./china.ts";
import { GOOGLE } from "./google.ts";
import { LINE } from "./line.ts";
import { MICROSOFT } from "./microsoft.ts";
import { PROVIDERS } from "./providers.ts";
import { SENDING } from "./sending.ts";
import { SIGN_IN } from "./sign-in.ts";
import { TLS } from "./tls.ts";

/** In the order in which they are tried: what only one provider says before what anybody may say. */
const TABLE = [...TLS, ...LINE, ...CHINA, ...GOOGLE, ...MICROSOFT, ...PROVIDERS, ...SIGN_IN, ...SENDING] as const;
export type AnswerId = (typeof TABLE)[number]["id"];
export const KNOWN_ANSWERS: readonly (KnownAnswer & { readonly id: AnswerId })[] = TABLE;

/** As much of a failure as its explanation rests on. */
export type Explainable = Pick<FailureData, "code" | "params"> & { readonly serverWords?: string | undefined };

function fits({ codes, host, facts, says }: KnownAnswer, failure: Explainable): boolean {
  if (codes !== undefined && !codes.includes(failure.code)) return false;
  if (host !== undefined && !host.test(String(failure.params["host"] ?? ""))) return false;
  if (says !== undefined && !says.test(failure.serverWords ?? "")) return false;
  return Object.entries(facts ?? {}).every(([name, pattern]) => pattern.test(String(failure.params[name] ?? "")));
}

/** What is known of this very answer, or null: then the sentence of its code says what can be said. */
export function explain(failure: Explainable): (KnownAnswer & { readonly id: AnswerId }) | null {
  return KNOWN_ANSWERS.find((answer) => fits(answer, failure)) ?? null;
}

const MEND_OF: Partial<Record<FailureCode, Mend>> = {
  "vault-locked": "unlock",
  "wrong-passphrase": "unlock",
  "vault-unavailable": "try-again",
  "wrong-password": "enter-password",
  "no-credential": "enter-password",
  "needs-app-password": "enter-app-password",
  "needs-authorization-code": "enter-code",
  "browser-sign-in-needed": "sign-in",
  "token-expired": "sign-in",
  "sign-in-revoked": "sign-in",
  "sign-in-denied": "sign-in",
  "sign-in-refused": "sign-in",
  "sign-in-account": "sign-in",
  "sign-in-client": "sign-in",
  "sign-in-timed-out": "sign-in",
  "sign-in-no-client": "sign-in",
  "sign-in-forged": "sign-in",
  "sign-in-needs-admin": "tell-admin",
  "sign-in-no-address": "tell-admin",
  "sign-in-policy": "tell-admin",
  "server-unproven": "tell-admin",
  "proxy-unreachable": "change-proxy",
  "proxy-refused": "change-proxy",
  "proxy-sign-in": "change-proxy",
  "host-not-found": "change-servers",
  "not-a-mail-server": "change-servers",
  "connection-refused": "find-way",
  "tls-failed": "find-way",
  "starttls-missing": "find-way",
  "no-secure-login": "find-way",
  "certificate-expired": "look-closer",
  "certificate-not-yet-valid": "set-clock",
  "clock-wrong": "set-clock",
  "certificate-wrong-name": "look-closer",
  "certificate-self-signed": "look-closer",
  "certificate-unknown-issuer": "look-closer",
  "certificate-changed": "look-closer",
  "tls-too-old": "tell-admin",
  "captive-portal": "network-sign-in",
  "timed-out": "try-again",
  "line-closed": "try-again",
  "network-unreachable": "try-again",
  throttled: "try-again",
  "too-many-connections": "try-again",
  "mailbox-in-use": "try-again",
  greylisted: "try-again",
  "server-unavailable": "try-again",
  "sending-limit": "try-again",
  "sending-locked": "try-again",
  "bad-reply": "try-again",
  "imap-switched-off": "look-closer",
  "pop3-switched-off": "look-closer",
  "over-quota": "make-room",
  "recipient-refused": "edit-message",
  "sender-refused": "edit-message",
  "message-too-large": "edit-message",
  "tls-not-promised": "edit-message",
  "no-recipients": "edit-message",
  "bad-address": "edit-message",
  "refused-by-server": "tell-admin",
  "no-permission": "tell-admin",
  "mailbox-limit": "tell-admin",
  "not-supported": "tell-admin",
  "bulk-refused": "tell-admin",
  bug: "show-health",
  "engine-restarted": "show-health",
};

/** What mends a failure, or null where it has a way of its own (a locked vault, a full disk) or none is needed. */
export function mendOf(failure: Explainable): { mend: Mend; page: string | null } | null {
  const answer = explain(failure);
  if (answer !== null) return { mend: answer.mend, page: answer.page ?? null };
  const mend = MEND_OF[failure.code];
  return mend === undefined ? null : { mend, page: null };
}
