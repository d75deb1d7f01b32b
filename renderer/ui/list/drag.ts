import type { DragEvent } from "react";
import type { ListRow } from "../../../shared/contract/mail.ts";
import { dragWithCard } from "../parts/drag-card.ts";

const KIND = "application/x-satchel-rows";
let dragged: readonly ListRow[] = [];

/** Begins to drag rows, with a card that says how many. */
export function startDrag(event: DragEvent, rows: readonly ListRow[], words: string): void {
  dragged = rows;
  event.dataTransfer.setData(KIND, String(rows.length));
  event.dataTransfer.effectAllowed = "move";
  dragWithCard(event, words);
}

export function isDraggingMail(event: DragEvent): boolean {
  return event.dataTransfer.types.includes(KIND);
}

export function draggedRows(): readonly ListRow[] {
  return dragged;
}
