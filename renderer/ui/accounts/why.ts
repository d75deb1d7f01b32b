import i18next from "i18next";
import type { FailureData } from "../../../shared/failure.ts";
import { knownText } from "../../i18n/failure-text.ts";

/** A failure of signing in or connecting, in two sentences for somebody who sets an account up. */
export function whyText(failure: FailureData, blanks: Readonly<Record<string, string | number>> = {}): { head: string; text: string } {
  const params = { ...blanks, ...failure.params };
  const known = knownText({ ...failure, params });
  if (known !== null) return known;
  const code = i18next.exists(`why:${failure.code}.head`) ? failure.code : "other";
  return { head: i18next.t(`why:${code}.head`, params), text: i18next.t(`why:${code}.text`, params) };
}
