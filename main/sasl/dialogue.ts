/** One sign-in by one mechanism (RFC 4422). The protocol around it carries the bytes and says how it ended. */
export interface Dialogue {
  /** As it is named on the wire. */
  readonly mechanism: string;
  /** What may go along with the command; null = the server speaks first. */
  readonly first: Buffer | null;
  /**
   * The answer to a challenge.
   * @throws Failure `server-unproven` when the server does not know the password itself, `bad-reply` when the challenge makes no sense
   */
  answer(challenge: Buffer): Promise<Buffer>;
  /** Called once the server says yes. @throws Failure `server-unproven` when it did not prove itself before */
  finish(): void;
}

/** Whom a dialogue is with, as far as a mechanism asks. */
export type Party = {
  readonly user: string;
  readonly host: string;
  readonly port: number;
  /** What this line and no other has (RFC 5056); null where the line is not TLS or cannot say. */
  readonly binding: ChannelBinding | null;
};

export type ChannelBinding = { readonly kind: "tls-exporter" | "tls-server-end-point"; readonly bytes: Buffer };

/** A dialogue whose every answer is known beforehand. */
export function told(mechanism: string, first: Buffer | null, answers: readonly Buffer[], last: Buffer): Dialogue {
  let at = 0;
  return {
    mechanism,
    first,
    answer: () => {
      at += 1;
      // More than it should ask: it only explains why it is about to refuse.
      return Promise.resolve(answers[at - 1] ?? last);
    },
    finish: () => undefined,
  };
}
