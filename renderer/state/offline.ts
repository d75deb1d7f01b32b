import type { OfflinePolicy } from "../../shared/contract/offline.ts";
import type { AccountId, FolderId } from "../../shared/ids.ts";
import { client } from "../client/engine.ts";
import { toastFailure } from "./toasts.ts";

/** Of an account, or of one folder of it; null: as usual. */
export function setPolicy(accountId: AccountId, folderId: FolderId | null, policy: OfflinePolicy | null): void {
  void client.request("offline.setPolicy", { accountId, folderId, policy }).catch(toastFailure);
}

/** How much of an account's mail may lie here, in MB; null: no limit of its own. */
export function setLimit(accountId: AccountId, megabytes: number | null): void {
  void client.request("offline.setLimit", { accountId, megabytes }).catch(toastFailure);
}
