import { silentLog } from "../../main/log.ts";
import { openSession, type Session, type SessionOptions } from "../../main/pop3/session.ts";
import type { Credential } from "../../shared/contract/accounts.ts";

export const PASSWORD: Credential = { kind: "password", password: "secret-user1" };
export const SHORT = { connect: 2000, answer: 300, silence: 300 };

export function sessionOn(
  port: number,
  { credential = PASSWORD, ...more }: Partial<Omit<SessionOptions, "credential">> & { credential?: Credential } = {},
): Promise<Session> {
  return openSession({
    server: { host: "127.0.0.1", port, security: "plain", user: "user1@example.test" },
    credential: () => Promise.resolve(credential),
    log: silentLog,
    ...more,
  });
}

export async function messageOf(session: Session, number: number): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  await session.retrieve(number, (part) => void parts.push(Buffer.from(part)));
  return Buffer.concat(parts);
}

export async function codeOf(doing: Promise<unknown>): Promise<unknown> {
  return await doing.then(
    () => "nothing went wrong",
    (failure: { code: string }) => failure.code,
  );
}
