import i18next from "i18next";
import { type Explainable, explain } from "../../shared/answers/table.ts";
import { formatSize } from "./format.ts";

/** What fills blanks that the failure itself leaves: of whom or what the place that shows it speaks. */
export type Blanks = Readonly<Record<string, string | number>>;

/**
 * The failure's sentence in the window's language: that of the known answer, else that of its code. The same wherever it shows. The
 * server's words are not in it.
 */
export function failureText(failure: Explainable, blanks: Blanks = {}): string {
  const { limitBytes } = failure.params;
  const params = { ...blanks, ...failure.params, ...(typeof limitBytes === "number" && { limit: formatSize(limitBytes) }) };
  const answer = explain({ ...failure, params });
  return i18next.t(answer === null ? `failure:${failure.code}` : `answers:${answer.id}`, params);
}

/** The same for places that put the cause in bold and what to do about it beneath. */
export function failureParts(failure: Explainable, blanks: Blanks = {}): { head: string; text: string } {
  const whole = failureText(failure, blanks);
  // Host names and codes have full stops of their own, but no blank behind them.
  const [, head = whole, text = ""] = /^(.+?(?:。|\.(?=\s)))\s*(.+)$/su.exec(whole) ?? [];
  return { head, text };
}

/** Why one recipient's message did not go: the sentence names that one. */
export function reasonText(failure: Explainable, address: string): string {
  return failureText(failure, { address });
}
