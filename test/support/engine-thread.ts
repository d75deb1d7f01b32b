import { runEngineThread } from "../../main/engine/run-thread.ts";
import { openTestEngine } from "./test-engine.ts";

await runEngineThread(openTestEngine);
