import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { expect, test } from "vitest";

test("a thread of the program finds its modules without types, and needs nothing to take them out", async () => {
  const engine = new URL("../../main/engine/open.ts", import.meta.url).href;
  const look = `const { parentPort } = require("node:worker_threads");
    import(${JSON.stringify(engine)}).then(() => parentPort.postMessage(process.moduleLoadList.filter((name) => name.includes("amaro"))));`;
  const thread = new Worker(look, { eval: true });
  expect((await once(thread, "message"))[0]).toEqual([]);
});
