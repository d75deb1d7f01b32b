import fc from "fast-check";
import { expect, test } from "vitest";
import { afterPost, type PostAnswer } from "../../main/plan/unsubscribe.ts";

const ASKED = Date.UTC(2026, 10, 1);
const after = (answer: PostAnswer, { attempts = 1, now = ASKED, roll = 0.5 } = {}) => afterPost(answer, attempts, ASKED, now, roll);
const answered = (status: number, retryAfterMs: number | null = null): PostAnswer => ({
  kind: "answered",
  status,
  words: "no",
  retryAfterMs,
});
const DAY = 86_400_000;

test("told is told, a no is a no, and a redirection is not followed", () => {
  expect([200, 202, 204].map((status) => after(answered(status)).kind)).toEqual(["told", "told", "told"]);
  for (const status of [301, 302, 307, 400, 404, 410, 500, 502])
    expect(after(answered(status))).toEqual({ kind: "refused", status, words: "no" });
  expect(after({ kind: "forbidden" })).toEqual({ kind: "refused", status: null, words: "" });
});

test("a server that says it did nothing is asked again, later than it says, and not for ever", () => {
  expect(after(answered(503, 3_600_000))).toEqual({ kind: "wait", until: ASKED + 3_600_000 });
  expect(after(answered(429, 90 * DAY))).toEqual({ kind: "wait", until: ASKED + DAY });
  expect(after(answered(503), { attempts: 8 }).kind).toBe("refused");
  expect(after({ kind: "not-reached", words: "" }, { attempts: 50, now: ASKED + 6 * DAY }).kind).toBe("wait");
  expect(after({ kind: "not-reached", words: "no such name" }, { now: ASKED + 8 * DAY })).toEqual({
    kind: "refused",
    status: null,
    words: "no such name",
  });
});

test("nothing is sent again on a guess, and never within a minute", () => {
  const answer = fc.oneof(
    fc.record({
      kind: fc.constant("answered" as const),
      status: fc.integer({ min: 100, max: 599 }),
      words: fc.constant(""),
      retryAfterMs: fc.option(fc.nat()),
    }),
    fc.constantFrom<PostAnswer>({ kind: "cut" }, { kind: "forbidden" }, { kind: "not-reached", words: "" }),
  );
  fc.assert(
    fc.property(
      answer,
      fc.integer({ min: 1, max: 20 }),
      fc.nat(10 * DAY),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      (said, attempts, ms, roll) => {
        const step = after(said, { attempts, now: ASKED + ms, roll });
        if (said.kind === "cut") expect(step).toEqual({ kind: "unknown" });
        if (step.kind !== "wait") return;
        expect(step.until - ASKED - ms).toBeGreaterThanOrEqual(60_000);
        expect(said.kind === "not-reached" || (said.kind === "answered" && [429, 503].includes(said.status))).toBe(true);
      },
    ),
  );
});
