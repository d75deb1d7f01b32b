import type { DeliveryReason, ReportedAction, ReportedRecipient } from "../../shared/delivery.ts";

/** What is known of a sent message that a report may be about. Addresses are in lower case. */
export type SentFacts = {
  readonly recipients: readonly string[];
  readonly baseSubject: string;
  /** ms UTC. */
  readonly sentAt: number;
};

export type ReportFacts = {
  readonly kind: "delivery" | "receipt";
  readonly recipients: readonly Pick<ReportedRecipient, "address" | "finalAddress">[];
  readonly baseSubject: string;
  readonly at: number;
};

const DAY_MS = 86_400_000;
/** Servers give up within a week; clocks differ by hours. */
const REACH_MS = 14 * DAY_MS;

/**
 * Whether a report that names a message's id may be about it. Anybody can write a report: one that speaks of nobody the message went to,
 * and shows nothing of it, is not believed.
 */
export function mayBeAbout(report: ReportFacts, sent: SentFacts): boolean {
  if (report.at < sent.sentAt - DAY_MS) return false;
  if (report.recipients.some((one) => recipientOf(one, sent.recipients) !== null)) return true;
  // An alias or a mailing list: the last server knows another address than the one written to.
  if (report.kind === "receipt") return sent.recipients.length === 1;
  return sent.recipients.length <= 1 || (report.baseSubject !== "" && report.baseSubject === sent.baseSubject);
}

/** Whether a report that names no id of ours is about this message: subject, recipient and time must all fit. */
export function looksAbout(report: ReportFacts, sent: SentFacts): boolean {
  if (report.baseSubject === "" || report.baseSubject !== sent.baseSubject) return false;
  if (sent.sentAt > report.at + DAY_MS || sent.sentAt < report.at - REACH_MS) return false;
  return report.recipients.some((one) => recipientOf(one, sent.recipients) !== null);
}

/** Which of the addresses that were written to a reported one is; null when none. */
export function recipientOf(reported: Pick<ReportedRecipient, "address" | "finalAddress">, recipients: readonly string[]): string | null {
  const named = [reported.address.toLowerCase(), reported.finalAddress.toLowerCase()];
  return recipients.find((address) => named.includes(address)) ?? null;
}

/** One thing that a report said of one recipient. */
export type Told = {
  readonly address: string;
  readonly action: ReportedAction;
  readonly reason: DeliveryReason | null;
  readonly at: number;
};

/** What is furthest wins; of the rest what was said last. A message that was read has arrived, whatever was said of it since. */
export function lastWord<T extends Told>(told: readonly T[]): T | undefined {
  const ordered = [...told].sort((a, b) => a.at - b.at);
  const read = ordered.findLast(({ action }) => action === "read");
  if (read !== undefined) return read;
  const final = ordered.findLast(({ action }) => action !== "delayed");
  return final ?? ordered.at(-1);
}

/** For a list: 0 nothing bad is known, 1 delayed, 2 somebody did not get it. */
export function howItFares(told: readonly Told[]): 0 | 1 | 2 {
  const byAddress = Map.groupBy(told, ({ address }) => address.toLowerCase());
  const last = [...byAddress.values()].map((one) => lastWord(one)?.action);
  return last.includes("failed") ? 2 : last.includes("delayed") ? 1 : 0;
}
