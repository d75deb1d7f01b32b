import { parentPort, workerData } from "node:worker_threads";
import { answerPulse } from "../../main/pulse.ts";

/** A thread that holds mail in all the ways in which programs hold it, and works on it when it is told to. */
const planted = workerData as readonly string[];
const held: unknown[] = [];

function holdMail(): void {
  for (let copy = 0; copy < 20_000; copy += 1) {
    held.push(planted.map((text) => `${copy} ${text}`));
    held.push(Object.fromEntries(planted.map((text) => [`${text}`, { text }])));
  }
  // Data that becomes the name of a function.
  for (const text of planted) held.push({ [text]: () => text });
  held.push(new Map(planted.map((text) => [text, text])), Buffer.from(planted.join()), Symbol(planted[0]));
}

function workOnMail(): number {
  const until = performance.now() + 350;
  let found = 0;
  while (performance.now() < until) found += held.length;
  return found;
}

answerPulse("mail");
parentPort?.on("message", () => {
  holdMail();
  parentPort?.postMessage(workOnMail());
});
parentPort?.postMessage("ready");
