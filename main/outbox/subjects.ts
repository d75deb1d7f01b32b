// Prefixes that mail programs of several languages put before a subject, full-width colons included.
const REPLY = /^\s*(?:re|aw|sv|antw|vs|odp|回复|答复|回覆|回信)(?:\s*\[\d+\])?\s*[:：]/iu;
const FORWARD = /^\s*(?:fwd?|wg|tr|rv|转发|轉寄|转寄|轉發)(?:\s*\[\d+\])?\s*[:：]/iu;

/** The subject of an answer: one prefix and never two. One that is there already, in whatever language, stays. */
export function replySubject(subject: string): string {
  return REPLY.test(subject) ? subject : `Re: ${subject}`;
}

export function forwardSubject(subject: string): string {
  return FORWARD.test(subject) ? subject : `Fwd: ${subject}`;
}
