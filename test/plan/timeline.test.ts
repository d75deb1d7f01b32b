import { expect, test } from "vitest";
import { afterFiling } from "../../main/plan/filing.ts";
import { afterRetry, withoutTheRest } from "../../main/plan/outbox-acts.ts";
import type { Item } from "../../main/plan/outbox-item.ts";
import { afterAttempt, afterNoConnection, afterRestart, askedForLateness, beginAttempt, beginFinishing } from "../../main/plan/sending.ts";
import { eventOf } from "../../main/plan/timeline.ts";
import { afterDecision, afterLook } from "../../main/plan/unanswered.ts";
import type { FailureData } from "../../shared/failure.ts";

const NOW = 1_000_000;
const lost: FailureData = { kind: "offline", code: "line-closed", params: {} };
const later: FailureData = { kind: "throttled", code: "throttled", params: { host: "smtp.example.test" }, serverWords: "451 later" };

const start: Item = {
  state: "queued",
  undoUntil: 0,
  sendAt: null,
  nextTryAt: null,
  attempts: 0,
  recipients: ["a", "b"].map((name) => ({ address: `${name}@example.test`, state: "waiting", serverWords: "" })),
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
};
const what = (before: Item, after: Item): string | null => eventOf(before, after, "recipients", NOW)?.what ?? null;
const told = (address: string, state: "accepted" | "refused" | "deferred") => ({ address, state, serverWords: `250 ${address}` });

const sending = beginAttempt(start);
const finishing = beginFinishing(sending, []);
const unknown = afterAttempt(finishing, { verdict: "unknown", failure: lost, recipients: [] }, NOW, 0);
const both = [told("a@example.test", "accepted"), told("b@example.test", "accepted")];
const accepted = afterAttempt(finishing, { verdict: "answered", failure: null, recipients: both }, NOW, 0);

test("the straight way: begun, handed over, accepted with the server's words, filed", () => {
  expect([what(start, sending), what(sending, finishing), what(finishing, accepted)]).toEqual(["begun", "handed-over", "accepted"]);
  expect(eventOf(finishing, accepted, "answered", NOW)?.words).toBe("250 a@example.test\n250 b@example.test");
  expect(what(accepted, afterFiling(accepted, "filed", NOW, 0))).toBe("filed");
  expect(what(accepted, afterFiling(accepted, lost, NOW, 0))).toBe("not-filed");
  expect(what(accepted, afterFiling(accepted, { waitMs: 1 }, NOW, 0))).toBeNull();
});

test("some have it, and some are left out in the end", () => {
  const some = afterAttempt(
    finishing,
    { verdict: "answered", failure: null, recipients: [told("a@example.test", "accepted"), told("b@example.test", "deferred")] },
    NOW,
    0,
  );
  expect(what(finishing, some)).toBe("accepted-by-some");
  expect(what(some, withoutTheRest(some, NOW))).toBe("without-the-rest");
});

test("put off with the words, or not tried at all, or held", () => {
  const putOff = afterAttempt(sending, { verdict: "retryable", failure: later, recipients: [] }, NOW, 0);
  expect(eventOf(sending, putOff, "recipients", NOW)).toEqual({
    at: NOW,
    what: "put-off",
    stage: "recipients",
    code: "throttled",
    params: { host: "smtp.example.test" },
    words: "451 later",
    server: null,
    insteadOf: null,
  });
  expect(what(sending, afterNoConnection(sending, lost))).toBe("not-tried");
  const held = afterAttempt(sending, { verdict: "permanent", failure: later, recipients: [] }, NOW, 0);
  expect(what(sending, held)).toBe("held");
  expect(what(held, afterRetry(held, NOW))).toBe("asked-again");
  expect(what(start, askedForLateness(start))).toBe("late");
  expect(what(start, withoutTheRest(start, NOW))).toBe("cancelled");
});

test("broken off by the user or by the end of the program, it is not said that the server was not to be had", () => {
  for (const before of [sending, { ...sending, failure: lost }]) {
    expect(what(before, afterAttempt(before, { verdict: "stopped", failure: null, recipients: [] }, NOW, 0))).toBe("interrupted");
    const restarted = eventOf(before, afterRestart(before, NOW, NOW), "uploading", NOW);
    expect(restarted).toMatchObject({ what: "interrupted", stage: "uploading", code: null, params: {} });
    expect(what(before, afterNoConnection(before, lost === before.failure ? { ...lost } : lost))).toBe("not-tried");
  }
});

test("unanswered, looked for, and each way out of it", () => {
  expect(what(finishing, unknown)).toBe("unanswered");
  expect(what(unknown, afterLook(unknown, false, NOW))).toBe("not-found");
  expect(what(unknown, afterLook(unknown, null, NOW))).toBeNull();
  expect(what(unknown, afterLook(unknown, true, NOW))).toBe("found");
  expect(what(unknown, afterLook(unknown, "inbox", NOW))).toBe("arrived");
  expect(what(unknown, afterDecision(unknown, "arrived", NOW))).toBe("arrived");
  expect(what(unknown, afterDecision(unknown, "send-again", NOW))).toBe("sent-again");
});

test("a copy that lay in Sent before we came is told apart from one that we put there", () => {
  const filed = afterFiling(accepted, "filed", NOW, 0);
  const instead = { server: null, instead: null };
  expect(what(accepted, filed)).toBe("filed");
  expect(eventOf(accepted, filed, "answered", NOW, { ...instead, theirCopy: true })?.what).toBe("there-already");
});
