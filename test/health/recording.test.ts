import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { crc32 } from "node:zlib";
import { expect, onTestFinished, test, vi } from "vitest";
import { type RecordingFile, recordingFiles, recordingFolder } from "../../main/health/recording.ts";
import { type Recorded, Threads } from "../../main/health/threads.ts";
import { zipOf } from "../../main/health/zip.ts";
import { pulseName } from "../../main/pulse.ts";

const PLANTED = ["secret-of-the-vault-77", "anna.planted@harbour.example", "Planted subject: the quarterly harbour", "栈桥报价单"];

/** What a thread recorded that got mail, held it, and did not listen while it worked on it. */
async function recordMail(): Promise<Recorded[]> {
  pulseName();
  const worker = new Worker(new URL("../support/thread-with-mail.ts", import.meta.url), { workerData: PLANTED });
  onTestFinished(async () => void (await worker.terminate()));
  await once(worker, "message");
  const threads = new Threads("engine");
  onTestFinished(() => threads.close());
  await vi.waitFor(async () => expect((await threads.states()).map(({ thread }) => thread).toSorted()).toEqual(["engine", "mail"]), 30_000);
  const ended = Promise.withResolvers<void>();
  const recording = threads.record(ended.promise);
  // The first may be over before the recording has begun; the last is not.
  for (let round = 0; round < 3; round += 1) {
    worker.postMessage("work");
    await once(worker, "message");
    await threads.states();
  }
  ended.resolve();
  return recording;
}

function filesOf(recorded: readonly Recorded[], language: string): RecordingFile[] {
  const facts = { version: "1.2.3", host: "loopback", system: "linux", language, recorded };
  return recordingFiles({ ...facts, endedAt: Date.UTC(2026, 5, 1, 9, 30), lastedMs: 30_000 });
}

test("a recording says which function was busy, who kept others waiting and when, and what made what is held; nothing of the mail is in it", async () => {
  const recorded = await recordMail();
  const files = filesOf(recorded, "en");
  const textOf = (name: RegExp): string => Buffer.from(files.find((file) => name.test(file.name))?.bytes ?? []).toString();
  expect(files.map(({ name }) => name.replace(/-\d+\./u, "-N."))).toEqual([
    "summary.html",
    "summary.json",
    "satchel-engine-N.cpuprofile",
    "satchel-engine-N.heapprofile",
    "satchel-mail-N.cpuprofile",
    "satchel-mail-N.heapprofile",
  ]);
  type Summary = { threads: { thread: string; busy: number; pauses: { mostMs: number; longest: { atMs: number; ms: number }[] } }[] };
  const { threads } = JSON.parse(textOf(/summary\.json/u)) as Summary;
  const mail = threads.find(({ thread }) => thread === "mail");
  expect(mail?.busy).toBeGreaterThan(0.3);
  expect(mail?.pauses.mostMs).toBeGreaterThanOrEqual(300);
  expect(mail?.pauses.longest.some(({ atMs, ms }) => ms >= 300 && atMs >= 0)).toBe(true);
  const { memory } = recorded.find(({ thread }) => thread === "mail")?.recording.lag ?? {};
  expect(memory?.mostBytes).toBeGreaterThan((memory?.beganBytes ?? 0) + 1e6);
  expect(textOf(/mail-\d+\.cpuprofile/u)).toContain("workOnMail");
  const heap = textOf(/mail-\d+\.heapprofile/u);
  expect(Object.keys(JSON.parse(heap) as object)).toContain("head");
  expect(heap).toContain("holdMail");
  const page = textOf(/summary\.html/u);
  expect(page).toMatch(/mail was the busiest: \d+% of the time, most of it in workOnMail\./u);
  expect(page).toMatch(/mail did not listen for (?:\d+ ms|[\d.]+ sec)/u);
  expect(page).toContain("thread-with-mail.ts:");
  for (const { name, bytes } of files) {
    const text = Buffer.from(bytes).toString();
    for (const planted of PLANTED) expect(text.includes(planted), `${planted} in ${name}`).toBe(false);
    expect(text, name).not.toMatch(/\/support\/|\/work\/|\/home\//u);
  }
  expect(Buffer.from(filesOf(recorded, "zh-CN")[0]?.bytes ?? []).toString()).toMatch(/mail最忙：\d+% 的时间在工作，主要在 workOnMail。/u);
});

test("what a thread or a function is called cannot become a part of the page", () => {
  const hot = { name: "<script>alert(1)</script>", place: '"><img src=x>:1' };
  const memory = { beganBytes: 0, mostBytes: 0, endedBytes: 0, outsideBytes: 0, limitBytes: 0 };
  const lag = { pauses: [], mostMs: 0, longest: [], memory };
  const recording = { cpu: "{}", heap: "{}", lag, busy: 0.5, functions: [{ ...hot, part: 0.5 }], makers: [{ ...hot, bytes: 1 }] };
  const page = Buffer.from(filesOf([{ thread: "<b>", threadId: 1, recording }], "en")[0]?.bytes ?? []).toString();
  expect(page).not.toMatch(/<script|<img|<b>/u);
});

test("all of it is one file that unpacks into one folder", () => {
  const entries = [
    { name: "summary.html", bytes: Buffer.from("<p>时间</p>") },
    { name: "a.heapprofile", bytes: Buffer.alloc(0) },
  ];
  const folder = recordingFolder(Date.UTC(2026, 5, 1, 9, 30));
  expect(folder).toBe("satchel-recording-2026-06-01-09-30");
  const zip = Buffer.from(zipOf(folder, entries, Date.UTC(2026, 5, 1, 9, 30)));
  const end = zip.length - 22;
  expect(zip.readUInt32LE(end)).toBe(0x06054b50);
  expect(zip.readUInt16LE(end + 10)).toBe(2);
  let at = zip.readUInt32LE(end + 16);
  for (const { name, bytes } of entries) {
    expect(zip.readUInt32LE(at)).toBe(0x02014b50);
    expect(zip.readUInt32LE(at + 16)).toBe(crc32(bytes));
    const nameLength = zip.readUInt16LE(at + 28);
    expect(zip.toString("utf8", at + 46, at + 46 + nameLength)).toBe(`${folder}/${name}`);
    const local = zip.readUInt32LE(at + 42);
    expect(zip.readUInt32LE(local)).toBe(0x04034b50);
    const from = local + 30 + zip.readUInt16LE(local + 26);
    expect(zip.subarray(from, from + bytes.length).equals(bytes)).toBe(true);
    at += 46 + nameLength;
  }
  expect(at).toBe(end);
});
