import { pausesOf, type RecordingFacts } from "./recording-facts.ts";
import { recordingPage } from "./recording-page.ts";

export type RecordingFile = { readonly name: string; readonly bytes: Uint8Array };

/** One folder for one recording. */
export function recordingFolder(endedAt: number): string {
  return `satchel-recording-${new Date(endedAt).toISOString().slice(0, 16).replace(/[:T]/gu, "-")}`;
}

/** All of a recording: a summary to read, the same for programs, and of each thread where its time and its memory went. */
export function recordingFiles(facts: RecordingFacts): RecordingFile[] {
  const { recorded } = facts;
  return [
    { name: "summary.html", bytes: Buffer.from(recordingPage(facts)) },
    { name: "summary.json", bytes: Buffer.from(JSON.stringify(summaryOf(facts), null, 2)) },
    // Several threads have one name.
    ...recorded.flatMap(({ thread, threadId, recording: { cpu, heap } }) => [
      { name: `satchel-${thread}-${threadId}.cpuprofile`, bytes: Buffer.from(cpu) },
      { name: `satchel-${thread}-${threadId}.heapprofile`, bytes: Buffer.from(heap) },
    ]),
  ];
}

function summaryOf({ version, host, system, endedAt, lastedMs, recorded }: RecordingFacts): object {
  return {
    version,
    host,
    system,
    endedAt: new Date(endedAt).toISOString(),
    lastedMs,
    threads: recorded.map(({ thread, threadId, recording: { busy, lag, functions, makers } }) => ({
      thread,
      threadId,
      busy,
      memory: lag.memory,
      pauses: { ...pausesOf(lag.pauses), mostMs: Math.round(lag.mostMs), longest: lag.longest },
      functions,
      makers,
    })),
  };
}
