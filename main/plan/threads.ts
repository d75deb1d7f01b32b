/** Prefixes that answering and forwarding put before a subject, in the languages of the great mail programs. */
const PREFIX =
  /^\s*(?:(?:re|aw|sv|vs|antw|antwort|odp|rif|res|ynt|fw|fwd|wg|tr|rv|enc|vb|回复|回覆|答复|答覆|转发|轉寄|轉發|返信|転送)(?:\[\d+\])?\s*[:：]|\[[^\]]{0,40}\]\s*(?=(?:re|aw|fwd?|回复|答复|转发)\s*[:：]))/iu;

/** How long after a message an answer without references may still be tied to it by its subject. */
export const SUBJECT_REACH_MS = 30 * 86_400_000;

/** A subject without the prefixes that answers collect, folded for comparison; "" when nothing distinctive is left. */
export function baseSubject(subject: string): { base: string; isAnswer: boolean } {
  let rest = subject;
  let isAnswer = false;
  for (let found = PREFIX.exec(rest); found; found = PREFIX.exec(rest)) {
    rest = rest.slice(found[0].length);
    isAnswer = true;
  }
  const base = rest.replace(/\s+/gu, " ").trim().toLowerCase().slice(0, 200);
  return { base: base.length < 3 && !/[\u3040-\u9fff\uac00-\ud7a3]{2}/u.test(base) ? "" : base, isAnswer };
}

/** References beyond these tell nothing more about where a message belongs, and some programs send hundreds. */
const MOST_REFERENCES = 24;
const LONGEST = 250;

export type Referring = {
  readonly messageIdHeader: string | null;
  readonly inReplyTo: string | null;
  readonly references: readonly string[];
};

/**
 * The Message-IDs that tie a message to its conversation (RFC 5256 §3, RFC 5322 §3.6.4): its own, what it answers, what it refers to.
 * Nearest first; the first reference is kept whatever is cut, because it names the root.
 */
export function tiesOf(message: Referring): string[] {
  const { messageIdHeader, inReplyTo, references } = message;
  const nearest = [...references].reverse();
  const kept = nearest.length > MOST_REFERENCES ? [...nearest.slice(0, MOST_REFERENCES - 1), ...nearest.slice(-1)] : nearest;
  const ties = [messageIdHeader, inReplyTo, ...kept].flatMap((tie) => (tie === null || tie === "" ? [] : [tie.slice(0, LONGEST)]));
  return [...new Set(ties)];
}

/**
 * Whether a message that names nothing it answers can only lie in its conversation for its subject: it is an answer by its prefix, and one of the same
 * name was there before.
 */
export function tiedBySubject(subject: string, earlier: readonly string[]): boolean {
  const { base, isAnswer } = baseSubject(subject);
  return isAnswer && base !== "" && earlier.some((one) => baseSubject(one).base === base);
}

/** Whether an answer by subject alone is likely one: somebody in it took part before. */
export function sharePeople(a: readonly string[], b: readonly string[]): boolean {
  const known = new Set(a.map((address) => address.toLowerCase()));
  return b.some((address) => known.has(address.toLowerCase()));
}
