import { parentPort } from "node:worker_threads";
import { answerPulse } from "../../main/pulse.ts";

/** A thread that does not listen for a while when it is told to work. */
function workHard(): number {
  const until = performance.now() + 350;
  let sum = 0;
  while (performance.now() < until) sum += 1;
  return sum;
}

answerPulse("busy");
parentPort?.on("message", () => parentPort?.postMessage(workHard()));
parentPort?.postMessage("ready");
