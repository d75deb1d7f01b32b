import type { InputOf, OutputOf, RequestName } from "../../shared/contract/table.ts";
import { Failure } from "../../shared/failure.ts";
import type { WireAnswer } from "../../shared/wire.ts";
import type { Engine } from "../engine/engine.ts";
import { inProcessPorts } from "./in-process-port.ts";

/** One question of the host itself, over a line of its own, answered as a window's would be. */
export function ask<N extends RequestName>(engine: Pick<Engine, "serve">, method: N, input: InputOf<N>): Promise<OutputOf<N>> {
  const [mine, theirs] = inProcessPorts();
  return new Promise<OutputOf<N>>((resolve, reject) => {
    mine.onClose(() => reject(new Failure("engine-restarted")));
    mine.onMessage((message) => {
      // The engine is the trusted side: what it says is typed, not parsed again.
      const answer = message as Partial<WireAnswer<N>>;
      if (answer.id !== 1) return;
      if ("failure" in answer && answer.failure !== undefined) reject(Failure.from(answer.failure));
      else resolve((answer as { output: OutputOf<N> }).output);
      mine.close();
    });
    engine.serve(theirs);
    mine.post({ id: 1, method, input, correlation: "host" });
  });
}
