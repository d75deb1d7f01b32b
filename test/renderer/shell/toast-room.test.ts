import { describe, expect, it } from "vitest";
import { type Box, placeToast } from "../../../renderer/ui/shell/toast-room.ts";

const box = (left: number, right: number, top: number, bottom: number): Box => ({ left, right, top, bottom });
const WIDE = { widthPx: 1440, heightPx: 900 };
const NARROW = { widthPx: 480, heightPx: 900 };
const nothing = { feet: [], buttons: [], words: [], heightPx: 44 };

describe("a toast", () => {
  it("stands over the foot of the list and is as wide", () => {
    expect(placeToast({ ...nothing, over: box(240, 624, 0, 900), isList: true, window: WIDE })).toEqual({
      left: 248,
      width: 368,
      bottom: 8,
    });
  });

  it("stands above the status line where that is under it, and beside one that is not", () => {
    const feet = [box(0, 480, 825, 900)];
    expect(placeToast({ ...nothing, over: box(0, 480, 0, 900), isList: false, feet, window: NARROW }).bottom).toBe(83);
    expect(
      placeToast({ ...nothing, over: box(240, 1440, 0, 900), isList: false, feet: [box(0, 240, 825, 900)], window: WIDE }).bottom,
    ).toBe(8);
  });

  it("goes to the end of the line where buttons are at its beginning", () => {
    const buttons = [box(300, 400, 860, 890)];
    const page = { ...nothing, over: box(240, 1440, 0, 900), isList: false, window: WIDE };
    expect(placeToast({ ...page, buttons }).left).toBe(1440 - 368 - 8);
    expect(placeToast({ ...page, words: buttons }).left).toBe(1440 - 368 - 8);
    expect(placeToast({ ...page, buttons: [box(1300, 1400, 860, 890)], words: [...buttons, ...buttons] }).left).toBe(248);
    expect(placeToast({ ...page, buttons: [...buttons, box(1300, 1400, 860, 890), box(1200, 1300, 860, 890)] }).left).toBe(248);
  });

  it("is never wider than the window", () => {
    expect(placeToast({ ...nothing, over: box(0, 280, 0, 600), isList: true, window: { widthPx: 280, heightPx: 600 } })).toEqual({
      left: 8,
      width: 264,
      bottom: 8,
    });
  });
});
