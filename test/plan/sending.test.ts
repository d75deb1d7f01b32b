import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { afterFiling, afterFilingAsked, planFiling, withoutCopy } from "../../main/plan/filing.ts";
import { afterRetry, withoutTheRest } from "../../main/plan/outbox-acts.ts";
import { type AttemptOutcome, type Item, MAX_ATTEMPTS, type RecipientOutcome, remaining, type World } from "../../main/plan/outbox-item.ts";
import { afterAttempt, afterNoConnection, afterRestart, beginAttempt, beginFinishing, planSending } from "../../main/plan/sending.ts";
import { afterDecision, afterLook, LOOK_WAITS_MS } from "../../main/plan/unanswered.ts";
import type { FailureData } from "../../shared/failure.ts";

const NOW = 1_000_000;
const later: FailureData = { kind: "throttled", code: "throttled", params: {}, serverWords: "451 later" };
const no: FailureData = { kind: "refused", code: "refused-by-server", params: {}, serverWords: "550 no" };
const lost: FailureData = { kind: "offline", code: "line-closed", params: {} };

function item(more: Partial<Item> = {}, addresses: readonly string[] = ["a@example.test"]): Item {
  return {
    state: "queued",
    undoUntil: 0,
    sendAt: null,
    nextTryAt: null,
    attempts: 0,
    recipients: addresses.map((address) => ({ address, state: "waiting", serverWords: "" })),
    acceptedAt: null,
    filedAt: null,
    nextFilingAt: null,
    filingAttempts: 0,
    filingFailure: null,
    failure: null,
    search: null,
    report: null,
    hold: null,
    requireTls: false,
    ...more,
  };
}
const world = (more: Partial<World> = {}): World => ({
  now: NOW,
  online: true,
  paused: false,
  stopped: false,
  connectNotBefore: 0,
  ...more,
});
const answered = (...recipients: RecipientOutcome[]): AttemptOutcome => ({ verdict: "answered", failure: null, recipients });
const told = (address: string, state: RecipientOutcome["state"]): RecipientOutcome => ({ address, state, serverWords: state });

describe("when it goes out", () => {
  test("a queued message waits for the end of the undo window, then goes", () => {
    expect(planSending(item({ undoUntil: NOW + 5000 }), world())).toEqual({ kind: "wait", until: NOW + 5000 });
    expect(planSending(item({ undoUntil: NOW }), world())).toEqual({ kind: "send" });
  });
  test.each([{ online: false }, { paused: true }, { stopped: true }])("it stays while %o", (more) => {
    expect(planSending(item(), world(more)).kind).toBe("nothing");
  });
  test("a server that could not be reached is left alone until its time", () => {
    expect(planSending(item(), world({ connectNotBefore: NOW + 1 }))).toEqual({ kind: "wait", until: NOW + 1 });
  });
});

describe("an answered attempt", () => {
  test("taken for all: accepted, and due for filing", () => {
    const after = afterAttempt(beginAttempt(item()), answered(told("a@example.test", "accepted")), NOW, 0.5);
    expect(after).toMatchObject({ state: "accepted", acceptedAt: NOW, nextFilingAt: NOW, failure: null });
    expect(planSending(after, world()).kind).toBe("nothing");
    expect(planFiling(after, world()).kind).toBe("file");
  });
  test("deferred for some: the rest are tried again, those who have it never are", () => {
    const start = beginAttempt(item({}, ["a@example.test", "b@example.test"]));
    const after = afterAttempt(start, answered(told("a@example.test", "accepted"), told("b@example.test", "deferred")), NOW, 0.5);
    expect(after.state).toBe("queued");
    expect(remaining(after)).toEqual(["b@example.test"]);
    expect(planFiling(after, world()).kind).toBe("file");
  });
  test("refused for one of two: held with the server's words, and retry names only that one", () => {
    const start = beginAttempt(item({}, ["a@example.test", "b@example.test"]));
    const after = afterAttempt(start, answered(told("a@example.test", "accepted"), told("b@example.test", "refused")), NOW, 0.5);
    expect(after).toMatchObject({
      state: "held",
      acceptedAt: NOW,
      failure: { code: "recipient-refused", params: { address: "b@example.test" } },
    });
    expect(remaining(after)).toEqual([]);
    expect(remaining(afterRetry(after, NOW))).toEqual(["b@example.test"]);
  });
  test("left out, the refused one no longer holds the message", () => {
    const start = beginAttempt(item({}, ["a@example.test", "b@example.test"]));
    const held = afterAttempt(start, answered(told("a@example.test", "accepted"), told("b@example.test", "refused")), NOW, 0.5);
    expect(withoutTheRest(held, NOW)).toMatchObject({ state: "accepted", recipients: [{ address: "a@example.test" }] });
  });
});

