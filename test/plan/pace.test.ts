import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  bucketAfter,
  FULL_BUCKET,
  hourOf,
  type LearntSending,
  learnConnections,
  learnFaster,
  learnMessagesAConnection,
  learnSlower,
  NOTHING_LEARNT,
  nextToken,
  planWait,
  type SendingLimits,
  sendingLimits,
  takeToken,
} from "../../main/plan/pace.ts";

const NOW = Date.UTC(2026, 10, 21, 9, 30);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const FREE: SendingLimits = sendingLimits("smtp.example.test", NOTHING_LEARNT, NOW);
const refusal = (code: "throttled" | "sending-limit" | "sending-locked", words = "no", ofSender = true) => ({ code, words, ofSender });

test("a server of which nothing is known is sent to as fast as it takes it", () => {
  expect(planWait(FULL_BUCKET, [{ hour: hourOf(NOW), messages: 1e6, bytes: 1e12 }], FREE, NOTHING_LEARNT, NOW)).toBeNull();
});

test("in no minute do more leave than the limit says, and no time is wasted", () => {
  const limit = fc.integer({ min: 1, max: 120 });
  fc.assert(
    fc.property(limit, fc.array(fc.nat(20_000), { maxLength: 150 }), (messagesAMinute, gaps) => {
      let bucket = FULL_BUCKET;
      let now = NOW;
      const left: number[] = [];
      for (const gap of gaps) {
        now = Math.max(now + gap, nextToken(bucket, messagesAMinute, now));
        expect(nextToken(bucket, messagesAMinute, now)).toBeLessThanOrEqual(now);
        bucket = takeToken(bucket, messagesAMinute, now);
        left.push(now);
        expect(left.filter((at) => at > now - MINUTE).length).toBeLessThanOrEqual(messagesAMinute);
        // The next never waits longer than a message's share of two minutes.
        expect(nextToken(bucket, messagesAMinute, now) - now).toBeLessThanOrEqual((2 * MINUTE) / messagesAMinute + 1);
      }
    }),
    { numRuns: 300 },
  );
});

test("a program that was started anew in the middle of a minute lets no more leave in it than one that ran on", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 120 }), fc.array(fc.nat(9000), { minLength: 1, maxLength: 60 }), fc.nat(), (limit, gaps, cut) => {
      let bucket = FULL_BUCKET;
      let now = NOW;
      const left: number[] = [];
      for (const [at, gap] of gaps.entries()) {
        if (at === cut % gaps.length)
          bucket = bucketAfter(
            left.filter((one) => one > now - MINUTE),
            limit,
          );
        now = Math.max(now + gap, nextToken(bucket, limit, now));
        bucket = takeToken(bucket, limit, now);
        left.push(now);
        expect(left.filter((one) => one > now - MINUTE).length).toBeLessThanOrEqual(limit);
      }
    }),
    { numRuns: 300 },
  );
});

test("a clock that is set back by hours stops nothing for hours, and one that is set back a little lets no more through", () => {
  const empty = { tokens: 0, at: NOW };
  expect(nextToken(empty, 30, NOW - 8 * HOUR)).toBeLessThanOrEqual(NOW - 8 * HOUR);
  expect(nextToken(empty, 30, NOW - 5000)).toBeGreaterThan(NOW - 5000);
  const blocked = learnSlower(NOTHING_LEARNT, FREE, [], refusal("sending-locked"), 0, NOW);
  expect(planWait(FULL_BUCKET, [], FREE, blocked, NOW - 5000)?.why).toBe("server");
  expect(planWait(FULL_BUCKET, [], FREE, blocked, NOW - 30 * HOUR)).toBeNull();
});

