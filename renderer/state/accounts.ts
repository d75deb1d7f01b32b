import { create } from "zustand";
import type { AccountSummary, VaultState } from "../../shared/contract/accounts.ts";
import type { AccountId } from "../../shared/ids.ts";
import { client } from "../client/engine.ts";
import { toastFailure } from "./toasts.ts";

type Accounts = { accounts: readonly AccountSummary[]; vault: VaultState | null; canDemo: boolean; loaded: boolean };

export const useAccounts = create<Accounts>(() => ({ accounts: [], vault: null, canDemo: false, loaded: false }));

export function startAccounts(): void {
  const read = (): void => {
    void client.request("accounts.list", {}).then((list) => useAccounts.setState({ ...list, loaded: true }), toastFailure);
  };
  client.onConnect(read);
  client.on("accounts.changed", read);
}

export function accountOf(id: AccountId): AccountSummary | undefined {
  return useAccounts.getState().accounts.find((account) => account.id === id);
}

/** One that the user has paused goes on. */
export function resumeAccount(accountId: AccountId): void {
  client.request("accounts.update", { accountId, paused: false }).catch(toastFailure);
}

/** Whether this address is one of the user's own. */
export function isMine(address: string): boolean {
  const wanted = address.toLowerCase();
  return useAccounts
    .getState()
    .accounts.some(
      (account) => account.address.toLowerCase() === wanted || account.identities.some((own) => own.address.toLowerCase() === wanted),
    );
}
