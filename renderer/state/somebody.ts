import { client } from "../client/engine.ts";

const SIGNS = ["pointermove", "pointerdown", "keydown", "touchstart"] as const;

/**
 * Tells the engine with the first sign of somebody at the window that a message will be opened soon: loading what cleans HTML takes half a second. While nobody is
 * there (Satchel started with the computer, a first synchronisation runs) it has no part in the processor or the memory.
 */
export function startNoticingSomebody(): void {
  let there = false;
  const tell = (): void => void client.request("mail.willRead", {}).catch(() => undefined);
  const noticed = (): void => {
    there = true;
    for (const sign of SIGNS) removeEventListener(sign, noticed, true);
    tell();
  };
  for (const sign of SIGNS) addEventListener(sign, noticed, { capture: true, passive: true });
  // An engine that was started again has nothing ready.
  client.onConnect(() => {
    if (there) tell();
  });
}
