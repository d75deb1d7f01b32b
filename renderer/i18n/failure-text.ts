import i18next from "i18next";
import { type Explainable, explain } from "../../shared/answers/table.ts";

/**
 * The failure's sentence in the window's language: that of the known answer, else that of its code. The same wherever it shows. The
 * server's words are not in it.
 */
export function failureText(failure: Explainable): string {
  const answer = explain(failure);
  return i18next.t(answer === null ? `failure:${failure.code}` : `answers:${answer.id}`, { ...failure.params });
}

/** Of a known answer: its cause, and what to do about it. Null where nothing more than the code is known. */
export function knownText(failure: Explainable): { head: string; text: string } | null {
  const answer = explain(failure);
  if (answer === null) return null;
  const whole: string = i18next.t(`answers:${answer.id}`, { ...failure.params });
  // Host names and codes have full stops of their own, but no blank behind them.
  const [, head = whole, text = ""] = /^(.+?(?:。|\.(?=\s)))\s*(.+)$/su.exec(whole) ?? [];
  return { head, text };
}

/** Why one recipient's message did not go: the sentence names that one. */
export function reasonText(failure: Explainable, address: string): string {
  return failureText({ ...failure, params: { address, ...failure.params } });
}
