import fc from "fast-check";
import { expect, test } from "vitest";
import { gatherMs, type InInbox, isNews, type Listed, MOST_NAMED, planTelling } from "../../main/plan/arrivals.ts";
import { flagBits } from "../../shared/flags.ts";
import type { AccountId, MessageId, PlacementId } from "../../shared/ids.ts";

const at = (id: number): PlacementId => id as PlacementId;
const listed = (more: Partial<Listed> = {}): Listed => ({
  placementId: at(9),
  role: "inbox",
  elsewhere: [],
  receivedAt: 100,
  since: null,
  ...more,
});
const NOTHING = { listed: new Set<PlacementId>(), told: new Set<PlacementId>() };

test("a message that lay somewhere before was moved by another device; two copies that came together are both new", () => {
  const before = listed({ elsewhere: [{ placementId: at(3), role: "archive" }] });
  expect(isNews(listed(), NOTHING)).toBe(true);
  expect(isNews(before, NOTHING)).toBe(false);
  expect(isNews(before, { listed: new Set([at(3), at(9)]), told: new Set() })).toBe(true);
  expect(isNews(before, { listed: new Set([at(3), at(9)]), told: new Set([at(3)]) })).toBe(false);
  // Under a Gmail label, which is listed with the message itself.
  expect(isNews(listed({ elsewhere: [{ placementId: at(10), role: "inbox" }] }), NOTHING)).toBe(true);
});

test("what the user sent is no news, wherever else it lies; nor is what a POP3 server had before the account was made", () => {
  const heard = { listed: new Set([at(9), at(10)]), told: new Set<PlacementId>() };
  expect(isNews(listed({ elsewhere: [{ placementId: at(10), role: "sent" }] }), heard)).toBe(false);
  expect(isNews(listed({ role: "sent", elsewhere: [{ placementId: at(10), role: "inbox" }] }), heard)).toBe(false);
  expect([99, 100, 101].map((since) => isNews(listed({ since }), NOTHING))).toEqual([true, true, false]);
});

const inInbox = fc.record({
  placementId: fc.integer({ min: 1, max: 40 }).map(at),
  messageId: fc.integer({ min: 1, max: 12 }).map((id) => id as MessageId),
  accountId: fc.integer({ min: 1, max: 3 }).map((id) => id as AccountId),
  receivedAt: fc.integer({ min: 0, max: 20 }),
  flags: fc.subarray(["seen", "junk", "deleted", "flagged", "answered"] as const).map(flagBits),
});

test("each message is told once, and none that is read, junk, deleted or of a quiet account, newest first", () => {
  fc.assert(
    fc.property(fc.array(inInbox, { maxLength: 30 }), fc.subarray([1, 2, 3] as AccountId[]), (all, quiet) => {
      const worth = (one: InInbox): boolean =>
        (one.flags & flagBits(["seen", "junk", "deleted"])) === 0 && !quiet.some((id) => id === one.accountId);
      const messages = new Set(all.filter(worth).map(({ messageId }) => messageId));
      const told = planTelling(all, new Set(quiet));
      expect(told?.count ?? 0).toBe(messages.size);
      if (told === null) return;
      const named = told.placementIds.map((id) => all.filter((one) => one.placementId === id && worth(one)));
      expect(named.length).toBe(Math.min(MOST_NAMED, told.count));
      expect(named.every((some) => some.length > 0)).toBe(true);
      const newest = Math.max(...all.filter(worth).map(({ receivedAt }) => receivedAt));
      expect(named[0]?.some(({ receivedAt }) => receivedAt === newest)).toBe(true);
    }),
  );
});

test("gathering ends when nothing came for three seconds, and after twenty at the latest", () => {
  fc.assert(
    fc.property(fc.nat(60_000), fc.nat(60_000), fc.nat(60_000), (firstAt, more, later) => {
      const lastAt = firstAt + more;
      const ends = lastAt + later + gatherMs({ firstAt, lastAt, now: lastAt + later });
      expect(ends).toBe(Math.max(lastAt + later, Math.min(lastAt + 3_000, firstAt + 20_000)));
    }),
  );
});
