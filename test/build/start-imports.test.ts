import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { PROJECT } from "../../build/project.ts";

// As an imported module node:http brings Node's fetch and WebSocket along: 40 ms of processor time in each thread, before the first list
// (decision 0016). It is asked for where it is used, by process.getBuiltinModule.
test("no file of the program imports node:http or node:https for more than their types", () => {
  const importing = globSync("main/**/*.ts", { cwd: PROJECT }).filter((file) =>
    /^import (?!type\b)[^;]*from "node:https?";/mu.test(readFileSync(join(PROJECT, file), "utf8")),
  );
  expect(importing).toEqual([]);
});

// What builds messages is the draft thread's: its library is large, and brings node:http along.
test("the engine's thread loads no library that builds messages", () => {
  const loaded = loadedBy("main/engine/thread.ts");
  expect(loaded.size).toBeGreaterThan(200);
  expect([...loaded].filter((one) => one.startsWith("nodemailer") || one.startsWith("imapflow") || one === "jsdom")).toEqual([]);
});

// Half a second on a slow computer, and most mail is judged by the server that took it in.
test("a thread that reads mail loads no library that checks signatures or cleans HTML before one is wanted", () => {
  const loaded = loadedBy("main/sync/parse-thread.ts");
  expect(loaded.size).toBeGreaterThan(50);
  expect([...loaded].filter((one) => one.startsWith("mailauth") || one === "jsdom")).toEqual([]);
});

/** Every file and package that is loaded with a file, before anything of it runs. */
function loadedBy(entry: string): Set<string> {
  const loaded = new Set<string>();
  const follow = (file: string): void => {
    if (loaded.has(file)) return;
    loaded.add(file);
    for (const [, , from = ""] of readFileSync(file, "utf8").matchAll(/^(?:import|export) (?!type\b)([^;]*?from )?"([^"]+)";/gmu)) {
      if (from.startsWith(".")) follow(join(file, "..", from));
      else loaded.add(from);
    }
  };
  follow(join(PROJECT, entry));
  return loaded;
}
