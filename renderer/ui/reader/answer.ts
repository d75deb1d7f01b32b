import { startComposer } from "../../state/composers.ts";
import { currentMessage } from "../../state/reader.ts";

/** Opens a composer for an answer to the open message, or for passing it on. */
export function answer(kind: "reply" | "reply-all" | "forward"): void {
  const message = currentMessage();
  if (message !== null) startComposer({ kind, placementId: message.placementId });
}
