import { type ReactNode, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { FolderRow } from "../../../shared/contract/folders.ts";
import { formatNumber, formatSize } from "../../i18n/format.ts";
import { emptyFolder, readEmptyPreview } from "../../state/empty-folder.ts";
import { Confirm } from "../parts/dialog.tsx";

type Preview = { messages: number; bytes: number; others: number };

/** Says exactly what Empty would take before it does. */
export function EmptyFolder({ folder, name, onClose }: { folder: FolderRow; name: string; onClose(): void }): ReactNode {
  const { t } = useTranslation("shell");
  const [preview, setPreview] = useState<Preview | null>(null);
  useEffect(() => readEmptyPreview(folder.id, setPreview), [folder.id]);
  if (preview === null) return null;
  return (
    <Confirm
      title={t("empty.title", { folder: name })}
      text={
        <>
          {t("empty.text", { count: preview.messages, number: formatNumber(preview.messages), size: formatSize(preview.bytes) })}
          {preview.others > 0 && <> {t("empty.others", { count: preview.others })}</>}
        </>
      }
      keep={t("common:keep")}
      deed={t("empty.deed")}
      onClose={onClose}
      onDeed={() => emptyFolder(folder.id)}
    />
  );
}
