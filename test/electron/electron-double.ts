import { EventEmitter } from "node:events";
import { vi } from "vitest";

/** A stand-in for Electron's module: notes what Satchel asks of it. What real Electron does with it is the journeys' business. */
export function electronDouble() {
  const windows: { options: unknown; loaded: string[] }[] = [];
  class BrowserWindow extends EventEmitter {
    readonly webContents = new EventEmitter();
    readonly note: { options: unknown; loaded: string[] };
    constructor(options: unknown) {
      super();
      this.note = { options, loaded: [] };
      windows.push(this.note);
    }
    show(): void {}
    maximize(): void {}
    isMaximized(): boolean {
      return false;
    }
    getNormalBounds() {
      return { x: 10, y: 20, width: 900, height: 700 };
    }
    loadURL(url: string): Promise<void> {
      this.note.loaded.push(url);
      return Promise.resolve();
    }
  }
  class MessageChannelMain {
    readonly port1 = Object.assign(new EventEmitter(), { postMessage: vi.fn(), start: vi.fn(), close: vi.fn() });
    readonly port2 = { name: "the window's end" };
  }
  return {
    windows,
    module: {
      BrowserWindow,
      MessageChannelMain,
      nativeTheme: { shouldUseDarkColors: false },
      screen: { getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }] },
      protocol: { registerSchemesAsPrivileged: vi.fn() },
      safeStorage: {
        getSelectedStorageBackend: vi.fn(() => "gnome_libsecret"),
        isAsyncEncryptionAvailable: vi.fn(() => Promise.resolve(true)),
        encryptStringAsync: vi.fn((text: string) => Promise.resolve(Buffer.from(`sealed:${text}`))),
        decryptStringAsync: vi.fn((bytes: Buffer) =>
          Promise.resolve({ result: bytes.toString().slice("sealed:".length), shouldReEncrypt: false }),
        ),
      },
      contextBridge: { exposeInMainWorld: vi.fn() },
      ipcRenderer: Object.assign(new EventEmitter(), { send: vi.fn() }),
    },
  };
}
