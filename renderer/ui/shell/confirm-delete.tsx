import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { act, useConfirm } from "../../state/act.ts";
import { Confirm } from "../parts/dialog.tsx";

/** Asks before mail leaves Trash for good. */
export function ConfirmDelete(): ReactNode {
  const { t } = useTranslation("mail");
  const rows = useConfirm((state) => state.deleting);
  if (rows === null) return null;
  return (
    <Confirm
      title={t("confirm.title", { count: rows.length })}
      text={t("confirm.text")}
      keep={t("common:keep")}
      deed={t("confirm.deed")}
      onClose={() => useConfirm.setState({ deleting: null })}
      onDeed={() => act({ kind: "delete" }, rows)}
    />
  );
}
