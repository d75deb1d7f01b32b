import { parentPort } from "node:worker_threads";

// In the place of the thread that reads PDF documents: the first byte says what it does instead.
parentPort?.on("message", ({ id, bytes }: { id: number; bytes: Uint8Array }) => {
  if (bytes[0] === 1) for (;;);
  if (bytes[0] === 2) process.exit(1);
  if (bytes[0] === 3) throw new Error("broken");
  parentPort?.postMessage({ id, text: `read ${bytes.length}` });
});
