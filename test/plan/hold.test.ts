import fc from "fast-check";
import { expect, test } from "vitest";
import { planFiling } from "../../main/plan/filing.ts";
import { cannotHold, type HoldLimits, holdUntil } from "../../main/plan/hold.ts";
import { type AttemptOutcome, holdsUntil, type Item, type World } from "../../main/plan/outbox-item.ts";
import { afterAttempt, afterNoConnection, afterRestart, beginAttempt, beginFinishing, planSending } from "../../main/plan/sending.ts";
import { afterDecision, afterLook } from "../../main/plan/unanswered.ts";

const NOW = Date.UTC(2026, 10, 21, 9, 30);
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const moment = fc.integer({ min: NOW - 2 * DAY, max: NOW + 400 * DAY });
const limits: fc.Arbitrary<HoldLimits> = fc.record({ longestMs: fc.nat(40 * DAY), until: moment });

test("the moment is written as RFC 3339 has it, at most a second after the one that is meant and never before", () => {
  fc.assert(
    fc.property(moment, (at) => {
      const text = holdUntil(at);
      expect(text).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/u);
      expect(Date.parse(text) - at).toBeGreaterThanOrEqual(0);
      expect(Date.parse(text) - at).toBeLessThan(1000);
    }),
  );
});

test("what is asked of a server is never further away than it said; whatever is nearer can be asked as well", () => {
  fc.assert(
    fc.property(limits, moment, fc.nat(DAY), (offered, at, earlier) => {
      expect(cannotHold(null, at, NOW)).toBe("not-offered");
      if (cannotHold(offered, at, NOW) !== null) return;
      const asked = Date.parse(holdUntil(at));
      expect(asked - NOW).toBeLessThanOrEqual(offered.longestMs);
      expect(asked).toBeLessThanOrEqual(offered.until);
      expect(cannotHold(offered, at - earlier, NOW)).toBeNull();
    }),
    { numRuns: 500 },
  );
});

test("a moment that is well within both limits can be held, to the second", () => {
  expect(cannotHold({ longestMs: HOUR, until: NOW + DAY }, NOW + HOUR, NOW)).toBeNull();
  expect(cannotHold({ longestMs: HOUR, until: NOW + DAY }, NOW + HOUR + 1, NOW)).toBe("too-far");
  expect(cannotHold({ longestMs: DAY, until: NOW + HOUR }, NOW + HOUR, NOW)).toBeNull();
  expect(cannotHold({ longestMs: DAY, until: NOW + HOUR }, NOW + HOUR + 1, NOW)).toBe("too-far");
});

const AT = NOW + 10 * HOUR;
const ITEM: Item = {
  state: "queued",
  undoUntil: NOW,
  sendAt: AT,
  nextTryAt: null,
  attempts: 0,
  recipients: ["a@example.test", "b@example.test"].map((address) => ({ address, state: "waiting", serverWords: "" })),
  acceptedAt: null,
  filedAt: null,
  nextFilingAt: null,
  filingAttempts: 0,
  filingFailure: null,
  failure: null,
  search: null,
  report: null,
  hold: "wanted",
  requireTls: false,
};
const lost = { kind: "offline", code: "line-closed", params: {} } as const;

type Deed = {
  readonly what:
    | "taken"
    | "taken-by-one"
    | "put-off"
    | "lost"
    | "kept-here"
    | "unreached"
    | "killed"
    | "killed-finishing"
    | "found"
    | "not-found";
  readonly passed: number;
};
const deed: fc.Arbitrary<Deed> = fc.record({
  what: fc.constantFrom(
    "taken",
    "taken-by-one",
    "put-off",
    "lost",
    "kept-here",
    "unreached",
    "killed",
    "killed-finishing",
    "found",
    "not-found",
  ),
  passed: fc.oneof(fc.nat(20 * 60_000), fc.nat(6 * HOUR)),
});

/** What the world makes of an item; the moments at which its bytes went out, each with the one that the server was told. */
function live(deeds: readonly Deed[]): { item: Item; out: { at: number; until: number | null }[]; filedEarly: boolean } {
  let item: Item = ITEM;
  let now = NOW;
  let filedEarly = false;
  const out: { at: number; until: number | null }[] = [];
  for (const { what, passed } of deeds) {
    now += passed;
    const world: World = { now, online: true, paused: false, stopped: false, connectNotBefore: 0 };
    if (planFiling(item, world).kind === "file" && item.hold === "asked" && now < AT) filedEarly = true;
    const { kind } = planSending(item, world);
    if (kind === "look") item = afterLook(item, what === "found", now);
    if (kind !== "send") continue;
    const begun = beginAttempt(item);
    const until = holdsUntil(item, now);
    const finishing = beginFinishing(begun, [], false, until !== null);
    const ended = (outcome: AttemptOutcome): Item => afterAttempt(finishing, outcome, now, 0.5);
    const some = what === "taken-by-one" ? 1 : 2;
    const recipients = item.recipients.map(({ address }, at) => ({
      address,
      state: at < some ? ("accepted" as const) : ("deferred" as const),
      serverWords: "",
    }));
    if (what === "unreached") item = afterNoConnection(begun, lost);
    else if (what === "killed") item = afterRestart(begun, now, now);
    else if (what === "kept-here")
      item = afterAttempt(begun, { verdict: "kept-here", failure: null, recipients: [], kept: "not-offered" }, now, 0.5);
    else if (what === "put-off") item = afterAttempt(begun, { verdict: "retryable", failure: lost, recipients: [] }, now, 0.5);
    else {
      out.push({ at: now, until });
      if (what === "killed-finishing") item = afterRestart(finishing, now, now);
      else if (what === "taken" || what === "taken-by-one") item = ended({ verdict: "answered", failure: null, recipients });
      else item = ended({ verdict: "unknown", failure: lost, recipients: [] });
    }
  }
  return { item, out, filedEarly };
}

test("whatever happens, nobody reads it before its moment: the server is told that moment, or nothing leaves before it", () => {
  fc.assert(
    fc.property(fc.array(deed, { maxLength: 40 }), (deeds) => {
      const { out, filedEarly } = live(deeds);
      for (const { at, until } of out) expect(until ?? at).toBeGreaterThanOrEqual(AT);
      expect(filedEarly).toBe(false);
      // Unknown is never sent again by itself.
      expect(out.length).toBeLessThanOrEqual(1 + deeds.filter(({ what }) => what === "taken-by-one").length);
    }),
    { numRuns: 1000 },
  );
});

test("sent again by the user, what may lie with the server is held until the same moment", () => {
  const unknown = afterRestart(beginFinishing(beginAttempt(ITEM), [], false, true), NOW, NOW);
  expect(unknown).toMatchObject({ state: "unknown", search: { nextLookAt: AT } });
  expect(holdsUntil(afterDecision(unknown, "send-again", NOW), NOW)).toBe(AT);
  expect(holdsUntil(afterDecision(unknown, "send-again", NOW), AT)).toBeNull();
});
