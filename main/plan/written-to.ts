import type { Address } from "../../shared/address.ts";

type Original = {
  readonly from: readonly Address[];
  readonly to: readonly Address[];
  readonly cc: readonly Address[];
  /** Where it was delivered, as servers wrote above it (Delivered-To, X-Original-To): bare addresses, the last server's first. */
  readonly delivered: readonly string[];
};

/**
 * The identity that a message was written to, under which it is answered: one that stands in To or Cc; else the one it was delivered to, as with
 * a blind copy or a mailing list; else one of these with a tag behind a plus (RFC 5233); for one's own message, the one that it was from.
 */
export function writtenTo<Own extends { readonly address: string }>(original: Original, own: readonly Own[]): Own | undefined {
  const named = [...original.to, ...original.cc].map(({ address }) => key(address));
  const all = [...named, ...original.delivered.map(key)];
  const find = (wanted: readonly string[]): Own | undefined =>
    wanted.map((address) => own.find((one) => key(one.address) === address)).find((one) => one !== undefined);
  return find(all) ?? find(all.map(withoutTag)) ?? find(original.from.map(({ address }) => key(address)));
}

const key = (address: string): string => address.trim().toLowerCase();

/** lin+shop@example.org → lin@example.org */
function withoutTag(address: string): string {
  return address.replace(/^([^+@]+)\+[^@]*(@[^@]*)$/u, "$1$2");
}
