import { contextBridge, ipcRenderer } from "electron";
import { PORT_MESSAGE } from "./addresses.ts";

// All that a window can do: ask for a line to the engine. The port itself cannot cross the bridge and comes as a window message.
ipcRenderer.on(PORT_MESSAGE, (event) => window.postMessage(PORT_MESSAGE, window.location.origin, [...event.ports]));
contextBridge.exposeInMainWorld("satchelPort", { connect: (): void => ipcRenderer.send(PORT_MESSAGE) });
