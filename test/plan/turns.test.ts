import fc from "fast-check";
import { expect, test } from "vitest";
import { Turns } from "../../main/plan/turns.ts";

type Step = { readonly owner: number } | "take";
const steps = fc.array(fc.oneof(fc.record({ owner: fc.nat(3) }), fc.constant<Step>("take")), { maxLength: 200 });

test("everything comes out once, of each owner in the order in which it went in", () => {
  fc.assert(
    fc.property(steps, (all) => {
      const turns = new Turns<number, { owner: number; number: number }>();
      const out: { owner: number; number: number }[] = [];
      let number = 0;
      for (const step of all) {
        if (step === "take") {
          const next = turns.take();
          if (next !== undefined) out.push(next);
        } else turns.push(step.owner, { owner: step.owner, number: number++ });
        expect(turns.size).toBe(number - out.length);
      }
      for (let next = turns.take(); next !== undefined; next = turns.take()) out.push(next);
      expect(out.map((one) => one.number).toSorted((a, b) => a - b)).toEqual(Array.from({ length: number }, (_, at) => at));
      for (const owner of [0, 1, 2, 3]) {
        const own = out.filter((one) => one.owner === owner).map((one) => one.number);
        expect(own).toEqual(own.toSorted((a, b) => a - b));
      }
    }),
  );
});

test("however much others have waiting, one more of somebody who has nothing comes after at most one of each", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 1, maxLength: 4 }), fc.nat(50), (floods, taken) => {
      const turns = new Turns<number, number>();
      for (const [owner, count] of floods.entries()) for (let at = 0; at < count; at += 1) turns.push(owner, owner);
      for (let at = 0; at < taken; at += 1) turns.take();
      turns.push(99, 99);
      const first = Array.from({ length: floods.length + 1 }, () => turns.take());
      expect(first).toContain(99);
    }),
  );
});

test("what has to be done again comes first of its owner", () => {
  const turns = new Turns<string, string>();
  for (const item of ["a1", "a2"]) turns.push("a", item);
  turns.push("b", "b1");
  expect(turns.take()).toBe("a1");
  turns.pushFirst("a", "a1");
  expect([turns.peek(), turns.take(), turns.take(), turns.take(), turns.take()]).toEqual(["b1", "b1", "a1", "a2", undefined]);
});
