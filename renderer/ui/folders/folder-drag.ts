import type { DragEvent } from "react";
import type { FolderRow } from "../../../shared/contract/folders.ts";
import { dragWithCard } from "../parts/drag-card.ts";

const KIND = "application/x-satchel-folder";
let dragged: FolderRow | null = null;

/** Begins to drag a folder, with a card that bears its name. */
export function startFolderDrag(event: DragEvent, folder: FolderRow, name: string): void {
  dragged = folder;
  event.dataTransfer.setData(KIND, String(folder.id));
  event.dataTransfer.effectAllowed = "move";
  dragWithCard(event, name);
}

/** The folder under the pointer, or null when something else is dragged. */
export function draggedFolder(event: DragEvent): FolderRow | null {
  return event.dataTransfer.types.includes(KIND) ? dragged : null;
}
