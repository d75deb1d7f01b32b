import { parentPort, workerData } from "node:worker_threads";
import type { Batch, ThreadData } from "../../main/sync/parse-jobs.ts";

/** A parse thread that never comes to an end with a message whose bytes begin with "stuck", unless it is only to be kept. */
const { memory, current } = workerData as ThreadData;
parentPort?.on("message", ({ jobs }: Batch) => {
  const answers = jobs.map(({ id, job }) => {
    Atomics.store(current, 0, id);
    if (job.kind !== "arrive") throw new Error("only arrivals here");
    const bytes = job.bytes instanceof Uint8Array ? job.bytes : new Uint8Array(memory, job.bytes.at, job.bytes.sizeBytes);
    const text = Buffer.from(bytes).toString("latin1");
    if (job.parse && text.startsWith("stuck")) for (;;);
    Atomics.store(current, 0, 0);
    return {
      id,
      result: { subject: text, from: [], heard: { sure: null, unsure: null }, readAs: null, hash: text, unreadable: !job.parse },
    };
  });
  parentPort?.postMessage(answers);
});
