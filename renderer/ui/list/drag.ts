import type { DragEvent } from "react";
import type { ListRow } from "../../../shared/contract/mail.ts";
import { isMac } from "../../state/session.ts";
import { dragWithCard } from "../parts/drag-card.ts";

const KIND = "application/x-satchel-rows";
let dragged: readonly ListRow[] = [];

/** Begins to drag rows, with a card that says how many. */
export function startDrag(event: DragEvent, rows: readonly ListRow[], words: string): void {
  dragged = rows;
  event.dataTransfer.setData(KIND, String(rows.length));
  event.dataTransfer.effectAllowed = "copyMove";
  dragWithCard(event, words);
}

/** Held while mail is dragged: it is copied, not moved. Ctrl or Alt, and on a Mac Option, as in its Finder. */
export function isCopying({ altKey, ctrlKey }: DragEvent): boolean {
  return altKey || (ctrlKey && !isMac());
}

export function isDraggingMail(event: DragEvent): boolean {
  return event.dataTransfer.types.includes(KIND);
}

export function draggedRows(): readonly ListRow[] {
  return dragged;
}
