import { Failure } from "../../shared/failure.ts";
import type { FolderId } from "../../shared/ids.ts";
import { readAccount } from "../store/accounts.ts";
import { readFolder } from "../store/folders.ts";
import { writeOwnLimit } from "../store/kept.ts";
import { writePolicy } from "../store/offline.ts";
import { roomChanged } from "../store/room.ts";
import { readTrip, writeTrip } from "../store/trip.ts";
import { tripEstimate } from "../store/trip-estimate.ts";
import type { Parts } from "./parts.ts";
import type { Handlers } from "./serve.ts";

type Names = Extract<keyof Handlers, `offline.${string}`>;

export function offlineHandlers({ store, accounts, clock }: Parts): Pick<Handlers, Names> {
  const estimate = (folderIds: readonly FolderId[]) =>
    tripEstimate(store, folderIds, (accountId, bytes) => accounts.secondsFor(accountId, bytes));
  return {
    "offline.setPolicy": ({ accountId, folderId, policy }) => {
      if (readAccount(store, accountId) === undefined) throw new Failure("account-gone");
      if (folderId !== null && readFolder(store, folderId)?.accountId !== accountId) throw new Failure("folder-gone");
      writePolicy(store, accountId, folderId, policy);
      accounts.policyChanged();
      return {};
    },
    "offline.setLimit": ({ accountId, megabytes }) => {
      if (readAccount(store, accountId) === undefined) throw new Failure("account-gone");
      writeOwnLimit(store, accountId, megabytes);
      roomChanged(store);
      accounts.policyChanged();
      return {};
    },
    "offline.trip": () => {
      const trip = readTrip(store);
      return { trip: trip === null ? null : { ...trip, estimate: estimate(trip.folderIds) } };
    },
    "offline.planTrip": ({ folderIds }) => estimate(folderIds),
    "offline.startTrip": ({ folderIds, until }) => {
      if (until <= clock()) throw new Failure("invalid-input", { params: { field: "until" } });
      writeTrip(store, { folderIds, until });
      accounts.policyChanged();
      return {};
    },
    "offline.endTrip": () => {
      writeTrip(store, null);
      accounts.policyChanged();
      return {};
    },
  };
}
