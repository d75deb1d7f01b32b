import { parentPort, workerData } from "node:worker_threads";
import { openDatabase } from "./database.ts";

// The thread of Checkpoints.
if (typeof workerData === "string") {
  const { connection } = openDatabase(workerData);
  // PASSIVE disturbs neither readers nor the writer: it copies as much as it may, and the next one copies the rest.
  parentPort?.on("message", () => void connection.pragma("wal_checkpoint(PASSIVE)"));
}
