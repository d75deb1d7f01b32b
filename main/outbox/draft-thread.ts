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

/** Enough to keep composing while others wait for the disk, and the first done before the last has begun. */
const AT_ONCE = 6;

const port = parentPort;
const waiting: DraftRequest[] = [];
let running = 0;

function next(): void {
  const request = running < AT_ONCE ? waiting.shift() : undefined;
  if (!request) return;
  const { id, job } = request;
  running += 1;
  run(job)
    .then((result) => port?.postMessage({ id, result } satisfies DraftAnswer))
    .catch((error: unknown) => port?.postMessage({ id, failure: asFailure(error).data() } satisfies DraftAnswer))
    .finally(() => {
      running -= 1;
      next();
    });
}

port?.on("message", (request: DraftRequest) => {
  waiting.push(request);
  next();
});
