import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { DeletionWay, FolderRow } from "../../../shared/contract/folders.ts";
import { formatNumber, formatSize } from "../../i18n/format.ts";
import { type DeletionPreview, deleteFolder } from "../../state/folder-deeds.ts";
import { Confirm } from "../parts/dialog.tsx";
import { useFolderName } from "../shell/folder-name.ts";

const DEEDS = { trash: "deedTrash", good: "deedGood", empty: "deedEmpty", label: "deedLabel" } as const satisfies Record<
  DeletionWay,
  string
>;

/** Says what would be lost, and what not, before a folder is deleted. */
export function DeleteDialog({ folder, preview, onClose }: { folder: FolderRow; preview: DeletionPreview; onClose(): void }): ReactNode {
  const { t } = useTranslation("folders");
  const { way, messages, bytes, folders } = preview;
  const key = way === "trash" && messages === 0 ? "trashBare" : way === "good" && messages === 0 ? "empty" : way;
  return (
    <Confirm
      title={t("delete.title", { folder: useFolderName()(folder).name })}
      text={
        <>
          {t(`delete.${key}`, { count: messages, number: formatNumber(messages), size: formatSize(bytes) })}
          {folders > 0 && <> {t("delete.inside", { count: folders })}</>}
          {way === "trash" && <> {t("delete.trashMore")}</>}
        </>
      }
      keep={t("common:keep")}
      deed={t(`delete.${DEEDS[way]}`)}
      dangerous={way !== "trash"}
      onClose={onClose}
      onDeed={() => void deleteFolder(folder, way)}
    />
  );
}
