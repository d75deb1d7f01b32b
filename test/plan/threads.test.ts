import { expect, test } from "vitest";
import { baseSubject, sharePeople, tiesOf } from "../../main/plan/threads.ts";

test.each([
  ["Re: Lunch", "lunch", true],
  ["RE[2]: Fwd:  Lunch ", "lunch", true],
  ["回复：会议", "会议", true],
  ["答复: 转发: 回覆：会议", "会议", true],
  ["AW: WG: Lunch", "lunch", true],
  ["[list] Re: Lunch", "lunch", true],
  ["Lunch", "lunch", false],
  ["Regarding lunch", "regarding lunch", false],
  ["Re:", "", true],
  ["Re: ok", "", true],
  ["", "", false],
])("%j is about %j", (subject, base, isAnswer) => {
  expect(baseSubject(subject)).toEqual({ base, isAnswer });
});

test("a subject of nothing but prefixes is read in one go, however long", () => {
  const started = performance.now();
  expect(baseSubject("Re: ".repeat(20_000)).isAnswer).toBe(true);
  expect(performance.now() - started).toBeLessThan(1000);
});

test("a message is tied to itself, to what it answers, and to its references from the nearest to the root, each once", () => {
  expect(tiesOf({ messageIdHeader: "c", inReplyTo: "b", references: ["a", "b"] })).toEqual(["c", "b", "a"]);
  expect(tiesOf({ messageIdHeader: null, inReplyTo: "", references: [] })).toEqual([]);
});

test("of hundreds of references the nearest and the root are kept", () => {
  const references = Array.from({ length: 300 }, (_, index) => `r${index}`);
  const ties = tiesOf({ messageIdHeader: "me", inReplyTo: null, references });
  expect(ties).toHaveLength(25);
  expect(ties.slice(0, 2)).toEqual(["me", "r299"]);
  expect(ties.at(-1)).toBe("r0");
});

test("people are the same whatever the case of their address", () => {
  expect(sharePeople(["A@Example.test"], ["b@example.test", "a@example.TEST"])).toBe(true);
  expect(sharePeople(["a@example.test"], [])).toBe(false);
});
