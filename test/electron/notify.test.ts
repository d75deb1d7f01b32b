import { EventEmitter } from "node:events";
import { beforeEach, expect, test, vi } from "vitest";

const electron = vi.hoisted(() => ({
  supported: true,
  shown: [] as { title: string; body: string; emit(name: string): boolean }[],
  window: { isMinimized: () => true, restore: vi.fn(), show: vi.fn(), focus: vi.fn() },
  app: { setBadgeCount: vi.fn(() => true) },
}));
vi.mock("electron", () => ({
  app: electron.app,
  BrowserWindow: { getAllWindows: () => [electron.window] },
  Notification: class extends EventEmitter {
    static isSupported(): boolean {
      return electron.supported;
    }
    readonly title: string;
    readonly body: string;
    constructor({ title, body }: { title: string; body: string }) {
      super();
      this.title = title;
      this.body = body;
    }
    show(): void {
      electron.shown.push(this);
    }
    close(): void {
      this.emit("close");
    }
  },
}));
const { notify, badge } = await import("../../main/electron/notify.ts");

beforeEach(() => {
  electron.supported = true;
  electron.shown.length = 0;
  vi.clearAllMocks();
});

test("a click on what is shown brings the window up, also from the task bar, and is told", async () => {
  const clicked = notify("Writer", "About the boat");
  expect(electron.shown).toMatchObject([{ title: "Writer", body: "About the boat" }]);
  electron.shown[0]?.emit("click");
  expect(await clicked).toBe(true);
  expect(electron.window.restore).toHaveBeenCalledOnce();
  expect(electron.window.focus).toHaveBeenCalledOnce();
});

test("one that is put away, fails or is replaced was not clicked, and brings nothing up", async () => {
  const first = notify("One", "");
  const second = notify("Two", "");
  expect(await first).toBe(false);
  electron.shown[1]?.emit("close");
  expect(await second).toBe(false);
  const third = notify("Three", "");
  electron.shown[2]?.emit("failed");
  expect(await third).toBe(false);
  electron.supported = false;
  expect(await notify("Four", "")).toBe(false);
  expect(electron.shown).toHaveLength(3);
  expect(electron.window.focus).not.toHaveBeenCalled();
});

test("the number of unread messages stands at the program's picture", async () => {
  await badge(3);
  await badge(0);
  expect(electron.app.setBadgeCount.mock.calls).toEqual([[3], [0]]);
});
