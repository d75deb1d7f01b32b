import { readFileSync } from "node:fs";
import { openSession, type Session, type SessionOptions } from "../../main/imap/session.ts";
import { silentLog } from "../../main/log.ts";
import type { ServerSettings } from "../../shared/contract/accounts.ts";
import type { Failure } from "../../shared/failure.ts";

/** A session of the product for a test: user1 of the real servers, or whatever is given. */
export function sessionTo(
  server: Partial<ServerSettings> & { port: number },
  more: Partial<SessionOptions> & { caFile?: string } = {},
): Promise<Session> {
  const { caFile, ...options } = more;
  return openSession({
    server: { host: "127.0.0.1", security: "plain", user: "user1@example.test", ...server },
    credential: () => Promise.resolve({ kind: "password", password: "secret-user1" }),
    log: silentLog,
    version: "0",
    ...(caFile === undefined ? {} : { ca: readFileSync(caFile, "utf8") }),
    ...options,
  });
}

/** The failure that a promise rejects with; fails the test when it does not. */
export async function failureOf(promise: Promise<unknown>): Promise<Failure> {
  const { Failure } = await import("../../shared/failure.ts");
  const outcome = await promise.then(
    () => new Error("it went through"),
    (error: unknown) => error,
  );
  if (outcome instanceof Failure) return outcome;
  throw outcome;
}
