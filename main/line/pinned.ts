import type { ServerSettings } from "../../shared/contract/accounts.ts";
import type { Spoken } from "../../shared/contract/certificates.ts";
import { asFailure, Failure } from "../../shared/failure.ts";
import type { Via } from "../plan/proxy.ts";
import { lookAt } from "./look.ts";

/**
 * What a failure is to a server whose certificate was pinned: shown another one, it stops hard, and both fingerprints are named. For all others, and for
 * a pinned one that is shown still (it has run out), the failure is what it was.
 */
export async function asPinned(failure: Failure, server: ServerSettings, spoken: Spoken, via?: Via): Promise<Failure> {
  const { pinned, host, port } = server;
  if (pinned === undefined || !failure.code.startsWith("certificate-")) return failure;
  let seen = "";
  try {
    ({ sha256: seen } = await lookAt(server, spoken, via));
  } catch (error) {
    // It is another one all the same; only which is not known.
    if (asFailure(error).kind === "bug") throw error;
  }
  if (seen === pinned.sha256) return failure;
  return new Failure("certificate-changed", { params: { host, port, pinned: pinned.sha256, seen }, cause: failure });
}
