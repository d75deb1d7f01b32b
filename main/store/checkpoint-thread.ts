import { parentPort, workerData } from "node:worker_threads";
import { answerPulse } from "../pulse.ts";
import type { ChoreDone, StoreChore, StoreFiles } from "./checkpoints.ts";
import { openDatabase } from "./database.ts";
import { updateSpareMail, writeSpare } from "./spare.ts";

// The thread of Checkpoints.
const port = parentPort;
if (port !== null) {
  const { file, profileDir } = workerData as StoreFiles;
  const { connection } = openDatabase(file);
  answerPulse("checkpoints");
  port.on("message", (chore: StoreChore) => {
    const began = performance.now();
    // PASSIVE disturbs neither readers nor the writer: it copies as much as it may, and the next one copies the rest.
    if (chore === "checkpoint") connection.pragma("wal_checkpoint(PASSIVE)");
    else if (chore === "spare") writeSpare(connection, profileDir);
    else updateSpareMail(file, profileDir);
    port.postMessage({ chore, tookMs: performance.now() - began } satisfies ChoreDone);
  });
}
