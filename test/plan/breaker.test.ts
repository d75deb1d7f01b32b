import fc from "fast-check";
import { expect, test } from "vitest";
import { type Breaker, CLOSED, connecting, connectNotBefore, hurried, notAsked, unreached } from "../../main/plan/breaker.ts";
import type { FailureData } from "../../shared/failure.ts";

const NOW = 1_000_000;
const gone: FailureData = { kind: "offline", code: "connection-refused", params: {} };

test("a server that cannot be had is left alone, then tried by one connection, ever later", () => {
  let breaker: Breaker = CLOSED;
  let now = NOW;
  let last = 0;
  for (let failure = 0; failure < 12; failure += 1) {
    expect(connectNotBefore(breaker, now)).toBeLessThanOrEqual(now);
    breaker = connecting(breaker);
    breaker = unreached(breaker, gone, now, 0);
    const wait = connectNotBefore(breaker, now) - now;
    expect(wait).toBeGreaterThanOrEqual(last);
    last = wait;
    now += wait;
  }
  expect(last).toBe(7.5 * 60_000);
});

test("while the probe is out nobody else tries", () => {
  const open = unreached(CLOSED, gone, NOW, 0);
  expect(connectNotBefore(connecting(open), NOW)).toBe(Number.POSITIVE_INFINITY);
});

test("connections that fail together count once", () => {
  const once = unreached(CLOSED, gone, NOW, 0);
  expect(unreached(once, gone, NOW + 5, 0)).toBe(once);
});

test("a network that is back lets the probe go at once, and waits start small again", () => {
  let breaker: Breaker = CLOSED;
  for (let failure = 0; failure < 6; failure += 1) breaker = unreached(connecting(breaker), gone, NOW, 0);
  breaker = hurried(breaker, NOW + 1);
  expect(connectNotBefore(breaker, NOW + 1)).toBe(NOW + 1);
  expect(connectNotBefore(unreached(connecting(breaker), gone, NOW + 1, 0), NOW + 1) - NOW).toBeLessThan(4000);
});

test("whatever happens, one probe at a time, and never a server that is given up for good", () => {
  const event = fc.constantFrom("connect", "reached", "unreached", "not-asked", "hurry");
  fc.assert(
    fc.property(fc.array(fc.tuple(event, fc.nat(2_000_000)), { maxLength: 80 }), (events) => {
      let breaker: Breaker = CLOSED;
      let now = NOW;
      let probes = 0;
      for (const [what, passed] of events) {
        now += passed;
        const may = connectNotBefore(breaker, now) <= now;
        if (what === "connect" && may) {
          breaker = connecting(breaker);
          if (breaker.kind === "half-open") probes += 1;
          expect(probes).toBeLessThanOrEqual(1);
        } else if (what === "hurry") breaker = hurried(breaker, now);
        else if (breaker.kind !== "open" && what !== "connect") {
          probes = 0;
          breaker = what === "reached" ? CLOSED : what === "not-asked" ? notAsked(breaker, now) : unreached(breaker, gone, now, 0.5);
        }
        // Only a probe that is out can hold everybody back without an end.
        expect(Number.isFinite(connectNotBefore(breaker, now))).toBe(breaker.kind !== "half-open");
        if (breaker.kind === "open") expect(breaker.until - now).toBeLessThanOrEqual(15 * 60_000);
      }
    }),
    { numRuns: 500 },
  );
});

test("a clock that is set back keeps nobody from a server for hours", () => {
  const open = unreached(CLOSED, gone, NOW + 8 * 3_600_000, 0.5);
  expect(connectNotBefore(open, NOW)).toBeLessThanOrEqual(NOW);
});
