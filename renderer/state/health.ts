import { create } from "zustand";
import type { AccountHealth, HealthStatus } from "../../shared/contract/health.ts";
import type { AccountId } from "../../shared/ids.ts";
import { client } from "../client/engine.ts";
import { toastFailure } from "./toasts.ts";

type Health = { status: HealthStatus | null };

/** What the status line shows; re-read on every change, so that it is always true. */
export const useHealth = create<Health>(() => ({ status: null }));

export function startHealth(): void {
  const read = (): void => {
    void client.request("health.status", {}).then((status) => useHealth.setState({ status }), toastFailure);
  };
  client.onConnect(read);
  client.on("health.changed", read);
  const network = (): void => void client.request("health.networkChanged", {}).catch(toastFailure);
  addEventListener("online", network);
  addEventListener("offline", network);
}

/** Whether nothing can go out: by the user's own switch, or because no server is there. */
export function isOffline(status: HealthStatus | null): boolean {
  if (status === null) return false;
  return status.workOffline || (status.accounts.length > 0 && status.accounts.every((account) => account.state === "offline"));
}

export function setWorkOffline(on: boolean): void {
  useHealth.setState(({ status }) => ({ status: status === null ? null : { ...status, workOffline: on } }));
  void client.request("health.workOffline", { on }).catch(toastFailure);
}

export function syncNow(): void {
  void client.request("health.syncNow", {}).catch(toastFailure);
}

export function healthOf(account: AccountId): AccountHealth | undefined {
  return useHealth.getState().status?.accounts.find((one) => one.accountId === account);
}
