import { expect, test } from "vitest";
import { tellBulkStory } from "./bulk-story.ts";

// A fixed handful of what `npm run soak -- bulk` does with two thousand.
test("killed three times on the way to sixty people: each has one message, and the report says so", { timeout: 120_000 }, async () => {
  const kills = [
    { at: 3, taken: false },
    { at: 25, taken: true },
    { at: 26, taken: false },
  ];
  const end = await tellBulkStory({ recipients: 60, kills });
  expect(end).toMatchObject({ wrong: [], killed: 3, counts: { accepted: 60 } });
  expect(end.asked).toBeGreaterThan(0);
});