test("whatever the server says, it is never left alone for more than a day, nor for less than it asked for", () => {
  const said = fc.constantFrom("no", "450 try again in 5 minutes", "421 wait 40 hours", "451 4.7.0 in 90 seconds", "552 5.2.2");
  const code = fc.constantFrom("throttled" as const, "sending-limit" as const, "sending-locked" as const);
  const step = fc.record({ code, said, ofSender: fc.boolean(), accepted: fc.nat(40), passed: fc.nat(3 * 24 * HOUR) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      let learnt: LearntSending = NOTHING_LEARNT;
      let now = NOW;
      for (const one of steps) {
        now += one.passed;
        const before = sendingLimits("smtp.example.test", learnt, now);
        const sent = [{ hour: hourOf(now), messages: one.accepted, bytes: 0 }];
        for (let message = 0; message < one.accepted; message += 1) learnt = learnFaster(learnt, NOW);
        if (one.accepted > 0) expect(learnt.blockedUntil).toBeNull();
        learnt = learnSlower(learnt, before, sent, refusal(one.code, one.said, one.ofSender), one.accepted, now);
        const pause = (learnt.blockedUntil ?? now) - now;
        expect(pause).toBeLessThanOrEqual(24 * HOUR);
        if (one.ofSender) expect(pause).toBeGreaterThan(0);
        // However often it says no, something goes through some time.
        expect(learnt.messagesAMinute ?? 1).toBeGreaterThanOrEqual(1);
        const free = planWait(FULL_BUCKET, [], sendingLimits("smtp.example.test", learnt, now), learnt, now + 24 * HOUR + 1);
        expect(free).toBeNull();
      }
    }),
    { numRuns: 300 },
  );
});

test("Microsoft's thirty a minute and three connections are kept from the start", () => {
  expect(sendingLimits("smtp.office365.com", NOTHING_LEARNT, NOW)).toMatchObject({ messagesAMinute: 30, connections: 3 });
});

describe("a day is full", () => {
  const limits = { ...FREE, messagesADay: 100 };
  test("then the rest waits until enough hours have fallen out", () => {
    const sent = [
      { hour: hourOf(NOW) - 20, messages: 60, bytes: 0 },
      { hour: hourOf(NOW), messages: 40, bytes: 0 },
    ];
    expect(planWait(FULL_BUCKET, sent, limits, NOTHING_LEARNT, NOW)).toEqual({ why: "day", until: (hourOf(NOW) + 4) * HOUR });
    expect(planWait(FULL_BUCKET, sent, limits, NOTHING_LEARNT, (hourOf(NOW) + 4) * HOUR)).toBeNull();
  });
  test("bytes count as messages do", () => {
    const sent = [{ hour: hourOf(NOW), messages: 1, bytes: 5000 }];
    expect(planWait(FULL_BUCKET, sent, { ...FREE, bytesADay: 5000 }, NOTHING_LEARNT, NOW)?.why).toBe("day");
  });
});

