import { expect, test } from "vitest";
import { type NameAnswer, takesMail } from "../../main/plan/takes-mail.ts";

const found = (...exchangers: string[]): NameAnswer => ({ kind: "found", exchangers });
const none: NameAnswer = { kind: "nothing" };
const silent: NameAnswer = { kind: "no-answer" };
const noName: NameAnswer = { kind: "no-name" };

test("a domain with an exchanger takes mail; one that does not exist, or names the root alone, takes none", () => {
  expect(takesMail(found("mx.shop.example"), null)).toBe("yes");
  expect(takesMail(noName, null)).toBe("no");
  expect(takesMail(found(""), null)).toBe("no");
  expect(takesMail(found("."), null)).toBe("no");
  // RFC 7505 §3: a null MX is alone.
  expect(takesMail(found("", "mx.shop.example"), null)).toBe("yes");
});

test("without an exchanger its addresses decide, and where somebody does not answer nothing is said", () => {
  expect(takesMail(none, null)).toBeNull();
  expect(takesMail(none, [none, found("2001:db8::1")])).toBe("yes");
  expect(takesMail(none, [none, none])).toBe("no");
  expect(takesMail(none, [none, silent])).toBe("unknown");
  expect(takesMail(silent, null)).toBe("unknown");
});
