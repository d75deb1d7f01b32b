import type { FailureData } from "../../shared/failure.ts";

/** What a running account does about a failure (ARCHITECTURE.md, Failures). */
export type Reaction =
  /** Keep the work, try again later; wake on network change. */
  | "retry"
  /** A token may have run out between two looks at the clock: ask for a fresh one, once. */
  | "fresh-credential"
  /** Stop the account and ask the user. */
  | "stop"
  /** Give up this task only; the connection is good. */
  | "skip-task";

/** `tokenTried`: a fresh token was refused as well. */
export function reactionTo({ kind, code }: Pick<FailureData, "kind" | "code">, tokenTried: boolean): Reaction {
  switch (kind) {
    case "offline":
    case "throttled":
      return "retry";
    case "auth":
      return code === "token-expired" && !tokenTried ? "fresh-credential" : "stop";
    case "untrusted":
    case "storage":
      return "stop";
    case "refused":
    case "gone":
    case "conflict":
    case "invalid":
    case "bug":
      return "skip-task";
  }
}
