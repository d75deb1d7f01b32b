import { parentPort } from "node:worker_threads";
import { asFailure } from "../../shared/failure.ts";
import type { DraftAnswer, DraftJob, DraftRequest, DraftResults } from "./draft-jobs.ts";
import { freezeMessage } from "./freeze-message.ts";

/** The thread in which drafts are quoted, composed and frozen. */
async function run({ kind, job }: DraftJob): Promise<DraftResults[keyof DraftResults]> {
  if (kind === "freeze") return await freezeMessage(job);
  // Quoting cleans HTML, and what that loads takes a second: not before it is needed.
  const { quoteOriginal } = await import("./quote-original.ts");
  return await quoteOriginal(job);
}

const port = parentPort;
port?.on("message", ({ id, job }: DraftRequest) => {
  run(job)
    .then((result) => port.postMessage({ id, result } satisfies DraftAnswer))
    .catch((error: unknown) => port.postMessage({ id, failure: asFailure(error).data() } satisfies DraftAnswer));
});