test("a temporary refusal is tried again ever later, ten times, then held", () => {
  let now = NOW;
  let one = item();
  let lastWait = 0;
  for (let attempt = 1; attempt < MAX_ATTEMPTS; attempt += 1) {
    one = afterAttempt(beginAttempt(one), { verdict: "retryable", failure: later, recipients: [] }, now, 0);
    expect(one).toMatchObject({ state: "queued", attempts: attempt });
    const wait = (one.nextTryAt ?? 0) - now;
    expect(wait).toBeGreaterThanOrEqual(lastWait);
    expect(wait).toBeLessThanOrEqual(15 * 60_000);
    lastWait = wait;
    now += wait;
  }
  one = afterAttempt(beginAttempt(one), { verdict: "retryable", failure: later, recipients: [] }, now, 0);
  expect(one).toMatchObject({ state: "held", attempts: MAX_ATTEMPTS, failure: later });
  expect(afterRetry(one, now)).toMatchObject({ state: "queued", attempts: 0 });
});

test("a server that cannot be reached for days costs no attempt", () => {
  expect(afterNoConnection(beginAttempt(item()), lost)).toMatchObject({ state: "queued", attempts: 0, failure: lost });
});

test("a wrong password holds the message, a locked vault only lets it wait", () => {
  const wrong: FailureData = { kind: "auth", code: "wrong-password", params: {} };
  expect(afterNoConnection(beginAttempt(item()), wrong).state).toBe("held");
  expect(afterNoConnection(beginAttempt(item()), { ...wrong, code: "vault-locked" }).state).toBe("queued");
});

