import { Archive, CopyPlus, FolderInput, Mails, Star, Trash2 } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { formatNumber } from "../../i18n/format.ts";
import { act, deleteRows, toggleFlag } from "../../state/act.ts";
import { selectNothing, useSelection } from "../../state/selection.ts";
import { showOver } from "../../state/shell.ts";
import { Button } from "../parts/button.tsx";
import { EmptyState } from "../parts/empty-state.tsx";
import { Icon } from "../parts/icon.tsx";

/** Sums up what is selected, with what can be done to all of it. */
export function SeveralSelected(): ReactNode {
  const { t } = useTranslation("mail");
  const rows = useSelection((state) => state.rows);
  let messages = 0;
  let unread = 0;
  for (const row of rows.values()) {
    messages += row.count;
    unread += row.unread;
  }
  return (
    <EmptyState
      icon={Mails}
      title={t("several.title", { count: rows.size, number: formatNumber(rows.size) })}
      action={
        <div className="sum-up">
          <Button onPress={() => act({ kind: "archive" })}>
            <Icon of={Archive} />
            {t("do.archive")}
          </Button>
          <Button onPress={() => deleteRows()}>
            <Icon of={Trash2} />
            {t("do.delete")}
          </Button>
          <Button onPress={() => showOver("move")}>
            <Icon of={FolderInput} />
            {t("do.move")}
          </Button>
          <Button onPress={() => showOver("copy")}>
            <Icon of={CopyPlus} />
            {t("do.copy")}
          </Button>
          <Button onPress={() => toggleFlag("flagged")}>
            <Icon of={Star} />
            {t("do.star")}
          </Button>
          <Button look="plain" onPress={selectNothing}>
            {t("several.none")}
          </Button>
        </div>
      }
    >
      {t("several.text", { count: messages, number: formatNumber(messages) })}
      {unread > 0 && t("several.unread", { count: unread })}
    </EmptyState>
  );
}
