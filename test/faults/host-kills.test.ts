import { expect, test } from "vitest";
import type { HookedCommand } from "../servers/imap/server-state.ts";
import { type Death, tellHostStory } from "./host-story.ts";

const named =
  (name: string) =>
  (command: HookedCommand): boolean =>
    command.name === name;
const before = (name: string): Death => ({ at: named(name), verdict: "drop" });
const after = (name: string): Death => ({ at: named(name), verdict: "drop-after" });

// What the program does at each command of a move is host-killed's; here it also files what it sent.
test("killed before and after each APPEND and COPY, with a message on its way out: all is there once", { timeout: 120_000 }, async () => {
  const deaths = [after("UID COPY"), before("APPEND"), after("APPEND")];
  expect(await tellHostStory(["MOVE"], deaths)).toEqual({ wrong: [], died: deaths.length });
});
