/** One look at a server's clock. Both in ms UTC. */
export type ClockHint = { readonly server: number; readonly here: number };

/** More than this fails sign-ins with tokens and lets certificates seem wrong; less is the way of a mail and the patience of a test. */
export const SKEW_MS = 5 * 60_000;

export type ClockState =
  | { readonly kind: "unknown" | "right" }
  /** This computer's clock is `minutes` behind, or ahead. */
  | { readonly kind: "behind" | "ahead"; readonly minutes: number };

const MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";

/** `Thu, 26 Nov 2026 15:00:00 +0000` in the first line of an SMTP server (Exim, Exchange), or an INTERNALDATE: ms UTC, or null without one. */
export function dateInWords(words: string): number | null {
  const found = /\b(\d{1,2})[ -]([A-Z][a-z]{2})[ -](\d{4}) (\d{2}):(\d{2}):(\d{2}) ([+-])(\d{2})(\d{2})\b/u.exec(words);
  if (found === null) return null;
  const [, day, name = "", year, hours, minutes, seconds, sign, zoneHours, zoneMinutes] = found;
  const month = MONTHS.indexOf(name) / 3;
  if (!Number.isInteger(month) || month < 0) return null;
  const local = Date.UTC(Number(year), month, Number(day), Number(hours), Number(minutes), Number(seconds));
  return local - (sign === "-" ? -1 : 1) * (Number(zoneHours) * 60 + Number(zoneMinutes)) * 60_000;
}

/**
 * What several servers say of this computer's clock. Those that differ from each other say nothing: then one of them is wrong, and it need not
 * be this computer.
 */
export function judgeClock(hints: readonly ClockHint[]): ClockState {
  const skews = hints.map(({ server, here }) => server - here);
  const [first] = skews;
  if (first === undefined || Math.max(...skews) - Math.min(...skews) > SKEW_MS) return { kind: "unknown" };
  const skew = skews.reduce((least, one) => (Math.abs(one) < Math.abs(least) ? one : least), first);
  if (Math.abs(skew) < SKEW_MS) return { kind: "right" };
  return { kind: skew > 0 ? "behind" : "ahead", minutes: Math.round(Math.abs(skew) / 60_000) };
}
