import { create } from "zustand";
import type { CareState } from "../../shared/contract/care.ts";
import { client } from "../client/engine.ts";
import { toastFailure } from "./toasts.ts";

/** The check of everything on this computer, as the engine tells it; null until it was asked. */
export const useCare = create<{ state: CareState | null }>(() => ({ state: null }));

function read(): void {
  void client.request("care.state", {}).then((state) => useCare.setState({ state }), toastFailure);
}

/** Follows the check while somebody looks. @returns what ends that */
export function followCare(): () => void {
  read();
  const off = [client.on("care.changed", read), client.onConnect(read)];
  return () => {
    for (const end of off) end();
  };
}

export function startCheck(): void {
  void client.request("care.check", {}).catch(toastFailure);
}
