import type { DragEvent } from "react";
import type { ListRow } from "../../../shared/contract/mail.ts";

const KIND = "application/x-satchel-rows";
let dragged: readonly ListRow[] = [];

/** Begins to drag rows, with a card that says how many. */
export function startDrag(event: DragEvent, rows: readonly ListRow[], words: string): void {
  dragged = rows;
  event.dataTransfer.setData(KIND, String(rows.length));
  event.dataTransfer.effectAllowed = "move";
  const card = document.createElement("div");
  card.className = "drag-card";
  card.textContent = words;
  document.body.append(card);
  event.dataTransfer.setDragImage(card, 16, 20);
  // The browser has taken its picture of the card by the next task.
  setTimeout(() => card.remove());
}

export function isDraggingMail(event: DragEvent): boolean {
  return event.dataTransfer.types.includes(KIND);
}

export function draggedRows(): readonly ListRow[] {
  return dragged;
}
