import { openEngine } from "./open.ts";
import { runEngineThread } from "./run-thread.ts";

await runEngineThread(openEngine);
