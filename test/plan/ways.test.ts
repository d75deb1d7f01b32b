import fc from "fast-check";
import { expect, test } from "vitest";
import { type Breaker, CLOSED, connectNotBefore } from "../../main/plan/breaker.ts";
import type { AttemptOutcome } from "../../main/plan/outbox-item.ts";
import { planWay, serverFailed, type WayState } from "../../main/plan/ways.ts";
import { FALLBACKS } from "../../shared/contract/accounts.ts";
import { Failure, type FailureCode } from "../../shared/failure.ts";

const NOW = 1_000_000;
const moment = fc.integer({ min: NOW - 1000, max: NOW + 1000 });
const failure = fc.constantFrom<FailureCode>("connection-refused", "timed-out", "server-unavailable", "too-many-connections");
const breaker: fc.Arbitrary<Breaker> = fc.oneof(
  fc.constant(CLOSED),
  fc
    .record({ code: failure, until: moment })
    .map(({ code, until }): Breaker => ({ kind: "open", failures: 1, until, failure: new Failure(code).data() })),
  failure.map((code): Breaker => ({ kind: "half-open", failures: 1, failure: new Failure(code).data() })),
);
const way: fc.Arbitrary<WayState> = fc.record({
  breaker,
  wait: fc.option(fc.record({ why: fc.constantFrom("minute", "day", "server"), until: moment })),
  connected: fc.boolean(),
  stopped: fc.boolean(),
});
const ways = fc.array(way, { minLength: 1, maxLength: 5 });
const agreed = fc.constantFrom(...FALLBACKS);

const free = (one: WayState): boolean =>
  !one.stopped && (one.connected || connectNotBefore(one.breaker, NOW) <= NOW) && (one.wait === null || one.wait.until <= NOW);

test("without an agreement only the first server is ever used", () => {
  fc.assert(
    fc.property(ways, (all) => {
      const plan = planWay(all, "none", NOW);
      expect(plan.kind === "wait" || plan.at === 0).toBe(true);
      expect(plan.kind === "use").toBe(free(all[0] as WayState));
    }),
  );
});

test("what is used is free, and nothing before it was", () => {
  fc.assert(
    fc.property(ways, agreed, (all, fallback) => {
      const plan = planWay(all, fallback, NOW);
      if (plan.kind === "wait") return;
      expect(free(all[plan.at] as WayState)).toBe(true);
      expect(all.slice(0, plan.at).some(free)).toBe(false);
    }),
  );
});

test("a server that only wants no more is passed by when that was agreed to, and by no smaller agreement", () => {
  const limited = (one: WayState): boolean =>
    (one.wait !== null && one.wait.until > NOW && one.wait.why !== "minute") ||
    (!one.connected &&
      connectNotBefore(one.breaker, NOW) > NOW &&
      one.breaker.kind !== "closed" &&
      one.breaker.failure.code === "too-many-connections");
  fc.assert(
    fc.property(ways, (all) => {
      const plan = planWay(all, "unreachable", NOW);
      if (plan.kind === "wait") return;
      expect(all.slice(0, plan.at).some((one) => !one.stopped && limited(one))).toBe(false);
    }),
  );
});

test("a larger agreement never makes a message wait that went before", () => {
  fc.assert(
    fc.property(ways, (all) => {
      const plans = FALLBACKS.map((fallback) => planWay(all, fallback, NOW));
      for (const [at, plan] of plans.entries()) {
        const before = plans[at - 1];
        if (before?.kind === "use") expect(plan).toEqual(before);
      }
    }),
  );
});

test("whoever waits looks again when the first of those that may be used is free", () => {
  fc.assert(
    fc.property(ways, agreed, (all, fallback) => {
      const plan = planWay(all, fallback, NOW);
      if (plan.kind === "use") return;
      expect(plan.until).toBeGreaterThan(NOW);
      if (!Number.isFinite(plan.until)) return;
      // At that moment one is free; that it is used is what the same function says then.
      const then = planWay(all, fallback, plan.until);
      expect(then.kind).toBe("use");
    }),
  );
});

test("our own pace is no reason to go elsewhere", () => {
  const paced: WayState = { breaker: CLOSED, wait: { why: "minute", until: NOW + 500 }, connected: true, stopped: false };
  const idle: WayState = { breaker: CLOSED, wait: null, connected: false, stopped: false };
  for (const fallback of FALLBACKS) expect(planWay([paced, idle], fallback, NOW)).toEqual({ kind: "wait", until: NOW + 500 });
});

test("only a server that failed itself, with nothing handed over, sends a message elsewhere", () => {
  const outcome = (verdict: AttemptOutcome["verdict"], code: FailureCode, aboutSender = false): AttemptOutcome => ({
    verdict,
    failure: new Failure(code).data(),
    recipients: [],
    aboutSender,
  });
  expect(serverFailed(outcome("retryable", "line-closed"))).toBe(true);
  expect(serverFailed(outcome("retryable", "server-unavailable"))).toBe(true);
  expect(serverFailed(outcome("retryable", "server-unavailable", true))).toBe(false);
  expect(serverFailed(outcome("retryable", "greylisted"))).toBe(false);
  for (const verdict of ["answered", "permanent", "unknown", "stopped", "kept-here"] as const)
    expect(serverFailed(outcome(verdict, "line-closed"))).toBe(false);
});
