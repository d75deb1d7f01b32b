import type { VaultState } from "../../shared/contract/accounts.ts";
import { asFailure, type FailureData } from "../../shared/failure.ts";
import { client } from "../client/engine.ts";
import { useAccounts } from "./accounts.ts";

/** Makes the vault under a passphrase, or with a key file for null. Null when it worked, else why not. */
export function createVault(passphrase: string | null): Promise<FailureData | null> {
  return changing(client.request("accounts.createVault", { passphrase }));
}

export function unlockVault(passphrase: string): Promise<FailureData | null> {
  return changing(client.request("accounts.unlockVault", { passphrase }));
}

async function changing(asked: Promise<VaultState>): Promise<FailureData | null> {
  try {
    useAccounts.setState({ vault: await asked });
    return null;
  } catch (error) {
    return asFailure(error).data();
  }
}
