import fc from "fast-check";
import { expect, test } from "vitest";
import { type Claim, planRoom, type Ranked, ranksAbove, roomPart, shareRoom, withinRoom } from "../../main/plan/room.ts";

type Mail = Ranked & { here: boolean; readonly onlyHere: boolean };

const mail: fc.Arbitrary<Mail> = fc.record({
  messageId: fc.nat(),
  tier: fc.constantFrom(0, 1, 2),
  receivedAt: fc.integer({ min: 0, max: 40 }),
  sizeBytes: fc.integer({ min: 1, max: 30 }),
  here: fc.boolean(),
  onlyHere: fc.boolean(),
});
const mailbox = fc
  .array(mail, { maxLength: 30 })
  .map((all) => all.map((one, messageId) => ({ ...one, messageId, here: one.here || one.onlyHere })));
const best = (a: Ranked, b: Ranked): number => (ranksAbove(a, b) ? -1 : 1);
const sum = (all: readonly { sizeBytes: number }[]): number => all.reduce((bytes, { sizeBytes }) => bytes + sizeBytes, 0);
const here = (all: readonly Mail[]): Mail[] => all.filter((one) => one.here);

function plan(all: readonly Mail[], budget: number) {
  const missing = all.filter((one) => !one.here).toSorted(best);
  const lowest = all.filter((one) => one.here && !one.onlyHere).toSorted((a, b) => best(b, a));
  return planRoom(budget - sum(here(all)), missing, lowest);
}

/** What an account does: gives back, then fetches. @returns whether anything changed */
function carryOut(all: readonly Mail[], budget: number): boolean {
  const { fetch, giveBack } = plan(all, budget);
  const gone = new Set(giveBack.map(({ messageId }) => messageId));
  const come = new Set(fetch.map(({ messageId }) => messageId));
  for (const one of all) {
    if (gone.has(one.messageId)) one.here = false;
    if (come.has(one.messageId)) one.here = true;
  }
  return gone.size + come.size > 0;
}

test("whatever is carried out, the limit holds as far as anything can be given back", () => {
  fc.assert(
    fc.property(mailbox, fc.integer({ min: 0, max: 400 }), (all, budget) => {
      carryOut(all, budget);
      const bytes = sum(here(all));
      expect(bytes <= budget || here(all).every(({ onlyHere }) => onlyHere)).toBe(true);
    }),
  );
});

test("what is only here is never given back", () => {
  fc.assert(
    fc.property(mailbox, fc.integer({ min: 0, max: 400 }), (all, budget) => {
      const only = new Set(all.filter(({ onlyHere }) => onlyHere).map(({ messageId }) => messageId));
      expect(plan(all, budget).giveBack.filter(({ messageId }) => only.has(messageId))).toEqual([]);
    }),
  );
});

test("it comes to rest: nothing is fetched and given back in turn", () => {
  fc.assert(
    fc.property(mailbox, fc.integer({ min: 0, max: 400 }), (all, budget) => {
      let rounds = 0;
      while (carryOut(all, budget)) {
        rounds += 1;
        expect(rounds).toBeLessThan(100);
      }
    }),
  );
});

test("at rest, whatever is missing does not fit even in the place of all that ranks below it", () => {
  fc.assert(
    fc.property(mailbox, fc.integer({ min: 0, max: 400 }), (all, budget) => {
      while (carryOut(all, budget));
      const free = budget - sum(here(all));
      if (free < 0) return;
      for (const one of all.filter((other) => !other.here)) {
        const below = all.filter((other) => other.here && !other.onlyHere && ranksAbove(one, other));
        expect(free + sum(below)).toBeLessThan(one.sizeBytes);
      }
    }),
  );
});

test("the oldest go first, the starred after them, those of a trip last, and a larger limit brings all of them back", () => {
  const all: Mail[] = [
    { messageId: 0, tier: 0, receivedAt: 1, sizeBytes: 10, here: true, onlyHere: false },
    { messageId: 1, tier: 1, receivedAt: 2, sizeBytes: 10, here: true, onlyHere: false },
    { messageId: 2, tier: 2, receivedAt: 3, sizeBytes: 10, here: true, onlyHere: false },
    { messageId: 3, tier: 2, receivedAt: 4, sizeBytes: 10, here: true, onlyHere: false },
  ];
  const left = (budget: number): number[] => {
    while (carryOut(all, budget));
    return here(all).map(({ messageId }) => messageId);
  };
  expect([30, 20, 10, 0, 20, 40].map(left)).toEqual([[0, 1, 3], [0, 1], [0], [], [0, 1], [0, 1, 2, 3]]);
});

const claims = fc.array(
  fc.record({ keptBytes: fc.nat(1000), missingBytes: fc.nat(1000), onlyHere: fc.boolean(), limitBytes: fc.option(fc.nat(1000)) }),
  { maxLength: 6 },
);
const wantedBy = ({ keptBytes, missingBytes, limitBytes }: Claim): number =>
  Math.min(keptBytes + missingBytes, limitBytes ?? Number.POSITIVE_INFINITY);

test("what all accounts may have is never more than the limit, and all of it is used where they want more", () => {
  fc.assert(
    fc.property(fc.nat(3000), claims, (limit, all) => {
      const others = all.filter(({ onlyHere }) => !onlyHere);
      const only = all.filter(({ onlyHere }) => onlyHere).reduce((bytes, { keptBytes }) => bytes + keptBytes, 0);
      const open = Math.max(0, limit - only);
      const level = shareRoom(limit, all);
      const used = others.reduce((bytes, one) => bytes + Math.min(level, wantedBy(one)), 0);
      const wanted = others.reduce((bytes, one) => bytes + wantedBy(one), 0);
      expect(used).toBeLessThanOrEqual(open);
      expect(used).toBeGreaterThan(Math.min(open, wanted) - Math.max(1, others.length));
      expect(level).toBeGreaterThanOrEqual(others.length === 0 ? 0 : Math.floor(open / others.length));
    }),
  );
});

test("a flood in one account leaves another's part alone", () => {
  const quiet = { keptBytes: 300, missingBytes: 0, onlyHere: false, limitBytes: null };
  const flooded = (missingBytes: number): Claim => ({ keptBytes: 500, missingBytes, onlyHere: false, limitBytes: null });
  for (const missing of [0, 1000, 1_000_000]) expect(shareRoom(1000, [quiet, flooded(missing)])).toBeGreaterThanOrEqual(300);
  expect(shareRoom(1000, [quiet, flooded(1_000_000)])).toBe(700);
});

test("what the limit leaves out is not waited for", () => {
  const room = { keptBytes: 900, budgetBytes: 1000, limitBytes: 1000, by: "account" } as const;
  expect(withinRoom({ wanted: 10, ready: 2, bytesToGo: 400 }, roomPart(room, 400))).toEqual({ wanted: 4, ready: 2, bytesToGo: 100 });
  expect(withinRoom({ wanted: 10, ready: 2, bytesToGo: 400 }, roomPart({ ...room, keptBytes: 1200 }, 400))).toEqual({
    wanted: 2,
    ready: 2,
    bytesToGo: 0,
  });
  expect(withinRoom({ wanted: 10, ready: 2, bytesToGo: 400 }, roomPart(null, 400))).toEqual({ wanted: 10, ready: 2, bytesToGo: 400 });
});
