import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Rectangle } from "electron";
import { z } from "zod";

const kept = z.object({
  x: z.number().int(),
  y: z.number().int(),
  width: z.number().int().min(320),
  height: z.number().int().min(240),
  maximized: z.boolean(),
});
export type WindowState = z.infer<typeof kept>;

const FILE = "window.json";
const LEAST_VISIBLE_PX = 80;

/** Where the window was, if that is still on a screen; else null, and the system finds a place. */
export function readWindowState(profileDir: string, screens: readonly Rectangle[]): WindowState | null {
  let text: string;
  try {
    text = readFileSync(join(profileDir, FILE), "utf8");
  } catch {
    // The first start of a profile.
    return null;
  }
  const state = parse(text);
  return state !== null && screens.some((screen) => shows(screen, state)) ? state : null;
}

export function writeWindowState(profileDir: string, state: WindowState): void {
  writeFileSync(join(profileDir, FILE), JSON.stringify(state), { mode: 0o600 });
}

function parse(text: string): WindowState | null {
  try {
    return kept.parse(JSON.parse(text));
  } catch {
    // A damaged note about a window is worth no more than none.
    return null;
  }
}

/** Enough of the title bar is within the screen to take hold of it. */
function shows(screen: Rectangle, { x, y, width }: WindowState): boolean {
  const across = Math.min(x + width, screen.x + screen.width) - Math.max(x, screen.x);
  return across >= LEAST_VISIBLE_PX && y >= screen.y && y <= screen.y + screen.height - LEAST_VISIBLE_PX;
}
