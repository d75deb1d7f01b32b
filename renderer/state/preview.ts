import { create } from "zustand";
import type { PartInfo } from "../../shared/contract/mail.ts";
import type { OutputOf } from "../../shared/contract/table.ts";
import type { PlacementId } from "../../shared/ids.ts";
import { client } from "../client/engine.ts";

/** One of the attachments of a message that is being looked at. */
export type Shown = { readonly placementId: PlacementId; readonly parts: readonly PartInfo[]; readonly at: number };

/** What is being looked at, on top of what it was found in: a message that is attached has attachments itself. */
export const usePreview = create<{ stack: readonly Shown[] }>(() => ({ stack: [] }));

export function openPreview(shown: Shown): void {
  usePreview.setState(({ stack }) => ({ stack: [...stack, shown] }));
}

/** Closes the topmost; what it was found in is seen again. */
export function closePreview(): void {
  usePreview.setState(({ stack }) => ({ stack: stack.slice(0, -1) }));
}

/** Back to the window: what is gone to lies beneath them. */
export function closeAllPreviews(): void {
  usePreview.setState({ stack: [] });
}

/** To the attachment before or after, round and round. */
export function stepPreview(by: 1 | -1): void {
  usePreview.setState(({ stack }) => {
    const top = stack.at(-1);
    if (top === undefined) return { stack };
    const count = top.parts.length;
    return { stack: [...stack.slice(0, -1), { ...top, at: (top.at + by + count) % count }] };
  });
}

export function lookAt(placementId: PlacementId, part: string): Promise<OutputOf<"preview.look">> {
  return client.request("preview.look", { placementId, part });
}
