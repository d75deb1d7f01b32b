import { create } from "zustand";
import type { Remembered } from "../../shared/contract/remembered.ts";
import type { InputOf } from "../../shared/contract/table.ts";
import { client } from "../client/engine.ts";
import { chooseOriginal } from "./original-colours.ts";
import { toastFailure } from "./toasts.ts";

/** null until it was read. */
export const useRemembered = create<{ known: Remembered | null }>(() => ({ known: null }));

/** Keeps the lists true while they are on the screen. */
export function followRemembered(): () => void {
  return client.onConnect(() => {
    client.request("remembered.list", {}).then((known) => useRemembered.setState({ known }), toastFailure);
  });
}

export function forgetRemembered(what: InputOf<"remembered.forget">): void {
  if (what.kind === "original") chooseOriginal(what.address, false);
  client.request("remembered.forget", what).then((known) => useRemembered.setState({ known }), toastFailure);
}