describe("a message that may have arrived", () => {
  const unknown = (more: Partial<Item> = {}): Item =>
    afterAttempt(beginFinishing(beginAttempt(item(more)), []), { verdict: "unknown", failure: lost, recipients: [] }, NOW, 0.5);

  test("is looked for at once, then at growing intervals for half an hour, then the user is asked", () => {
    let one = unknown();
    let now = NOW;
    const looks: number[] = [];
    for (;;) {
      const step = planSending(one, world({ now }));
      if (step.kind === "nothing") break;
      if (step.kind === "wait") now = step.until;
      else {
        expect(step.kind).toBe("look");
        looks.push(now - NOW);
        one = afterLook(one, false, now);
      }
    }
    expect(looks.length).toBe(LOOK_WAITS_MS.length);
    expect(looks).toEqual([0, 15_000, 60_000, 120_000, 300_000, 600_000, 1_200_000, 1_800_000]);
    expect(one.state).toBe("unknown");
  });
  test("found in Sent, it was accepted and is filed already", () => {
    expect(afterLook(unknown(), true, NOW + 5)).toMatchObject({
      state: "filed",
      acceptedAt: NOW + 5,
      filedAt: NOW + 5,
      nextFilingAt: null,
    });
  });
  test("come back to its sender's inbox, it was accepted, and its copy in Sent is owed", () => {
    expect(afterLook(unknown(), "inbox", NOW + 5)).toMatchObject({
      state: "accepted",
      acceptedAt: NOW + 5,
      filedAt: null,
      nextFilingAt: NOW + 5,
    });
  });
  test("a look that could not be made does not count", () => {
    expect(afterLook(unknown(), null, NOW).search).toMatchObject({ looks: 0, nextLookAt: NOW + 30_000 });
  });
  test("is not looked for when Sent has it from an earlier attempt for others", () => {
    expect(unknown({ acceptedAt: 5 }).search?.nextLookAt).toBeNull();
  });
  test("arrived, says the user: filed, and never sent again", () => {
    const after = afterDecision(unknown(), "arrived", NOW);
    expect(after).toMatchObject({ state: "accepted", nextFilingAt: NOW });
    expect(remaining(after)).toEqual([]);
  });
  test("arrived, but not for the one whom the server had turned away before", () => {
    const two = beginAttempt(item({}, ["a@example.test", "b@example.test"]));
    const finishing = beginFinishing(two, [told("b@example.test", "refused")]);
    const after = afterDecision(afterAttempt(finishing, { verdict: "unknown", failure: lost, recipients: [] }, NOW, 0), "arrived", NOW);
    expect(after).toMatchObject({ state: "held", acceptedAt: NOW });
    expect(remaining(afterRetry(after, NOW))).toEqual(["b@example.test"]);
  });
  test("send again, says the user: at once", () => {
    expect(planSending(afterDecision(unknown(), "send-again", NOW), world()).kind).toBe("send");
  });
  test("keep looking starts the half hour again", () => {
    const asked = { ...unknown(), search: { handedOverAt: NOW, looks: 8, nextLookAt: null, lookUntil: NOW } };
    expect(afterDecision(asked, "keep-looking", NOW + 7).search).toMatchObject({ handedOverAt: NOW, looks: 0, nextLookAt: NOW + 7 });
  });
});

test("found while starting: what was being sent goes again, what was finishing may have arrived", () => {
  expect(afterRestart(beginAttempt(item()), NOW, NOW).state).toBe("queued");
  expect(afterRestart(beginFinishing(beginAttempt(item()), []), NOW - 9, NOW)).toMatchObject({
    state: "unknown",
    search: { handedOverAt: NOW - 9, nextLookAt: NOW },
  });
});

test("filing that fails is tried again and sends nothing", () => {
  const accepted = afterAttempt(beginAttempt(item()), answered(told("a@example.test", "accepted")), NOW, 0);
  const failed = afterFiling(accepted, lost, NOW, 0.5);
  expect(failed.state).toBe("accepted");
  expect(planFiling(failed, world()).kind).toBe("wait");
  expect(planSending(failed, world({ now: NOW * 9 })).kind).toBe("nothing");
  expect(afterFiling(failed, "filed", NOW, 0)).toMatchObject({ state: "filed", nextFilingAt: null });
});

test("the provider's own copy is waited for no longer than it may take", () => {
  const accepted = afterAttempt(beginAttempt(item()), answered(told("a@example.test", "accepted")), NOW, 0);
  const waiting = afterFiling(accepted, { waitMs: 1500 }, NOW, 0.5);
  expect(waiting).toMatchObject({ nextFilingAt: NOW + 1500, filingFailure: null });
  expect(afterFiling(waiting, { waitMs: 1e9 }, NOW, 0.5).nextFilingAt).toBeLessThan(NOW + 60_000);
});

test("a copy that Sent does not take is owed until it does, or until the user does without", () => {
  const accepted = afterAttempt(beginAttempt(item()), answered(told("a@example.test", "accepted")), NOW, 0);
  const refused = afterFiling(accepted, no, NOW, 0.5);
  expect(refused).toMatchObject({ state: "accepted", filingFailure: no });
  expect(planFiling(afterFilingAsked(refused, NOW), world()).kind).toBe("file");
  expect(planFiling(withoutCopy(refused), world({ now: NOW * 9 })).kind).toBe("nothing");
});

