import type { RawData, WebSocket } from "ws";
import type { Port } from "../../shared/wire.ts";

/** A port over a WebSocket. Text that is not JSON ends the line: our own window never sends any. */
export function socketPort(socket: WebSocket): Port {
  const early: unknown[] = [];
  const listeners: ((message: unknown) => void)[] = [];
  socket.on("message", (data: RawData, isBinary: boolean) => {
    const message = isBinary ? undefined : parsed(String(data));
    if (message === undefined) {
      socket.close(1003);
      return;
    }
    if (listeners.length === 0) early.push(message);
    for (const listener of listeners) listener(message);
  });
  // `close` follows every error; that is where the line's end is told.
  socket.on("error", () => socket.terminate());
  return {
    post: (message) => socket.send(JSON.stringify(message)),
    onMessage: (listener) => {
      listeners.push(listener);
      for (const message of early.splice(0)) listener(message);
    },
    onClose: (listener) => void socket.on("close", () => listener()),
    close: () => socket.close(),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
