import { type ReactNode, useEffect, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import type { AccountSummary } from "../../../shared/contract/accounts.ts";
import { FOLDER_ROLES, type FolderRow } from "../../../shared/contract/folders.ts";
import type { TripEstimate } from "../../../shared/contract/offline.ts";
import type { FolderId } from "../../../shared/ids.ts";
import { formatSize } from "../../i18n/format.ts";
import { langOf } from "../../i18n/lang-of.ts";
import { useAccounts } from "../../state/accounts.ts";
import { useFolders } from "../../state/folders.ts";
import { toastFailure } from "../../state/toasts.ts";
import { beginTrip, chooseTrip, endTrip, planTrip, useTrip } from "../../state/trip.ts";
import { Button } from "../parts/button.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { Icon } from "../parts/icon.tsx";
import { iconOf, useFolderName } from "../shell/folder-name.ts";
import { estimateWords } from "./words.ts";

const DAY_MS = 86_400_000;
/** Where most people look first. */
const USUAL_ROLES: ReadonlySet<string> = new Set(["inbox", "sent", "drafts"]);

/** Chooses folders and a day, says what that takes, and begins. */
export function TripDialog(): ReactNode {
  const choosing = useTrip((state) => state.choosing);
  return choosing ? <Choosing /> : null;
}

function Choosing(): ReactNode {
  const { t } = useTranslation("offline");
  const trip = useTrip((state) => state.trip);
  const accounts = useAccounts((state) => state.accounts);
  const folders = useFolders((state) => state.folders).filter((folder) => folder.canSelect);
  const [chosen, setChosen] = useState<ReadonlySet<FolderId>>(
    () => new Set(trip?.folderIds ?? folders.filter(({ role }) => USUAL_ROLES.has(role)).map(({ id }) => id)),
  );
  const [day, setDay] = useState(() => dayText(trip?.until ?? Date.now() + 7 * DAY_MS));
  const dayId = useId();
  const until = endOfDay(day);
  const estimate = useEstimate([...chosen], folders);
  const possible = chosen.size > 0 && until !== null && until > Date.now();
  const close = (): void => chooseTrip(false);
  const toggle = (id: FolderId): void => {
    const next = new Set(chosen);
    if (!next.delete(id)) next.add(id);
    setChosen(next);
  };
  const begin = (): void => {
    if (!possible) return;
    beginTrip([...chosen], until);
    close();
  };
  return (
    <Dialog title={t("trip.title")} onClose={close}>
      <p className="dialog-text">{t("trip.text")}</p>
      <div className="trip-folders" role="group" aria-label={t("trip.folders")}>
        {accounts.map((account) => (
          <AccountChoices
            key={account.id}
            account={account}
            folders={folders.filter((folder) => folder.accountId === account.id).sort(byRole)}
            chosen={chosen}
            onToggle={toggle}
          />
        ))}
      </div>
      <div className="trip-day">
        <label className="set-label" htmlFor={dayId}>
          {t("trip.until")}
        </label>
        <input id={dayId} type="date" value={day} min={dayText(Date.now())} onChange={(event) => setDay(event.target.value)} />
        <span className="grow" />
        <span className="muted num" role="status">
          {chosen.size === 0 ? t("trip.none") : estimate === null ? "" : estimateWords(estimate)}
        </span>
      </div>
      <div className="dialog-actions">
        {trip !== null && (
          <>
            <Button
              onPress={() => {
                endTrip();
                close();
              }}
            >
              {t("trip.end")}
            </Button>
            <span className="grow" />
          </>
        )}
        <Button onPress={close}>{t("trip.cancel")}</Button>
        <Button look="primary" isDisabled={!possible} onPress={begin}>
          {t("trip.start")}
        </Button>
      </div>
    </Dialog>
  );
}

type Choices = {
  account: AccountSummary;
  folders: readonly FolderRow[];
  chosen: ReadonlySet<FolderId>;
  onToggle(id: FolderId): void;
};

function AccountChoices({ account, folders, chosen, onToggle }: Choices): ReactNode {
  const { t } = useTranslation("offline");
  const nameOf = useFolderName();
  const aside = ({ bytesMissing, total }: FolderRow): string => {
    if (bytesMissing > 0) return t("meter.toGo", { size: formatSize(bytesMissing) });
    return total === 0 ? "" : t("trip.here");
  };
  return (
    <>
      <div className="trip-account caption" lang={langOf(account.name)}>
        {account.name}
      </div>
      {folders.map((folder) => {
        const { name, lang } = nameOf(folder);
        return (
          <label key={folder.id} className="trip-folder">
            <input type="checkbox" checked={chosen.has(folder.id)} onChange={() => onToggle(folder.id)} />
            <Icon of={iconOf(folder)} />
            <span className="cut grow" lang={lang}>
              {name}
            </span>
            <span className="caption muted num">{aside(folder)}</span>
          </label>
        );
      })}
    </>
  );
}

function byRole(a: FolderRow, b: FolderRow): number {
  return FOLDER_ROLES.indexOf(a.role) - FOLDER_ROLES.indexOf(b.role);
}

/** What the chosen folders take; asked again when they are others, and when mail has come. */
function useEstimate(ids: FolderId[], folders: readonly FolderRow[]): TripEstimate | null {
  const [estimate, setEstimate] = useState<TripEstimate | null>(null);
  const key = ids.join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for the ids, the folders for what has come meanwhile
  useEffect(() => {
    let current = true;
    if (ids.length > 0) planTrip(ids).then((answer) => current && setEstimate(answer), toastFailure);
    return () => {
      current = false;
    };
  }, [key, folders.length, folders.reduce((sum, { bytesMissing }) => sum + bytesMissing, 0)]);
  return estimate;
}

/** `2026-11-27`, by the calendar of this computer. */
function dayText(at: number): string {
  const date = new Date(at);
  const two = (value: number): string => `${value}`.padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** The last moment of that day; null while none is named. */
function endOfDay(day: string): number | null {
  const [year, month, date] = day.split("-").map(Number);
  if (year === undefined || month === undefined || date === undefined) return null;
  const end = new Date(year, month - 1, date + 1).getTime() - 1;
  return Number.isNaN(end) ? null : end;
}
