import type { ReactNode } from "react";
import type { Address } from "../../../shared/address.ts";
import { langOf } from "../../i18n/lang-of.ts";

/** A person's initials on a colour that stays with the address. */
export function Avatar({ of, small = false, letters = 2 }: { of: Address; small?: boolean; letters?: 1 | 2 }): ReactNode {
  const shown = letters === 1 ? ([...initials(of)][0] ?? "") : initials(of);
  return (
    <span className={`avatar c${colour(of.address || of.name)}${small ? " small" : ""}`} aria-hidden="true" lang={langOf(shown)}>
      {shown}
    </span>
  );
}

const CJK = /\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}/u;

function initials({ name, address }: Address): string {
  const words = (name || address)
    .trim()
    .split(/[\s.,_@·-]+/u)
    .filter((word) => /[\p{L}\p{N}]/u.test(word));
  const first = words[0]?.match(/[\p{L}\p{N}]/u)?.[0] ?? "?";
  if (CJK.test(first) || name === "") return first.toUpperCase();
  const last = words.length > 1 ? (words.at(-1)?.match(/[\p{L}\p{N}]/u)?.[0] ?? "") : "";
  return (first + last).toUpperCase();
}

function colour(key: string): number {
  let sum = 0;
  for (const unit of key.toLowerCase()) sum = (sum * 31 + (unit.codePointAt(0) ?? 0)) % 9973;
  return (sum % 6) + 1;
}