describe("what refusals teach", () => {
  test("half the pace, and a pause that doubles", () => {
    const once = learnSlower(NOTHING_LEARNT, FREE, [], refusal("throttled"), 40, NOW);
    expect(once).toMatchObject({ messagesAMinute: 20, blockedUntil: NOW + 30_000 });
    const twice = learnSlower(once, sendingLimits("h", once, NOW), [], refusal("throttled"), 0, NOW + MINUTE);
    expect(twice).toMatchObject({ messagesAMinute: 10, blockedUntil: NOW + 2 * MINUTE });
  });
  test("those that come together count once", () => {
    const once = learnSlower(NOTHING_LEARNT, FREE, [], refusal("sending-limit"), 40, NOW);
    expect(learnSlower(once, FREE, [], refusal("sending-limit"), 40, NOW + 5)).toBe(once);
  });
  test("the wait that the server names is kept", () => {
    const once = learnSlower(NOTHING_LEARNT, FREE, [], refusal("throttled", "450 slow down, try again in 7 minutes"), 40, NOW);
    expect(once.blockedUntil).toBe(NOW + 7 * MINUTE);
  });
  test("a locked account is asked once an hour at most, once a day in the end", () => {
    let learnt: LearntSending = NOTHING_LEARNT;
    let now = NOW;
    const waits: number[] = [];
    for (let time = 0; time < 7; time += 1) {
      learnt = learnSlower(learnt, FREE, [], refusal("sending-locked"), 0, now);
      waits.push((learnt.blockedUntil ?? 0) - now);
      now = learnt.blockedUntil ?? 0;
    }
    expect(waits.map((ms) => ms / HOUR)).toEqual([1, 2, 4, 8, 16, 24, 24]);
    expect(learnt.messagesAMinute).toBeNull();
  });
  test("the day's limit is what went through, unless that was so little that somebody else must have sent", () => {
    const sent = (messages: number) => [{ hour: hourOf(NOW), messages, bytes: 0 }];
    expect(learnSlower(NOTHING_LEARNT, FREE, sent(500), refusal("sending-limit"), 0, NOW).messagesADay).toBe(500);
    expect(learnSlower(NOTHING_LEARNT, FREE, sent(3), refusal("sending-limit"), 0, NOW).messagesADay).toBeNull();
  });
  test("a day's limit that the server says is one of bytes is learnt as that", () => {
    const sent = [{ hour: hourOf(NOW), messages: 30, bytes: 400_000_000 }];
    const said = (words: string, now = sent) => learnSlower(NOTHING_LEARNT, FREE, now, { ...refusal("sending-limit"), words }, 0, NOW);
    for (const words of ["550 5.4.5 Daily bandwidth quota exceeded", "452 limit of 400 MB per day reached", "550 今日发送流量超过限制"])
      expect(said(words)).toMatchObject({ bytesADay: 400_000_000, messagesADay: null, learntAt: NOW });
    expect(said("550 5.4.5 Daily user sending limit exceeded")).toMatchObject({ bytesADay: null, messagesADay: 30 });
    expect(said("550 Daily bandwidth quota exceeded", [{ hour: hourOf(NOW), messages: 30, bytes: 90_000 }]).bytesADay).toBeNull();
    const learnt = said("550 5.4.5 Daily bandwidth quota exceeded");
    const limits = sendingLimits("smtp.example.test", learnt, NOW + HOUR);
    expect(planWait(FULL_BUCKET, sent, limits, { ...learnt, blockedUntil: null }, NOW + HOUR)).toEqual({
      why: "day",
      until: (hourOf(NOW) + 24) * HOUR,
    });
  });
  test("a 4xx for one message pauses nothing, and slows down only who is in haste", () => {
    expect(learnSlower(NOTHING_LEARNT, FREE, [], refusal("throttled", "451", false), 3, NOW)).toBe(NOTHING_LEARNT);
    expect(learnSlower(NOTHING_LEARNT, FREE, [], refusal("throttled", "451", false), 60, NOW)).toMatchObject({
      messagesAMinute: 30,
      blockedUntil: null,
    });
  });
  test("acceptances end the pause and bring the pace back, one a minute for each minute's worth", () => {
    let learnt = learnSlower(NOTHING_LEARNT, FREE, [], refusal("throttled"), 20, NOW);
    for (let message = 0; message < 10; message += 1) learnt = learnFaster(learnt, NOW);
    expect(learnt).toMatchObject({ refusals: 0, blockedUntil: null, blockedFor: null });
    expect(Math.round(learnt.messagesAMinute ?? 0)).toBe(11);
    expect(learnFaster(NOTHING_LEARNT, NOW)).toBe(NOTHING_LEARNT);
  });
  test("connections, and messages to a connection; all of it for a week", () => {
    const learnt = learnMessagesAConnection(learnConnections(NOTHING_LEARNT, 2, NOW), 50, NOW);
    expect(sendingLimits("h", learnt, NOW)).toMatchObject({ connections: 2, messagesAConnection: 50 });
    expect(sendingLimits("h", learnt, NOW + 7 * 24 * HOUR)).toEqual(FREE);
  });
  test("while the server goes on accepting they come back, a step every six hours, until nothing is left of them", () => {
    let learnt = learnMessagesAConnection(learnConnections(NOTHING_LEARNT, 2, NOW), 10, NOW);
    expect(learnFaster(learnt, NOW + 6 * HOUR - 1)).toBe(learnt);
    const seen: unknown[] = [];
    for (let time = NOW; time <= NOW + 48 * HOUR; time += HOUR) {
      const after = learnFaster(learnt, time);
      if (after !== learnt) seen.push([after.connections, after.messagesAConnection]);
      learnt = after;
    }
    expect(seen).toEqual([
      [3, 15],
      [4, 23],
      [null, 35],
      [null, 53],
      [null, 80],
      [null, null],
    ]);
    // Too many again: learnt anew, and the six hours begin anew.
    const again = learnConnections({ ...learnt, connections: 4 }, 3, NOW + 48 * HOUR);
    expect(learnFaster(again, NOW + 53 * HOUR).connections).toBe(3);
  });
});
