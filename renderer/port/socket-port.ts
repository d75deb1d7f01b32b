import type { Port } from "../../shared/wire.ts";

/**
 * A port over a WebSocket, for the loopback host.
 *
 * Resolves when the line is open, rejects when it could not be opened.
 */
export function openSocketPort(url: string): Promise<Port> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url);
    const port: Port = {
      post: (message) => socket.send(JSON.stringify(message)),
      onMessage: (listener) =>
        socket.addEventListener("message", (event) => {
          if (typeof event.data === "string") listener(JSON.parse(event.data));
        }),
      onClose: (listener) => socket.addEventListener("close", () => listener()),
      close: () => socket.close(),
    };
    socket.addEventListener("open", () => resolve(port), { once: true });
    socket.addEventListener("close", () => reject(new Error("the engine's line did not open")), { once: true });
  });
}
