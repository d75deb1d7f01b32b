import { create } from "zustand";
import type { Trip, TripEstimate } from "../../shared/contract/offline.ts";
import type { FolderId } from "../../shared/ids.ts";
import { client } from "../client/engine.ts";
import { toastFailure } from "./toasts.ts";

type TripState = {
  trip: Trip | null;
  /** The dialog in which folders and a day are chosen is open. */
  choosing: boolean;
};

export const useTrip = create<TripState>(() => ({ trip: null, choosing: false }));

export function startTrips(): void {
  const read = (): void => {
    void client.request("offline.trip", {}).then((answer) => useTrip.setState(answer), toastFailure);
  };
  client.onConnect(read);
  // Folders change with every message that comes; health tells of a trip that began or ended in another window.
  client.on("folders.changed", () => useTrip.getState().trip !== null && read());
  client.on("health.changed", read);
}

export function chooseTrip(choosing: boolean): void {
  useTrip.setState({ choosing });
}

export function planTrip(folderIds: FolderId[]): Promise<TripEstimate> {
  return client.request("offline.planTrip", { folderIds });
}

export function beginTrip(folderIds: FolderId[], until: number): void {
  void client.request("offline.startTrip", { folderIds, until }).catch(toastFailure);
}

export function endTrip(): void {
  void client.request("offline.endTrip", {}).catch(toastFailure);
}
