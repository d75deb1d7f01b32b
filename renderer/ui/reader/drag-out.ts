import { type DragEvent, useRef } from "react";
import type { PartInfo } from "../../../shared/contract/mail.ts";
import type { PlacementId } from "../../../shared/ids.ts";
import { dragPart, dragUrl } from "../../state/attachments.ts";
import { useSession } from "../../state/session.ts";

type DragOut = { draggable: boolean; onPointerEnter(): void; onDragStart(event: DragEvent): void };

/** What lets an attachment be dragged out of the window, to a folder or another program. */
export function useDragOut(placementId: PlacementId, { part, name, type, here }: PartInfo): DragOut {
  const ownHost = useSession((state) => state.hello?.host === "electron");
  const url = useRef<string | null>(null);
  return {
    draggable: here,
    onPointerEnter() {
      // A browser must be told the address at once when the dragging begins.
      if (here && !ownHost && url.current === null)
        dragUrl(placementId, part).then(
          (found) => {
            url.current = found;
          },
          () => undefined,
        );
    },
    onDragStart(event) {
      if (ownHost) {
        // The host begins a dragging of its own, with a file of the system.
        event.preventDefault();
        dragPart(placementId, part);
      } else if (url.current === null) event.preventDefault();
      else event.dataTransfer.setData("DownloadURL", `${type}:${name.replace(/[:\r\n]/gu, "_")}:${url.current}`);
    },
  };
}
