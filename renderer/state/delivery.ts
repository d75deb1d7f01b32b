import { useEffect, useState } from "react";
import type { Delivery, Outcome, Place } from "../../shared/contract/delivery.ts";
import type { MessageHead } from "../../shared/contract/mail.ts";
import type { PlacementId } from "../../shared/ids.ts";
import { client } from "../client/engine.ts";
import { startComposer } from "./composers.ts";
import { goToView } from "./open.ts";
import { openRow } from "./reader.ts";
import { setReading } from "./shell.ts";
import { showToast, toastFailure } from "./toasts.ts";

/** What is known of a message's delivery; null until it is read. Read again when something was heard of the message. */
export function useDelivery({ placementId, messageId }: Pick<MessageHead, "placementId" | "messageId">): Delivery | null {
  const [delivery, setDelivery] = useState<Delivery | null>(null);
  useEffect(() => {
    let shown = true;
    const read = (): void => {
      client.request("delivery.read", { placementId }).then(
        (known) => shown && setDelivery(known),
        // The message itself says what is wrong; without the notes it can be read all the same.
        () => undefined,
      );
    };
    const stops = [client.onConnect(read), client.on("mail.updated", ({ messageIds }) => messageIds.includes(messageId) && read())];
    return () => {
      shown = false;
      for (const stop of stops) stop();
    };
  }, [placementId, messageId]);
  return delivery;
}

/** Goes to where a message lies, and opens it. */
export function openPlace({ placementId, conversationId, folderId }: Place, subject: string): void {
  goToView(`folder:${folderId}`);
  openRow({ placementId, conversationId, subject }, `folder:${folderId}`, false);
  setReading(true);
}

/** The sent message once more for one person, in a composer: nothing leaves before the user says so. */
export function sendAgainTo(sent: PlacementId, { name, address }: Outcome): void {
  startComposer({ kind: "again", placementId: sent, to: { name, address } });
}

export function answerReceipt(placementId: PlacementId, answer: "send" | "ignore" | "never"): void {
  client.request("delivery.answer", { placementId, answer }).then(() => {
    if (answer === "send") showToast({ key: "delivery:receipt.sent" });
  }, toastFailure);
}
