import { z } from "zod";
import type { Failure } from "../../shared/failure.ts";
import type { Port } from "../../shared/wire.ts";
import { nothingThere } from "../api/assets.ts";
import type { Engine } from "./engine.ts";

const anyRequest = z.object({ id: z.number() });

/** Stands in where the store could not be opened: the window comes up and every question is answered with the reason. */
export function refusingEngine(failure: Failure): Engine {
  return {
    serve(port: Port) {
      port.onMessage((message) => {
        const asked = anyRequest.safeParse(message);
        if (asked.success) port.post({ id: asked.data.id, failure: failure.data() });
        else port.close();
      });
    },
    readAsset: () => Promise.resolve(nothingThere()),
    close: () => Promise.resolve(),
  };
}
