import { openEngine } from "../../main/engine/open.ts";
import { runEngineThread } from "../../main/engine/run-thread.ts";

/* The product's engine in a thread that breaks down when it is asked for the asset "/break". */
await runEngineThread(async (parts) => {
  const engine = await openEngine(parts);
  return {
    ...engine,
    readAsset(path, options) {
      if (path === "/break") {
        setImmediate(() => {
          throw new Error("a bug in the engine");
        });
      }
      return engine.readAsset(path, options);
    },
  };
});
