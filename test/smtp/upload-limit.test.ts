import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { UploadLimit } from "../../main/line/upload-limit.ts";
import { FaultySmtp } from "../servers/smtp-faults.ts";
import { VirtualTime } from "../support/virtual-time.ts";
import { message, sendOn, sessionOn } from "./support.ts";

let server: FaultySmtp;
beforeEach(async () => {
  server = await FaultySmtp.start();
});
afterEach(async () => {
  vi.useRealTimers();
  await server.stop();
});

const TO = ["b@example.test"];

test("two messages on two lines arrive whole at the pace that is set for both together", async () => {
  const time = new VirtualTime();
  const uploads = new UploadLimit({ clock: time.clock, timers: time.timers, bytesASecond: () => 50_000 });
  const sessions = await Promise.all([sessionOn(server.port, { uploads }), sessionOn(server.port, { uploads })]);
  const raws = [message("one", 300_000), message("two", 200_000)];
  const began = time.now;
  const progress: number[] = [];
  const sent = await Promise.all(
    sessions.map((session, at) =>
      sendOn(session, raws[at] ?? Buffer.alloc(0), TO, { onBytes: (bytes) => void (at === 0 && progress.push(bytes)) }),
    ),
  );
  for (const session of sessions) session.close();
  expect(sent.map(({ outcome }) => outcome.verdict)).toEqual(["answered", "answered"]);
  expect(server.received.map(({ bytes }) => bytes.length).sort()).toEqual(raws.map((raw) => raw.length).sort());
  expect(server.received.every(({ bytes }) => raws.some((raw) => raw.equals(bytes)))).toBe(true);
  // Ten seconds of 50 KB/s, but for the quarter that may leave at once.
  const all = raws.reduce((sum, raw) => sum + raw.length, 0);
  expect(time.now - began).toBeGreaterThanOrEqual(((all - 12_500) / 50_000) * 1000);
  expect(time.now - began).toBeLessThan((all / 50_000) * 1000 + 100);
  // What is shown moves with each piece, not with what lies in a buffer.
  expect(Math.max(...progress.map((bytes, at) => bytes - (progress[at - 1] ?? 0)))).toBe(12_500);
});

test("a message that waits for the limit is not taken for one whose server is silent", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const time = new VirtualTime(false);
  const uploads = new UploadLimit({ clock: time.clock, timers: time.timers, bytesASecond: () => 50_000 });
  const session = await sessionOn(server.port, { uploads, deadlines: { stall: 5000 } });
  let answered = false;
  const sending = sendOn(session, message("paced", 100_000), TO).finally(() => {
    answered = true;
  });
  let pieces = 0;
  while (!answered) {
    await new Promise((resolve) => setImmediate(resolve));
    if (time.waits === 0) continue;
    // Far longer than a server may be silent.
    vi.advanceTimersByTime(60_000);
    time.pass();
    pieces += 1;
  }
  expect((await sending).outcome.verdict).toBe("answered");
  expect(pieces).toBeGreaterThanOrEqual(7);
  session.close();
});

test("a message that is stopped while it waits for the limit was not sent, and keeps nobody waiting", async () => {
  const time = new VirtualTime(false);
  const uploads = new UploadLimit({ clock: time.clock, timers: time.timers, bytesASecond: () => 50_000 });
  const session = await sessionOn(server.port, { uploads });
  const stop = new AbortController();
  const waits = Promise.withResolvers<void>();
  const { after } = time.timers;
  time.timers.after = (ms, work) => {
    waits.resolve();
    return after(ms, work);
  };
  const sending = sendOn(session, message("stopped", 100_000), TO, { signal: stop.signal });
  await waits.promise;
  stop.abort();
  const { outcome, releases } = await sending;
  expect([outcome.verdict, releases, time.waits, server.received.length]).toEqual(["stopped", [], 0, 0]);
});
