import { create } from "zustand";
import type { PlacementId } from "../../shared/ids.ts";

/** `three` panes; `two` with the sidebar as a drawer below 1040 px; `one` pane with back below 720 px. */
export type Layout = "three" | "two" | "one";

type Shell = {
  layout: Layout;
  drawer: boolean;
  /** Whether a message was opened to be read: in one pane it covers the list. */
  reading: boolean;
  /** The sheet of keys, the palette, or the palette asking where to move or copy to or which label to put on. */
  over: "keys" | "palette" | "move" | "copy" | "label" | "go" | null;
  /** What the palette is to move or copy, where that is not what is selected in the list. */
  about: readonly PlacementId[] | null;
};

export const useShell = create<Shell>(() => ({ layout: layoutNow(), drawer: false, reading: false, over: null, about: null }));

function layoutNow(): Layout {
  if (innerWidth < 720) return "one";
  return innerWidth < 1040 ? "two" : "three";
}

export function startShell(): void {
  addEventListener("resize", () => {
    const layout = layoutNow();
    if (layout !== useShell.getState().layout) useShell.setState({ layout, drawer: false });
  });
}

export function showOver(over: Shell["over"], about: Shell["about"] = null): void {
  useShell.setState({ over, about });
}

export function setDrawer(drawer: boolean): void {
  useShell.setState({ drawer });
}

export function setReading(reading: boolean): void {
  useShell.setState({ reading });
}
