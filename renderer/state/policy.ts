import { create } from "zustand";
import type { PolicySummary } from "../../shared/contract/policy.ts";
import { client } from "../client/engine.ts";
import { toastFailure } from "./toasts.ts";

/** What an organisation has set; null where it has set nothing. It stays as it is for as long as the program runs. */
export const usePolicy = create<{ policy: PolicySummary | null }>(() => ({ policy: null }));

export function startPolicy(): void {
  client.onConnect(() => {
    client.request("policy.read", {}).then(({ policy }) => usePolicy.setState({ policy }), toastFailure);
  });
}

/** The organisation that has set this setting, or null. */
export function lockedBy(policy: PolicySummary | null, setting: string | undefined): string | null {
  return policy !== null && setting !== undefined && policy.locked.includes(setting) ? policy.organisation : null;
}
