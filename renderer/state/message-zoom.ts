import { changeSettings, useSettings } from "./settings.ts";

/** Percent; the steps that browsers take. */
const STEPS = [50, 67, 80, 90, 100, 110, 125, 150, 175, 200, 250, 300] as const;

/** The open message a step larger or smaller, or as it is (`0`). Remembered for every message. */
export function zoomMessage(by: 1 | -1 | 0): void {
  const { messageZoom } = useSettings.getState().settings;
  const next = by === 0 ? 100 : nextZoom(messageZoom, by);
  if (next !== messageZoom) changeSettings({ messageZoom: next });
}

/** The nearest step beyond a size; the size itself at either end. */
function nextZoom(from: number, by: 1 | -1): number {
  const beyond = by === 1 ? STEPS.find((step) => step > from) : STEPS.findLast((step) => step < from);
  return beyond ?? from;
}
