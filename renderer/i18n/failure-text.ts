import i18next from "i18next";
import type { FailureData } from "../../shared/failure.ts";

/** The failure's sentence in the window's language. The server's words are not in it. */
export function failureText(failure: FailureData): string {
  return i18next.t(`failure:${failure.code}`, { ...failure.params });
}

/** Why one recipient's message did not go: the sentence names that one. */
export function reasonText(failure: FailureData, address: string): string {
  return failureText({ ...failure, params: { address, ...failure.params } });
}
