import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { moreHelpers } from "../../main/host/helper-threads.ts";

test.skipIf(process.platform !== "linux")(
  "the threads that look names up and read files are many, unless the user has said how many",
  () => {
    const script = `
    const { moreHelpers } = await import(${JSON.stringify(fileURLToPath(new URL("../../main/host/helper-threads.ts", import.meta.url)))});
    const { readdirSync, readFileSync } = await import("node:fs");
    const { readFile } = await import("node:fs/promises");
    moreHelpers(process.env);
    await readFile("/etc/hostname");
    const names = readdirSync("/proc/self/task").map((task) => readFileSync("/proc/self/task/" + task + "/comm", "utf8").trim());
    console.log(names.filter((name) => name === "libuv-worker").length);`;
    const threads = (env: NodeJS.ProcessEnv) =>
      Number(execFileSync(process.execPath, ["--input-type=module", "-e", script], { env, encoding: "utf8" }));
    const { UV_THREADPOOL_SIZE: _, ...env } = process.env;
    expect(threads(env)).toBe(16);
    expect(threads({ ...env, UV_THREADPOOL_SIZE: "5" })).toBe(5);
    const mine = { UV_THREADPOOL_SIZE: "3" };
    moreHelpers(mine);
    expect(mine).toEqual({ UV_THREADPOOL_SIZE: "3" });
  },
);
