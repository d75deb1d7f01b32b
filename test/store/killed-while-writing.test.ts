import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { afterEach, expect, test } from "vitest";
import { pendingOperations } from "../../main/store/operations.ts";
import type { AccountId } from "../../shared/ids.ts";
import { contradictions } from "./check-store.ts";
import { newProfile, type Profile } from "./mailbox.ts";

let profile: Profile | undefined;
let child: ChildProcess | undefined;

afterEach(() => {
  child?.kill("SIGKILL");
  profile?.remove();
});

/** Starts the writer and ends it without a warning after it has told of so many acts. Returns those it told of. */
async function killedAfter(dir: string, acts: number): Promise<string[]> {
  const writer = spawn(process.execPath, [new URL("./busy-writer.ts", import.meta.url).pathname, dir], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  child = writer;
  const told: string[] = [];
  for await (const line of createInterface({ input: writer.stdout })) {
    told.push(line);
    if (told.length === acts) writer.kill("SIGKILL");
  }
  if (writer.exitCode === null && writer.signalCode === null) await once(writer, "exit");
  expect(writer.signalCode).toBe("SIGKILL");
  return told;
}

test.each([1, 7, 23])(
  "killed while mail came in and the user acted, %s acts on: every act told of is kept and everything agrees",
  async (acts) => {
    profile = newProfile();
    const { dir } = profile;
    profile.store.close();
    const told = await killedAfter(dir, acts);
    const store = profile.reopenAfter();
    expect(contradictions(store)).toEqual([]);
    const groups = store.db.connection
      .prepare<[], { id: string }>("SELECT DISTINCT group_id AS id FROM operation")
      .all()
      .map(({ id }) => id);
    for (const group of told) expect(groups).toContain(group);
    expect(pendingOperations(store, 1 as AccountId).length).toBeGreaterThanOrEqual(told.length);
  },
);
