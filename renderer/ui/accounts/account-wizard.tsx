import type { ReactNode } from "react";
import type { AccountId } from "../../../shared/ids.ts";

/** Adds an account, or mends the sign-in and servers of the one given. */
export function AccountWizard(_props: { accountId: AccountId | null }): ReactNode {
  return null;
}
