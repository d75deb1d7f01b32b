import { runEngineThread } from "../../main/engine/run-thread.ts";
import { Failure } from "../../shared/failure.ts";

await runEngineThread(() => Promise.reject(new Failure("database-corrupt")));
