import { useEffect, useState } from "react";
import type { Answer, Invitation } from "../../shared/contract/calendar.ts";
import type { MessageBody } from "../../shared/contract/mail.ts";
import type { OutputOf } from "../../shared/contract/table.ts";
import { asFailure } from "../../shared/failure.ts";
import type { MessageId, OutboxId, PlacementId } from "../../shared/ids.ts";
import { client } from "../client/engine.ts";
import { showToast, toastFailure } from "./toasts.ts";

export type Calendars = OutputOf<"calendar.read">;

const NONE: Calendars = { invitations: [], contacts: [], cards: 0 };

/** Calendars and contact cards of an open message; null until they are read. Read again when an answer came on or something was heard. */
export function useCalendars({ head: { placementId, messageId }, hasCards }: Pick<MessageBody, "head" | "hasCards">): Calendars | null {
  return useCards(placementId, null, messageId, hasCards);
}

/** The same of a message that is attached to another one as that part. */
export function useCardsInside(placementId: PlacementId, part: string, hasCards: boolean): Calendars | null {
  return useCards(placementId, part, null, hasCards);
}

function useCards(placementId: PlacementId, inside: string | null, messageId: MessageId | null, hasCards: boolean): Calendars | null {
  const [calendars, setCalendars] = useState<Calendars | null>(null);
  const waiting = calendars?.invitations.some(({ answer }) => answer !== null && answer.waiting !== null) ?? false;
  // Inside, its own message is not told of when it is answered: the outbox is.
  const followsOutbox = waiting || inside !== null;
  useEffect(() => {
    if (!hasCards) return;
    let shown = true;
    const read = (): void => {
      client.request("calendar.read", { placementId, ...(inside === null ? {} : { inside }) }).then(
        (known) => shown && setCalendars(known),
        // The message can be read without, and its files be opened; what is wrong with its bytes, the body says.
        () => shown && setCalendars(NONE),
      );
    };
    const stops = [client.onConnect(read)];
    if (messageId !== null) stops.push(client.on("mail.updated", ({ messageIds }) => messageIds.includes(messageId) && read()));
    if (followsOutbox) stops.push(client.on("outbox.changed", read));
    return () => {
      shown = false;
      for (const stop of stops) stop();
    };
  }, [placementId, inside, messageId, hasCards, followsOutbox]);
  return hasCards ? calendars : NONE;
}

/** Where an invitation stands: its message, the part of it that is a message of its own and holds it, and its place among those. */
export type InvitationPlace = { readonly placementId: PlacementId; readonly inside: string | null; readonly index: number };

export function answerInvitation(place: InvitationPlace, { title }: Invitation, answer: Answer, comment: string): void {
  const { placementId, inside, index } = place;
  client
    .request("calendar.answer", { placementId, ...(inside === null ? {} : { inside }), index, answer, comment })
    .then(({ outboxId, undoUntil }) => {
      if (outboxId === null) {
        showToast({ key: "calendar:toast.same" });
        return;
      }
      const lastsMs = Math.max(4_000, undoUntil - Date.now());
      const action = { key: "compose:undo", run: () => takeBack(outboxId) };
      showToast({
        key: `calendar:toast.${answer}`,
        params: { title },
        icon: "sent",
        lastsMs,
        ...(undoUntil > Date.now() ? { action } : {}),
      });
    }, toastFailure);
}

/** The answer was not meant. */
export function takeBack(outboxId: OutboxId): void {
  client.request("outbox.cancel", { outboxId }).then(
    () => showToast({ key: "calendar:toast.takenBack" }),
    (error: unknown) => {
      const failure = asFailure(error);
      if (failure.code === "already-sending" || failure.code === "already-sent") showToast({ key: "compose:tooLate", icon: "sent" });
      else toastFailure(failure);
    },
  );
}

/** Offered from now on when an address is typed. */
export function rememberAddress(name: string, address: string): void {
  client
    .request("calendar.remember", { person: { name, address } })
    .then(() => showToast({ key: "calendar:remembered", params: { address } }), toastFailure);
}

export function copyText(text: string): void {
  navigator.clipboard.writeText(text).then(() => showToast({ key: "calendar:copied" }), toastFailure);
}
