import { create } from "zustand";
import type { MessageBody } from "../../shared/contract/mail.ts";
import { client } from "../client/engine.ts";
import { showToast, toastFailure } from "./toasts.ts";

/** What was chosen since the window was opened, by sender in lower case: bodies that were read before do not know of it. */
const useChosen = create<ReadonlyMap<string, boolean>>(() => new Map());

type Shown = Pick<MessageBody, "head" | "original">;

function senderOf({ head }: Shown): string {
  return head.from[0]?.address.toLowerCase() ?? "";
}

/** Whether a message is shown in its own colours in the dark as well. */
export function useOriginal(body: Shown | undefined): boolean {
  const chosen = useChosen((all) => (body === undefined ? undefined : all.get(senderOf(body))));
  return chosen ?? body?.original ?? false;
}

/** Whether HTML is shown in other colours than its own now. */
export function isAdapted(original: boolean): boolean {
  return !original && document.documentElement.dataset["theme"] === "dark";
}

/** Shows a message in its own colours or in those for the dark, and with it whatever its sender writes. In the light there is one way only. */
export function switchOriginal(body: Shown): void {
  if (document.documentElement.dataset["theme"] !== "dark") return;
  const sender = senderOf(body);
  const on = !(useChosen.getState().get(sender) ?? body.original);
  chooseOriginal(sender, on);
  client.request("mail.showOriginal", { placementId: body.head.placementId, on }).then(() => {
    if (sender !== "") showToast({ key: on ? "reading:original.on" : "reading:original.off", params: { sender } });
  }, toastFailure);
}

/** What was remembered of a sender was taken back, or chosen. */
export function chooseOriginal(sender: string, on: boolean): void {
  useChosen.setState((all) => new Map(all).set(sender, on), true);
}
