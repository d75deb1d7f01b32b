import { expect, test } from "vitest";
import { type OutboxStory, tellOutboxStory } from "./outbox-story.ts";

// A fixed handful of what `npm run soak -- outbox` does by the hundred.
const STORIES: readonly (readonly [string, OutboxStory])[] = [
  [
    "killed when the end was handed over, and the server had taken it; another is refused for one of its two readers",
    {
      troubles: [
        { point: "end", fault: { kind: "hang", accept: true }, skip: 0, times: 1 },
        { point: "rcpt", fault: { kind: "say", line: "550 5.1.1 nobody here" }, skip: 2, times: 1 },
      ],
      kills: [{ at: "end", skip: 0 }],
      filesItself: false,
    },
  ],
  [
    "killed in the upload and at the acceptance, with a server that files by itself, loses an answer and names a day's limit",
    {
      troubles: [
        { point: "end", fault: { kind: "drop", accept: true }, skip: 0, times: 1 },
        { point: "mail", fault: { kind: "say", line: "550 5.4.5 Daily user sending limit exceeded" }, skip: 2, times: 1 },
        { point: "data", fault: { kind: "say", line: "421 4.3.2 closing", thenDrop: true }, skip: 1, times: 1 },
      ],
      kills: [
        { at: "upload", skip: 0 },
        { at: "accepted", skip: 0 },
      ],
      filesItself: true,
    },
  ],
];

test.each(STORIES)("%s: nobody has anything twice, and nothing is lost", async (_, story) => {
  const end = await tellOutboxStory(story);
  expect(end.wrong).toEqual([]);
  expect(end.killed).toBeGreaterThan(0);
});
