import type { OfferedCharset } from "../../shared/charsets.ts";
import type { InsideMessage } from "../../shared/contract/mail.ts";
import type { PlacementId } from "../../shared/ids.ts";
import { client } from "../client/engine.ts";
import { toastFailure } from "./toasts.ts";

/** Reads a message, and whatever else its sender wrote, in another charset. The reader hears of it as of every change. */
export function readAs(placementId: PlacementId, charset: OfferedCharset | null): void {
  client.request("mail.readAs", { placementId, charset }).catch(toastFailure);
}

/** A message that is attached to another one. */
export function readInside(placementId: PlacementId, part: string): Promise<InsideMessage> {
  return client.request("mail.readInside", { placementId, part });
}

/** Lets a message that is attached to this one fetch its pictures, this once. */
export async function showInsidePictures(placementId: PlacementId): Promise<void> {
  await client.request("mail.showPictures", { placementId, scope: "once" });
}
