import type { Port } from "../../shared/wire.ts";

/** What the preload script puts on the window: asks the host for a port, which arrives as a `satchel-port` window message. */
export type SatchelPort = { connect(): void };

declare global {
  interface Window {
    readonly satchelPort?: SatchelPort;
  }
}

/** Name of the window message that carries the port; a MessagePort cannot cross the context bridge in any other way. */
const PORT_MESSAGE = "satchel-port";

/** A port over the MessagePort that Electron's main process hands out. */
export function openChannelPort(host: SatchelPort): Promise<Port> {
  return new Promise((resolve) => {
    const arrived = (event: MessageEvent): void => {
      const [channel] = event.ports;
      if (event.source !== window || event.data !== PORT_MESSAGE || channel === undefined) return;
      window.removeEventListener("message", arrived);
      resolve(overChannel(channel));
    };
    window.addEventListener("message", arrived);
    host.connect();
  });
}

function overChannel(channel: MessagePort): Port {
  return {
    post: (message) => channel.postMessage(message),
    onMessage: (listener) => {
      channel.addEventListener("message", (event) => listener(event.data));
      channel.start();
    },
    onClose: (listener) => channel.addEventListener("close", () => listener()),
    close: () => channel.close(),
  };
}
