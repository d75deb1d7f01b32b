import { parentPort } from "node:worker_threads";
import { asFailure, Failure } from "../../shared/failure.ts";
import { answerPulse } from "../pulse.ts";
import { answerInvitation } from "./answer-invitation.ts";
import type { DraftAnswer, DraftRequest, DraftResults, FreezeJob, QuoteJob, TableJob } from "./draft-jobs.ts";
import { composeMessages, freezeLarge, freezeMessages, freezeReceipt, isLarge } from "./freeze-message.ts";

/** The thread in which drafts are quoted, composed and frozen. Small messages that wait together share the disk's commit. */
const TOGETHER = 64;

const port = parentPort;
const waiting: DraftRequest[] = [];
let working = false;

function answer(id: number, result: DraftResults[keyof DraftResults] | Failure): void {
  const said: DraftAnswer = result instanceof Failure ? { id, failure: result.data() } : { id, result };
  port?.postMessage(said);
}

async function quote(job: QuoteJob): Promise<DraftResults["quote"]> {
  // Quoting cleans HTML, and what that loads takes a second: not before it is needed.
  const { quoteOriginal } = await import("./quote-original.ts");
  return await quoteOriginal(job);
}

async function table({ bytes, likely }: TableJob): Promise<DraftResults["table"]> {
  const { readTable } = await import("../mime/table.ts");
  return readTable(bytes, likely);
}

/** The first that waits, and when it is a small message, small ones behind it. */
function takeMessages(first: { id: number; job: FreezeJob }): { id: number; job: FreezeJob }[] {
  const taken = [first];
  while (taken.length < TOGETHER) {
    const next = waiting[0];
    if (next?.job.kind !== "freeze" || next.job.job.attachments.length > 0 || first.job.attachments.length > 0) break;
    waiting.shift();
    taken.push({ id: next.id, job: next.job.job });
  }
  return taken;
}

async function work(): Promise<void> {
  // While the disk takes the messages before, the next are composed.
  let writing: Promise<void> = Promise.resolve();
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    const { id, job } = next;
    if (job.kind === "quote") {
      answer(id, await quote(job.job).catch(asFailure));
      continue;
    }
    if (job.kind === "receipt") {
      answer(id, await freezeReceipt(job.job).catch(asFailure));
      continue;
    }
    if (job.kind === "answer") {
      answer(id, await answerInvitation(job.job).catch(asFailure));
      continue;
    }
    if (job.kind === "table") {
      answer(id, await table(job.job).catch(asFailure));
      continue;
    }
    if (isLarge(job.job)) {
      answer(id, await freezeLarge(job.job).catch(asFailure));
      continue;
    }
    const messages = takeMessages({ id, job: job.job });
    const composed = await composeMessages(messages.map((one) => one.job));
    await writing;
    writing = freezeMessages(composed).then((results) => {
      for (const [at, message] of messages.entries()) answer(message.id, results[at] ?? new Failure("bug"));
    });
  }
  await writing;
}

function start(): void {
  if (working) return;
  working = true;
  void work().finally(() => {
    working = false;
    // What came while the last were written.
    if (waiting.length > 0) start();
  });
}

answerPulse("drafts");
port?.on("message", (request: DraftRequest) => {
  waiting.push(request);
  start();
});
