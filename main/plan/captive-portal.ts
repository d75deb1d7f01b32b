import { Failure, type FailureCode } from "../../shared/failure.ts";

/** How a sign-in page of a network looks to a mail program that wants its server: another greeting, another certificate, or no TLS at all. */
const STRANGE: ReadonlySet<FailureCode> = new Set([
  "not-a-mail-server",
  "certificate-wrong-name",
  "certificate-self-signed",
  "certificate-unknown-issuer",
  "tls-failed",
]);

/** Longer than anybody stays before a sign-in page: a certificate that is still another one then is told as what it is. */
const AT_MOST_MS = 30 * 60_000;

/**
 * What it means when something else answers in the place of a server that was reached before: the network wants a sign-in of its own.
 * Nothing is asked of the user here and nothing was sent; the line is tried again until the server itself answers.
 *
 * @param lastedMs since something else answered for the first time
 * @returns null where it is not that
 */
function captivePortal(failure: Failure, hasWorked: boolean, lastedMs: number): Failure | null {
  if (!hasWorked || !STRANGE.has(failure.code)) return null;
  if (failure.kind === "untrusted" && lastedMs > AT_MOST_MS) return null;
  return new Failure("captive-portal", { params: { ...failure.params }, serverWords: failure.serverWords, cause: failure });
}

/** Remembers since when something else answers in a server's place. */
export class Stranger {
  #since: number | null = null;

  /** What to tell of a connection that failed at `at` (ms): the network's sign-in page, or the failure as it is. */
  told(failure: Failure, hasWorked: boolean, at: number): Failure {
    const portal = captivePortal(failure, hasWorked, at - (this.#since ?? at));
    if (portal !== null) this.#since ??= at;
    return portal ?? failure;
  }

  /** The server itself answered. */
  gone(): void {
    this.#since = null;
  }
}
