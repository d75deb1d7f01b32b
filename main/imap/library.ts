import type { ImapFlow } from "imapflow";
import type { parseBodystructure, parseEnvelope } from "imapflow/lib/tools.js";

/** What is used of imapflow. */
export type Library = {
  readonly ImapFlow: typeof ImapFlow;
  readonly parseEnvelope: typeof parseEnvelope;
  readonly parseBodystructure: typeof parseBodystructure;
};

let loaded: Library | null = null;

/** The library comes with the first connection: loading it takes a third of a second, which no start should wait for. */
export async function loadLibrary(): Promise<Library> {
  if (loaded === null) {
    const [flow, tools] = await Promise.all([import("imapflow"), import("imapflow/lib/tools.js")]);
    loaded = { ImapFlow: flow.ImapFlow, parseEnvelope: tools.parseEnvelope, parseBodystructure: tools.parseBodystructure };
  }
  return loaded;
}

/** For what happens on a connection, and so after `loadLibrary`. */
export function library(): Library {
  if (loaded === null) throw new Error("no connection was ever opened");
  return loaded;
}
