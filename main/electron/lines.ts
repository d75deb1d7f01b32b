import { type IpcMain, type IpcMainEvent, MessageChannelMain } from "electron";
import type { Engine } from "../engine/engine.ts";
import { channelPort } from "../host/message-channel-port.ts";
import type { Log } from "../log.ts";
import { isOwn, PORT_MESSAGE } from "./addresses.ts";

/** Gives each window that asks a line of its own to the engine. Frames of mail, and pages that are not ours, get none. */
export function serveLines(ipc: IpcMain, engine: Pick<Engine, "serve">, log: Log): void {
  ipc.on(PORT_MESSAGE, (event: IpcMainEvent) => {
    const frame = event.senderFrame;
    if (frame === null || frame.parent !== null || !isOwn(frame.url)) {
      log.warn("line-refused");
      return;
    }
    const { port1, port2 } = new MessageChannelMain();
    engine.serve(channelPort(port1, (message) => (message as { data: unknown }).data));
    frame.postMessage(PORT_MESSAGE, null, [port2]);
  });
}
