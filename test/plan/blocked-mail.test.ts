import { expect, test } from "vitest";
import { type DatedRule, whyJunk } from "../../main/plan/blocked-mail.ts";

const SINCE = Date.UTC(2026, 10, 1);
const MINUTE = 60_000;
const block = (scope: "sender" | "domain", value: string): DatedRule => ({ scope, value, verdict: "block", since: SINCE });
const allow = (scope: "sender" | "domain", value: string): DatedRule => ({ scope, value, verdict: "allow", since: SINCE });
const yes = () => true;
const no = () => false;
const arrived = { receivedAt: SINCE + MINUTE, inInbox: yes, seenBefore: no };
const why = (rules: readonly DatedRule[], from: string, more: Partial<Parameters<typeof whyJunk>[1]> = {}) =>
  whyJunk(rules, { ...arrived, from, ...more });

test("what a blocked address writes goes to Junk whatever the case of its letters, and what others at its domain write stays", () => {
  const rules = [block("sender", "ann@shop.example")];
  expect(why(rules, "Ann@SHOP.example")).toEqual({ scope: "sender", value: "ann@shop.example" });
  expect(why(rules, "bob@shop.example")).toBeNull();
  expect(why(rules, "ann@shop.example.org")).toBeNull();
  expect(why([block("domain", "shop.example")], "")).toBeNull();
});

test("a blocked domain is everybody at it, and nobody at another that ends alike", () => {
  const rules = [block("domain", "shop.example")];
  expect(why(rules, "bob@shop.example")).toEqual({ scope: "domain", value: "shop.example" });
  expect(why(rules, "bob@workshop.example")).toBeNull();
  expect(why(rules, "bob@mail.shop.example")).toBeNull();
});

test("what was said of an address counts before what was said of its domain, both ways", () => {
  expect(why([block("domain", "shop.example"), allow("sender", "ann@shop.example")], "ann@shop.example")).toBeNull();
  expect(why([allow("domain", "shop.example"), block("sender", "ann@shop.example")], "ann@shop.example")).not.toBeNull();
});

test("mail of before the rule stays, however late it turns up; a server's clock may be some minutes behind", () => {
  const rules = [block("sender", "ann@shop.example")];
  expect(why(rules, "ann@shop.example", { receivedAt: SINCE - 60 * MINUTE })).toBeNull();
  expect(why(rules, "ann@shop.example", { receivedAt: SINCE - 5 * MINUTE })).not.toBeNull();
});

test("only what lies in the inbox goes, and not what was here before; of nobody's mail who is not blocked is that even asked", () => {
  const rules = [block("sender", "ann@shop.example")];
  expect(why(rules, "ann@shop.example", { inInbox: no })).toBeNull();
  expect(why(rules, "ann@shop.example", { seenBefore: yes })).toBeNull();
  const asked = () => {
    throw new Error("asked");
  };
  expect(why(rules, "bob@shop.example", { inInbox: asked, seenBefore: asked })).toBeNull();
});
