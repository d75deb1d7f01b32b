import { useEffect, useState } from "react";
import type { ChosenRole } from "../../shared/contract/folders.ts";
import type { InputOf, OutputOf } from "../../shared/contract/table.ts";
import type { AccountId } from "../../shared/ids.ts";
import { client } from "../client/engine.ts";
import { toastFailure } from "./toasts.ts";

export type RoleRow = OutputOf<"folders.roles">["roles"][number];

/** Which folder of an account plays which role; null until it is known. */
export function useFolderRoles(accountId: AccountId): readonly RoleRow[] | null {
  const [roles, setRoles] = useState<readonly RoleRow[] | null>(null);
  useEffect(() => {
    let wanted = true;
    const read = (): void => {
      client.request("folders.roles", { accountId }).then((answer) => wanted && setRoles(answer.roles), toastFailure);
    };
    read();
    const stop = client.on("folders.changed", read);
    return () => {
      wanted = false;
      stop();
    };
  }, [accountId]);
  return roles;
}

export function setFolderRole(accountId: AccountId, role: ChosenRole, choice: InputOf<"folders.setRole">["choice"]): void {
  client.request("folders.setRole", { accountId, role, choice }).catch(toastFailure);
}

export function showOnlySubscribed(accountId: AccountId, on: boolean): void {
  client.request("folders.onlySubscribed", { accountId, on }).catch(toastFailure);
}
