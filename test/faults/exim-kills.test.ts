import { afterAll, beforeAll, expect, test } from "vitest";
import type { Fault } from "../servers/fault-proxy.ts";
import { mailServersAvailable } from "../servers/install.ts";
import { type RealServers, startMailServers } from "../servers/real.ts";
import { type EximStory, tellEximStory } from "./exim-story.ts";

const missing = mailServersAvailable();
test.skipIf(missing === null)(`over real Exim: skipped, ${missing ?? ""}`, () => {
  expect(missing).not.toBeNull();
});

let servers: RealServers;
beforeAll(async () => {
  if (missing === null) servers = await startMailServers({ users: 4 });
});
afterAll(async () => {
  if (missing === null) await servers.stop();
});

/** In whichever connection gets so far first. */
const SILENCE: Fault = { kind: "stall", toward: "client", at: 1300, once: true };

// A fixed handful of what `npm run soak -- outbox-exim` does by the hundred. The first message is some 320 KB, and its TLS begins near byte 900.
const STORIES: readonly (readonly [string, EximStory])[] = [
  [
    "cut in the upload and killed when the end was handed over",
    { faults: [{ kind: "cut", toward: "server", at: 100_000 }], kills: [{ at: "finishing", skip: 0 }] },
  ],
  [
    "an answer that never comes, and killed at an acceptance",
    { faults: Array.from({ length: 9 }, () => SILENCE), kills: [{ at: "accepted", skip: 0 }] },
  ],
];

test.skipIf(missing !== null).each(STORIES)("over real Exim, %s: nobody has anything twice, and nothing is lost", async (_, story) => {
  const end = await tellEximStory(servers, story);
  expect(end.wrong).toEqual([]);
  expect(end).toMatchObject({ killed: 1, struck: 1 });
});
