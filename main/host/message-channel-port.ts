import type { Port } from "../../shared/wire.ts";

/** What a Node MessagePort and an Electron MessagePortMain have in common. */
export interface Channel {
  postMessage(message: unknown): void;
  on(event: "message", listener: (message: unknown) => void): unknown;
  on(event: "close", listener: () => void): unknown;
  start(): void;
  close(): void;
}

/**
 * A port over a message channel.
 * @param unwrap takes the value out of what the channel's `message` event gives: Electron wraps it in `{ data }`
 */
export function channelPort(channel: Channel, unwrap: (message: unknown) => unknown = (message) => message): Port {
  const listeners: ((message: unknown) => void)[] = [];
  channel.on("message", (message) => {
    for (const listener of listeners) listener(unwrap(message));
  });
  return {
    post: (message) => channel.postMessage(message),
    onMessage: (listener) => {
      listeners.push(listener);
      // Until then the channel keeps what comes.
      if (listeners.length === 1) channel.start();
    },
    onClose: (listener) => void channel.on("close", () => listener()),
    close: () => channel.close(),
  };
}
