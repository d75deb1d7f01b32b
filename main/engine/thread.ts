import { openEngine } from "./open.ts";
import { runEngineThread } from "./run-thread.ts";

void runEngineThread(openEngine);
