import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "vite";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { installedElectron, mirror } from "../../build/electron-binary.ts";
import { jsdomInOneFile, lazyEntries } from "../../build/lazy-entries.ts";
import { whenStale } from "../../build/stale.ts";
import { countLines, readCounts } from "../../build/test-setup.ts";
import { threadEntries } from "../../build/thread-entries.ts";

let root = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "satchel-build-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function put(file: string, text: string): void {
  mkdirSync(join(root, file, ".."), { recursive: true });
  writeFileSync(join(root, file), text);
}

describe("what was built", () => {
  test("is not built again while its sources say the same, whatever their dates", async () => {
    put("main/a.ts", "1");
    put("main/deep/b.ts", "2");
    const note = join(root, "out/.inputs");
    let builds = 0;
    const make = () => {
      builds += 1;
      return Promise.resolve();
    };
    const run = () => whenStale(note, root, ["main", "lock.json"], make);
    expect([await run(), await run()]).toEqual([true, false]);
    utimesSync(join(root, "main/a.ts"), new Date(), new Date());
    expect(await run()).toBe(false);
    put("main/deep/b.ts", "3");
    expect(await run()).toBe(true);
    put("main/c.ts", "");
    expect(await run()).toBe(true);
    put("lock.json", "{}");
    expect(await run()).toBe(true);
    expect(builds).toBe(4);
  });

  test("is built again after a build that failed", async () => {
    const note = join(root, "out/.inputs");
    put("main/a.ts", "1");
    await expect(whenStale(note, root, ["main"], () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(await whenStale(note, root, ["main"], () => Promise.resolve())).toBe(true);
  });

  test("has each thread as a file of its own in one flat folder, found from where it is started", async () => {
    put("src/main.ts", 'import { pool } from "./mail/pool.ts"; console.log(pool, new URL("./engine/thread.ts", import.meta.url));');
    put("src/mail/pool.ts", 'export const pool = new URL("./parse-thread.ts", import.meta.url);');
    put("src/mail/parse-thread.ts", 'console.log("parses");');
    put("src/engine/thread.ts", 'console.log("the engine");');
    await build({
      configFile: false,
      root,
      logLevel: "silent",
      plugins: [threadEntries()],
      build: {
        ssr: true,
        outDir: join(root, "out"),
        minify: false,
        rolldownOptions: { input: { main: join(root, "src/main.ts") }, output: { entryFileNames: "[name].js" } },
      },
    });
    expect(readdirSync(join(root, "out")).sort()).toEqual(["engine-thread.js", "main.js", "parse-thread.js"]);
    const main = readFileSync(join(root, "out/main.js"), "utf8");
    expect(main).toContain('new URL("./parse-thread.js", import.meta.url)');
    expect(main).toContain('new URL("./engine-thread.js", import.meta.url)');
    expect(readFileSync(join(root, "out/parse-thread.js"), "utf8")).toContain("parses");
  });
});

describe("what is loaded when it is first needed", () => {
  test("is a file of its own beside who loads it, and not read before", async () => {
    put(
      "src/main.ts",
      'import { createRequire } from "node:module"; const load = createRequire(import.meta.url); export const late = () => load("./heavy-library.ts").weight;',
    );
    put("src/heavy-library.ts", 'globalThis.read = "yes"; export const weight = 9;');
    await build({
      configFile: false,
      root,
      logLevel: "silent",
      plugins: [lazyEntries()],
      build: {
        ssr: true,
        outDir: join(root, "out"),
        minify: false,
        rolldownOptions: { input: { main: join(root, "src/main.ts") }, output: { format: "cjs", entryFileNames: "[name].js" } },
      },
    });
    expect(readdirSync(join(root, "out")).sort()).toEqual(["heavy-library.js", "main.js"]);
    const { late } = createRequire(import.meta.url)(join(root, "out/main.js")) as { late(): number };
    expect("read" in globalThis).toBe(false);
    expect(late()).toBe(9);
    Reflect.deleteProperty(globalThis, "read");
  });

  test("is jsdom in one file, and the build fails when a newer one looks for its files elsewhere", () => {
    const { transform } = jsdomInOneFile();
    if (typeof transform !== "function") throw new Error("no transform");
    const swap = (code: string): unknown => transform.call(undefined as never, code, "/x/jsdom/living/xhr/XMLHttpRequest-impl.js");
    expect(swap('const file = require.resolve("./xhr-sync-worker.js");')).toBe('const file = "";');
    expect(() => swap('const file = path.join(__dirname, "xhr-sync-worker.js");')).toThrow("jsdom no longer has");
  });
});

describe("Electron's program", () => {
  test("is there only when its file is", () => {
    expect(installedElectron(root)).toBeNull();
    put("path.txt", "electron");
    expect(installedElectron(root)).toBeNull();
    put("dist/electron", "");
    expect(installedElectron(root)).toBe(join(root, "dist/electron"));
  });

  test("comes from the mirror that the user names", () => {
    expect(mirror({ ELECTRON_MIRROR: "https://mirror.example.test/" })).toBe("https://mirror.example.test/");
    expect(mirror({})).toContain("github.com");
  });
});

describe("the last line of a test run", () => {
  const report = (results: object, files: object[] = []) => {
    put(
      "report.json",
      JSON.stringify({ numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0, testResults: files, ...results }),
    );
    const counts = readCounts(join(root, "report.json"));
    return counts === null ? null : countLines(counts);
  };

  test("is what passed and failed, alone; what was skipped stands before it", () => {
    expect(report({ numPassedTests: 12, numFailedTests: 1 })).toEqual(["12 passed, 1 failed"]);
    expect(report({ numPassedTests: 12, numPendingTests: 3, numTodoTests: 1 })).toEqual(["4 skipped", "12 passed, 0 failed"]);
  });

  test("counts a file that broke before its first test", () => {
    expect(report({ numPassedTests: 5 }, [{ status: "failed", assertionResults: [] }])).toEqual(["5 passed, 1 failed"]);
  });

  test("is not made up when there is no report", () => {
    expect(readCounts(join(root, "none.json"))).toBeNull();
  });
});

test("what was built before the tests has not made them run as the finished program does", () => {
  expect(process.env["NODE_ENV"]).toBe("test");
});
