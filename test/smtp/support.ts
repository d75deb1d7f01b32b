import { type ByteSource, sourceOf } from "../../main/line/byte-source.ts";
import type { AttemptOutcome, RecipientOutcome } from "../../main/plan/outbox-item.ts";
import type { SessionOptions } from "../../main/smtp/connection.ts";
import { openSession, type SendHooks, type SmtpSession } from "../../main/smtp/session.ts";
import type { SmtpStage } from "../../shared/contract/outbox.ts";

export function source(bytes: Buffer): ByteSource {
  return sourceOf(bytes);
}

export function message(subject: string, bodyBytes = 20): Buffer {
  const line = `${"x".repeat(76)}\r\n`;
  const body = line.repeat(Math.max(1, Math.ceil(bodyBytes / line.length)));
  return Buffer.from(
    `From: a@example.test\r\nTo: b@example.test\r\nSubject: ${subject}\r\nMessage-ID: <${subject}@example.test>\r\n\r\n.leading dot\r\n${body}`,
  );
}

export function sessionOn(port: number, more: Partial<SessionOptions> = {}): Promise<SmtpSession> {
  return openSession({
    server: { host: "127.0.0.1", port, security: "plain", user: "user1@example.test" },
    credential: { kind: "password", password: "secret-user1" },
    ...more,
  });
}

export type Sent = { outcome: AttemptOutcome; stages: SmtpStage[]; releases: (readonly RecipientOutcome[])[]; bytes: number };

/** Sends one message and notes the stages it came through. */
export async function sendOn(session: SmtpSession, raw: Buffer, to: readonly string[], more: Partial<SendHooks> = {}): Promise<Sent> {
  const stages: SmtpStage[] = [];
  const releases: (readonly RecipientOutcome[])[] = [];
  let bytes = 0;
  const outcome = await session.send(
    { from: "user1@example.test", to, source: source(raw) },
    {
      onStage: (stage) => stages.push(stage),
      onBytes: (sent) => {
        bytes = sent;
      },
      release: async (turnedAway) => {
        releases.push(turnedAway);
      },
      ...more,
    },
  );
  return { outcome, stages, releases, bytes };
}