/** A server that keeps its own books, and a user and a power supply that do what they like. */
describe("whatever happens, nobody gets it twice on a guess and nobody is forgotten", () => {
  const ADDRESSES = ["a@example.test", "b@example.test", "c@example.test"];
  const rcpt = fc.constantFrom("accepted", "refused", "deferred");
  const event = fc.oneof(
    fc.record({
      kind: fc.constant("attempt" as const),
      rcpt: fc.array(rcpt, { minLength: 3, maxLength: 3 }),
      end: fc.constantFrom("yes", "later", "no", "lost-taken", "lost-not-taken", "cut", "kill", "kill-sending"),
    }),
    fc.record({
      kind: fc.constantFrom("look" as const, "look-failed" as const, "retry" as const, "file" as const, "no-connection" as const),
    }),
  );

  test("for any history", () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 40 }), (events) => {
        let one = item({}, ADDRESSES);
        let now = NOW;
        const copies = new Map(ADDRESSES.map((address) => [address, 0]));
        let filed = 0;
        for (const happening of events) {
          now += 3_600_000;
          const step = planSending(one, world({ now }));
          if (happening.kind === "attempt" && step.kind === "send") {
            const to = remaining(one);
            expect(to.length).toBeGreaterThan(0);
            // Nobody who has it is named, whatever the server said of others.
            for (const address of to) expect(copies.get(address)).toBe(0);
            one = beginAttempt(one);
            if (happening.end === "kill-sending") {
              one = afterRestart(one, now, now);
              continue;
            }
            const states = to.map((address) => told(address, happening.rcpt[ADDRESSES.indexOf(address)] ?? "accepted"));
            const away = states.filter(({ state }) => state !== "accepted");
            const going = states.filter(({ state }) => state === "accepted");
            if (going.length === 0) {
              const verdict = away.some(({ state }) => state === "deferred") ? "retryable" : "permanent";
              one = afterAttempt(one, { verdict, failure: verdict === "retryable" ? later : no, recipients: away }, now, 0.5);
              continue;
            }
            if (happening.end === "cut") {
              one = afterAttempt(one, { verdict: "retryable", failure: lost, recipients: away }, now, 0.5);
              continue;
            }
            one = beginFinishing(one, away);
            const taken = happening.end === "yes" || happening.end === "lost-taken" || happening.end === "kill";
            if (taken) for (const { address } of going) copies.set(address, (copies.get(address) ?? 0) + 1);
            if (happening.end === "yes") one = afterAttempt(one, answered(...states), now, 0.5);
            else if (happening.end === "later")
              one = afterAttempt(one, { verdict: "retryable", failure: later, recipients: away }, now, 0.5);
            else if (happening.end === "no") one = afterAttempt(one, { verdict: "permanent", failure: no, recipients: away }, now, 0.5);
            else if (happening.end === "kill") one = afterRestart(one, now, now);
            else one = afterAttempt(one, { verdict: "unknown", failure: lost, recipients: away }, now, 0.5);
          } else if (happening.kind === "look" && step.kind === "look") {
            one = afterLook(one, false, now);
          } else if (happening.kind === "look-failed" && step.kind === "look") {
            one = afterLook(one, null, now);
          } else if (happening.kind === "retry") {
            one = afterRetry(one, now);
          } else if (happening.kind === "no-connection" && step.kind === "send") {
            one = afterNoConnection(beginAttempt(one), lost);
          } else if (happening.kind === "file" && planFiling(one, world({ now })).kind === "file") {
            filed += 1;
            one = afterFiling(one, "filed", now, 0);
          }
          expect(filed).toBeLessThanOrEqual(1);
          // Nothing rests while somebody is still to get it: it is on its way, or the user is asked.
          const lacking = one.recipients.filter(({ state }) => state !== "accepted").length;
          if (lacking > 0) expect(["queued", "held", "unknown"]).toContain(one.state);
          for (const { address, state } of one.recipients) if (state === "accepted") expect(copies.get(address)).toBe(1);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
