import type { ImapFlow } from "imapflow";
import type { parseBodystructure, parseEnvelope } from "imapflow/lib/tools.js";

/** What is used of imapflow. */
export type Library = {
  readonly ImapFlow: typeof ImapFlow;
  readonly parseEnvelope: typeof parseEnvelope;
  readonly parseBodystructure: typeof parseBodystructure;
};

let loaded: Library | null = null;
let loading: Promise<Library> | null = null;

/**
 * The library comes with the first connection: loading it takes a third of a second, which no start should wait for. It comes piece by
 * piece, what the others build on first, since a module and all that it imports is read and run without a break.
 */
export async function loadLibrary(): Promise<Library> {
  loading ??= inPieces();
  return loaded ?? (await loading);
}

const PIECES: readonly (() => Promise<unknown>)[] = [
  () => import("imapflow/lib/logger.js"),
  () => import("imapflow/lib/handler/imap-stream.js"),
  () => import("imapflow/lib/handler/imap-handler.js"),
  () => import("imapflow/lib/jp-decoder.js"),
  () => import("imapflow/lib/charsets.js"),
  () => import("imapflow/lib/tools.js"),
  () => import("imapflow/lib/proxy-connection.js"),
  () => import("imapflow/lib/download.js"),
  () => import("imapflow/lib/imap-commands.js"),
];

async function inPieces(): Promise<Library> {
  try {
    for (const load of PIECES) {
      await load();
      await breathe();
    }
    const [flow, tools] = await Promise.all([import("imapflow"), import("imapflow/lib/tools.js")]);
    loaded = { ImapFlow: flow.ImapFlow, parseEnvelope: tools.parseEnvelope, parseBodystructure: tools.parseBodystructure };
    return loaded;
  } finally {
    // A read that failed may succeed the next time.
    loading = null;
  }
}

/** Lets others have the thread. */
function breathe(): Promise<void> {
  return new Promise((resume) => void setImmediate(resume));
}

/** For what happens on a connection, and so after `loadLibrary`. */
export function library(): Library {
  if (loaded === null) throw new Error("no connection was ever opened");
  return loaded;
}
