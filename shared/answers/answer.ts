import type { FailureCode } from "../failure.ts";

/** What the window can do about a failure; each has one button (renderer/ui/parts/mend-buttons.tsx). */
export const MENDS = [
  /** Type the password, the app password or the authorization code again. */
  "enter-password",
  "enter-app-password",
  "enter-code",
  /** The provider's own sign-in in the browser. */
  "sign-in",
  /** A page of the provider: what is to be switched on there. */
  "open-page",
  /** Try the other doors of the server: 465 and 587, TLS and STARTTLS. */
  "find-way",
  "change-servers",
  "change-proxy",
  /** It goes on by itself; whoever will not wait asks now. */
  "try-again",
  /** Delete mail on the server. */
  "make-room",
  /** Compare clocks again, once this computer's has been set. */
  "set-clock",
  /** Check the account and see whose certificate was shown. */
  "look-closer",
  /** The page with which a network asks for a sign-in. */
  "network-sign-in",
  "edit-message",
  /** Give the passphrase under which the passwords lie. */
  "unlock",
  /** How Satchel is, with a report for whoever helps. */
  "show-health",
  /** Copy what happened, for whoever runs the server. */
  "tell-admin",
] as const;
export type Mend = (typeof MENDS)[number];

/**
 * One answer whose cause is known. All conditions that it names have to hold; the window's sentence stands in i18n under `answers.ID`.
 *
 * Numbers and words are those of servers as they were seen in 2026. They are matched against a failure as it is stored, so that what
 * failed before an update is explained by the newer table.
 */
export type KnownAnswer = {
  readonly id: string;
  readonly codes?: readonly FailureCode[];
  /** The server's name as it was asked for. */
  readonly host?: RegExp;
  /** The failure's params, or what a check found out besides (main/accounts/). */
  readonly facts?: Readonly<Record<string, RegExp>>;
  /** The server's words, with their response code in brackets or their reply code in front. */
  readonly says?: RegExp;
  readonly mend: Mend;
  /** Where at the provider that is done. https only. */
  readonly page?: string;
};
