import { create } from "zustand";
import type { MessageBody } from "../../shared/contract/mail.ts";
import type { OutputOf } from "../../shared/contract/table.ts";
import type { UnsubscribeWay } from "../../shared/contract/unsubscribe.ts";
import type { PlacementId } from "../../shared/ids.ts";
import { client } from "../client/engine.ts";
import { openLink } from "./attachments.ts";
import { useReader } from "./reader.ts";
import { showToast, toastFailure } from "./toasts.ts";

type Offer = OutputOf<"unsubscribe.look">;

type Unsubscribing = {
  /** The message whose list the user thinks of leaving, and who sent it. */
  about: { placementId: PlacementId; sender: string } | null;
  /** What can be done; null until it was looked at. */
  offer: Offer | null;
};

export const useUnsubscribing = create<Unsubscribing>(() => ({ about: null, offer: null }));

/** Looks at how the list is left, and asks before anything is done. */
export function thinkOfLeaving({ head }: Pick<MessageBody, "head">): void {
  const from = head.from[0];
  const about = { placementId: head.placementId, sender: from?.name || from?.address || "" };
  useUnsubscribing.setState({ about, offer: null });
  client.request("unsubscribe.look", { placementId: about.placementId }).then(
    (offer) => {
      if (useUnsubscribing.getState().about === about) useUnsubscribing.setState({ offer });
    },
    (error: unknown) => {
      if (useUnsubscribing.getState().about === about) stay();
      toastFailure(error);
    },
  );
}

export function stay(): void {
  useUnsubscribing.setState({ about: null, offer: null });
}

export function leaveBy(way: UnsubscribeWay): void {
  const { about } = useUnsubscribing.getState();
  stay();
  if (about === null) return;
  if (way.kind === "page") {
    openLink(way.url);
    return;
  }
  client
    .request("unsubscribe.ask", { placementId: about.placementId, way: way.kind })
    .then(() => showToast({ key: way.kind === "mail" ? "unsubscribe:toast.mail" : "unsubscribe:toast.post" }), toastFailure);
}

/** The newest message of what is open that says how its list is left. */
export function useListMail(): MessageBody | null {
  return useReader(({ messages, bodies }) => {
    const last = messages?.findLast(({ placementId }) => bodies.get(placementId)?.list);
    return (last !== undefined && bodies.get(last.placementId)) || null;
  });
}
