import { describe, expect, test } from "vitest";
import { asInput, fromInput, laterChoices } from "../../renderer/state/send-later.ts";
import { eachAtDesk } from "./at-desk.ts";
import { type Desk, openDesk, TestTime } from "./support.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let time: TestTime;
/** What the computer's clock is ahead of the time that passes. */
let shift: number;
const here = eachAtDesk(() => {
  shift = 0;
  time = new TestTime();
  return { timers: time, clock, undoSeconds: () => 6, findInSent: async () => null };
});

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
const clock = (): number => time.now + shift;

async function sendAt(at: number): ReturnType<Desk["send"]> {
  const { id, revision } = await here.desk.draft();
  return (await here.desk.outbox.send(id, revision, { sendAt: at })).outboxId;
}

/** A minute at a time, as the outbox looks at the clock. */
async function pass(ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= MINUTE) {
    time.pass(Math.min(MINUTE, left));
    await settled();
  }
}

describe("tomorrow morning, chosen in the evening, is eight o'clock on the wall", () => {
  test.each([
    ["in a night that is an hour longer", "2026-10-24T19:00", "Europe/Berlin", 14],
    ["in a night that is an hour shorter", "2027-03-27T19:00", "Europe/Berlin", 12],
    ["in a night like others", "2026-11-20T19:00", "Asia/Shanghai", 13],
    ["where clocks move by half an hour", "2026-10-03T19:00", "Australia/Lord_Howe", 12.5],
  ])("%s", async (_, evening, zone, hours) => {
    shift = (fromInput(evening, zone) ?? 0) - time.now;
    const at = laterChoices(clock(), zone).find(({ key }) => key === "tomorrowMorning")?.at ?? 0;
    expect(at - clock()).toBe(hours * HOUR);
    const id = await sendAt(at);
    time.pass(hours * HOUR - 1);
    await settled();
    expect(here.server.connections).toBe(0);
    time.pass(1);
    await here.desk.until(() => here.desk.item(id).state === "filed");
    expect(asInput(clock(), zone).slice(-5)).toBe("08:00");
  });
});

test("on a journey the moment stays: eight in Berlin is three in the afternoon in Shanghai", async () => {
  const at = fromInput("2026-11-22T08:00", "Europe/Berlin") ?? 0;
  const id = await sendAt(at);
  time.pass(at - clock());
  await here.desk.until(() => here.desk.item(id).state === "filed");
  expect(asInput(clock(), "Asia/Shanghai")).toBe("2026-11-22T15:00");
});

describe("a clock that is set back by eight hours", () => {
  test("holds a message for its own moment, as the clock shows it", async () => {
    const id = await sendAt(clock() + HOUR);
    await pass(30 * MINUTE);
    shift = -8 * HOUR;
    await pass(8 * HOUR);
    expect(here.server.connections).toBe(0);
    await pass(31 * MINUTE);
    await here.desk.until(() => here.desk.item(id).state === "filed");
    expect(here.server.received.length).toBe(1);
  });
  test("sends nothing again that has gone", async () => {
    const id = await sendAt(clock() + HOUR);
    await pass(HOUR);
    await here.desk.until(() => here.desk.item(id).state === "filed");
    shift = -8 * HOUR;
    here.desk.outbox.wake();
    await pass(9 * HOUR);
    expect(here.server.received.length).toBe(1);
    expect(here.desk.sent.length).toBe(1);
  });
  test("keeps nobody in the time to undo for hours", async () => {
    const id = await here.desk.send();
    shift = -8 * HOUR;
    await pass(2 * MINUTE);
    await here.desk.until(() => here.desk.item(id).state === "filed");
  });
  test("keeps nobody waiting for another try for hours", async () => {
    here.server.fault("mail", { kind: "say", line: "450 4.2.1 busy" });
    const id = await here.desk.send();
    time.pass(6000);
    await here.desk.until(() => here.desk.item(id).attempts === 1 && here.desk.item(id).state === "queued");
    shift = -8 * HOUR;
    await pass(2 * MINUTE);
    await here.desk.until(() => here.desk.item(id).state === "filed");
  });
  test("keeps nobody from a server that was down for hours", async () => {
    here.server.fault("greeting", { kind: "drop" });
    const id = await here.desk.send();
    time.pass(6000);
    await here.desk.until(() => here.desk.outbox.health().servers[0]?.breaker === "open");
    shift = -8 * HOUR;
    await pass(2 * MINUTE);
    await here.desk.until(() => here.desk.item(id).state === "filed");
  });
  test("does not put off the look for a message that may have arrived", async () => {
    let looks = 0;
    await here.desk.close();
    here.desk = await openDesk(here.server.port, {
      timers: time,
      clock,
      findInSent: async () => {
        looks += 1;
        return looks > 1;
      },
    });
    here.server.fault("end", { kind: "drop", accept: true });
    const id = await here.desk.send();
    await here.desk.until(() => looks > 0);
    shift = -8 * HOUR;
    await pass(2 * MINUTE);
    await here.desk.until(() => here.desk.item(id).state === "filed");
    expect(here.server.received.length).toBe(1);
  });
});

test("a clock that is set forward past the moment by hours asks before it sends", async () => {
  const id = await sendAt(clock() + HOUR);
  shift = 5 * HOUR;
  await pass(2 * MINUTE);
  await here.desk.until(() => here.desk.item(id).state === "held");
  expect(here.desk.item(id).failure?.code).toBe("send-late");
  expect(here.server.connections).toBe(0);
});
