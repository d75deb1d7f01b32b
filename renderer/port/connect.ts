import type { Port } from "../../shared/wire.ts";
import { openChannelPort } from "./channel-port.ts";
import { openSocketPort } from "./socket-port.ts";

/** Opens a port to the engine in whichever host the window runs. */
export function connect(): Promise<Port> {
  if (window.satchelPort !== undefined) return openChannelPort(window.satchelPort);
  const scheme = location.protocol === "https:" ? "wss:" : "ws:";
  return openSocketPort(`${scheme}//${location.host}/port`);
}
