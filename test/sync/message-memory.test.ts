import fc from "fast-check";
import { expect, test } from "vitest";
import { type MemoryPlace, MessageMemory } from "../../main/sync/message-memory.ts";

const SIZE = 4096;

test("messages never share a byte, and what is given back can be had again, whatever the order", () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.integer({ min: 0, max: 900 }), fc.constant("back" as const)), { maxLength: 80 }), (steps) => {
      const memory = new MessageMemory(SIZE);
      const owners = new Map<number, number>();
      const held: { place: MemoryPlace; owner: number }[] = [];
      for (const [owner, step] of steps.entries()) {
        if (step === "back") {
          const oldest = held.shift();
          if (!oldest) continue;
          for (let at = oldest.place.at; at < oldest.place.at + oldest.place.sizeBytes; at += 1) owners.delete(at);
          memory.giveBack(oldest.place);
          continue;
        }
        const bytes = memory.take(step);
        expect(bytes.byteLength).toBe(step);
        const place = memory.claim(bytes);
        if (place === null) continue;
        for (let at = place.at; at < place.at + place.sizeBytes; at += 1) {
          expect(owners.has(at)).toBe(false);
          owners.set(at, owner);
        }
        held.push({ place, owner });
      }
      for (const { place } of held) memory.giveBack(place);
      // All of it is one stretch again.
      expect(memory.claim(memory.take(SIZE))).toEqual({ at: 0, sizeBytes: SIZE });
    }),
  );
});

test("where there is no room a message gets memory of its own", () => {
  const memory = new MessageMemory(128);
  memory.take(100);
  const other = memory.take(100);
  expect(other.byteLength).toBe(100);
  expect(memory.claim(other)).toBeNull();
});
