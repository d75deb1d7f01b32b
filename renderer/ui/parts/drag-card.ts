import type { DragEvent } from "react";

/** A card with words on it goes along with the pointer while something is dragged. */
export function dragWithCard(event: DragEvent, words: string): void {
  const card = document.createElement("div");
  card.className = "drag-card";
  card.textContent = words;
  document.body.append(card);
  event.dataTransfer.setDragImage(card, 16, 20);
  // The browser has taken its picture of the card by the next task.
  setTimeout(() => card.remove());
}
