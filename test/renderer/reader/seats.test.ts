import fc from "fast-check";
import { expect, it } from "vitest";
import { seated } from "../../../renderer/ui/reader/seats.ts";

const SEATS = 5;
const names = fc.array(fc.constantFrom<string>("a", "b", "c", "d", "e", "f", "g"), { maxLength: 8 });

it("whoever stays keeps the seat, whoever matters most has one, and nobody has two", () => {
  fc.assert(
    fc.property(fc.array(names), (rounds) => {
      let taken: readonly (string | null)[] = Array.from({ length: SEATS }, () => null);
      for (const wanted of rounds) {
        const next = seated(taken, wanted);
        const sitting = [...new Set(wanted)].slice(0, SEATS);
        expect(next.filter((who) => who !== null).toSorted()).toEqual(sitting.toSorted());
        for (const [seat, who] of taken.entries()) if (who !== null && sitting.includes(who)) expect(next[seat]).toBe(who);
        taken = next;
      }
    }),
  );
});
