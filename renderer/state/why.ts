import { useEffect, useState } from "react";
import type { MessageWhy } from "../../shared/contract/why.ts";
import type { PlacementId } from "../../shared/ids.ts";
import { client } from "../client/engine.ts";

/** What Satchel decided about a message by itself; null until it is known, and where it cannot be had: nobody misses it. */
export function useWhy(placementId: PlacementId): MessageWhy | null {
  const [why, setWhy] = useState<MessageWhy | null>(null);
  useEffect(() => {
    let shown = true;
    client.request("mail.why", { placementId }).then(
      (answer) => shown && setWhy(answer),
      () => undefined,
    );
    return () => {
      shown = false;
    };
  }, [placementId]);
  return why;
}
