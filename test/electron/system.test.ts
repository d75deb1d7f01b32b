import { afterEach, beforeEach, expect, test, vi } from "vitest";

const double = vi.hoisted(() => ({
  shell: { openExternal: vi.fn(() => Promise.resolve()) },
  systemPreferences: { canPromptTouchID: vi.fn(() => true), promptTouchID: vi.fn((_reason: string) => Promise.resolve()) },
}));
vi.mock("electron", () => double);
const { systemUnlock } = await import("../../main/electron/system-unlock.ts");
const { dateSettings } = await import("../../main/electron/date-settings.ts");
const { shell, systemPreferences } = double;

beforeEach(() => void vi.clearAllMocks());
afterEach(() => void vi.restoreAllMocks());

test("a Mac is asked for a finger, with the reason; no other system is", async () => {
  const mac = systemUnlock("darwin");
  expect(await mac?.ready()).toBe(true);
  await mac?.ask("unlock your mail");
  expect(systemPreferences.promptTouchID).toHaveBeenCalledExactlyOnceWith("unlock your mail");
  systemPreferences.canPromptTouchID.mockReturnValueOnce(false);
  expect(await mac?.ready()).toBe(false);
  expect([systemUnlock("win32"), systemUnlock("linux")]).toEqual([null, null]);
});

test("a finger that is not known, or a question put away, opens nothing", async () => {
  systemPreferences.promptTouchID.mockRejectedValueOnce(new Error("Canceled by user."));
  await expect(systemUnlock("darwin")?.ask("unlock your mail")).rejects.toMatchObject({ kind: "invalid", code: "system-unlock-refused" });
});

test("the clock is set in the system's own settings, where they have an address", async () => {
  await dateSettings("darwin")?.();
  await dateSettings("win32")?.();
  expect(shell.openExternal.mock.calls).toEqual([["x-apple.systempreferences:com.apple.preference.datetime"], ["ms-settings:dateandtime"]]);
  expect(dateSettings("linux")).toBeNull();
});
