import type { TFunction } from "i18next";
import type { Address } from "../../../shared/address.ts";
import type { OutboxItem } from "../../../shared/contract/outbox.ts";

/** `in 4 min`, `now`: how long until a moment, as coarse as it matters. */
export function untilText(at: number, now: number, t: TFunction<"outbox">): string {
  const seconds = Math.round((at - now) / 1000);
  if (seconds <= 0) return t("when.soon");
  if (seconds < 60) return t("when.inSeconds", { count: seconds });
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? t("when.inMinutes", { count: minutes }) : t("when.inHours", { count: Math.round(minutes / 60) });
}

/** `to Mira Okafor and 3 others, cc Ken`. */
export function peopleLine(item: OutboxItem, t: TFunction<"outbox">): string {
  const everyone = [...item.to, ...item.bcc];
  const to = everyone.length === 0 ? t("nobody") : someOf(everyone, t);
  return item.cc.length === 0 ? t("to", { people: to }) : t("toCc", { people: to, cc: someOf(item.cc, t) });
}

function someOf(people: readonly Address[], t: TFunction<"outbox">): string {
  const names = people.map((person) => person.name || person.address);
  if (names.length <= 2) return names.join(t("mail:comma"));
  return t("toMany", { people: names[0] ?? "", count: names.length - 1 });
}
