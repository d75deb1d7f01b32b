import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { FolderRow } from "../../../shared/contract/folders.ts";
import type { AccountId, FolderId } from "../../../shared/ids.ts";
import { langOf } from "../../i18n/lang-of.ts";
import { type RoleRow, setFolderRole, showOnlySubscribed, useFolderRoles } from "../../state/folder-roles.ts";
import { useFolders } from "../../state/folders.ts";
import { type Choice, Select } from "../parts/select.tsx";
import { Switch } from "../parts/switch.tsx";
import { SetRow } from "./set-row.tsx";

/** Which folders of an account are shown, and which plays which role. */
export function AccountFoldersCard({ accountId }: { accountId: AccountId }): ReactNode {
  const { t } = useTranslation("folders");
  const tree = useFolders((state) => state.trees.find((one) => one.accountId === accountId));
  const folders = useFolders((state) => state.folders);
  const roles = useFolderRoles(accountId);
  if (tree === undefined || roles === null) return null;
  const own = folders.filter((one) => one.accountId === accountId);
  return (
    <div className="setcard">
      <SetRow label={t("settings.onlySubscribed")} hint={t("settings.onlySubscribedHint")}>
        <Switch
          aria-label={t("settings.onlySubscribed")}
          isSelected={tree.onlySubscribed}
          onChange={(on) => showOnlySubscribed(accountId, on)}
        />
      </SetRow>
      {tree.labels ? (
        <SetRow label={t("settings.title")} hint={t("settings.labels")} />
      ) : (
        roles.map((row) => <RoleSetting key={row.role} accountId={accountId} row={row} folders={own} />)
      )}
    </div>
  );
}

function RoleSetting({ accountId, row, folders }: { accountId: AccountId; row: RoleRow; folders: readonly FolderRow[] }): ReactNode {
  const { t } = useTranslation("folders");
  const { role, folderId, toldId, byHand } = row;
  const told = folders.find(({ id }) => id === toldId);
  const named = [...folders].filter(({ role: other, canSelect, waiting }) => other !== "inbox" && canSelect && !waiting);
  const choices: Choice<string>[] = [
    { value: "told", label: told === undefined ? t("settings.asNone") : t("settings.as", { folder: told.path }) },
    { value: "none", label: t("settings.noFolder") },
    ...named
      .sort((a, b) => a.path.localeCompare(b.path, undefined, { numeric: true }))
      .map(({ id, path }) => ({ value: String(id), label: path, lang: langOf(path) })),
  ];
  const value = byHand ? (folderId === null ? "none" : String(folderId)) : "told";
  const label = t("settings.role", { role: t(`shell:role.${role}`) });
  const choose = (chosen: string): void => {
    if (chosen === "told" || chosen === "none") setFolderRole(accountId, role, { kind: chosen });
    else setFolderRole(accountId, role, { kind: "folder", folderId: Number(chosen) as FolderId });
  };
  return (
    <SetRow
      label={label}
      hint={t(byHand ? "settings.roleHint.byHand" : toldId === null ? "settings.roleHint.none" : "settings.roleHint.told")}
    >
      <Select label={label} value={value} choices={choices} onChange={choose} />
    </SetRow>
  );
}
