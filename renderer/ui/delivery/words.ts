import i18next from "i18next";
import type { Outcome } from "../../../shared/contract/delivery.ts";

export function nameOf({ name, address }: Pick<Outcome, "name" | "address">): string {
  return name || address;
}

/** Red: it did not arrive; amber: it waits; green: proven good. The rest is grey. */
export function toneOf(state: Outcome["state"]): "bad" | "warn" | "ok" | "" {
  if (state === "failed") return "bad";
  if (state === "delayed") return "warn";
  return state === "delivered" || state === "read" ? "ok" : "";
}

/** One after the other: Chinese sentences follow each other without a blank. */
export function sentences(...parts: readonly string[]): string {
  return parts.filter((part) => part !== "").join(i18next.language === "zh-CN" ? "" : " ");
}

/** What the user can mend by writing the address differently. */
export function canCorrect({ reason }: Outcome): boolean {
  return reason !== null && CORRECTABLE.has(reason);
}

const CORRECTABLE = new Set<NonNullable<Outcome["reason"]>>([
  "address-unknown",
  "domain-unknown",
  "no-mail",
  "moved",
  "mailbox-closed",
  "relaying",
  "format",
  "suppressed",
  "unreachable",
  "unknown",
]);
