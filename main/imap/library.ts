import type { ImapFlow } from "imapflow";

/** What is used of imapflow. */
export type Library = { readonly ImapFlow: typeof ImapFlow };

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
    const { ImapFlow } = await import("imapflow");
    loaded = { ImapFlow };
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
