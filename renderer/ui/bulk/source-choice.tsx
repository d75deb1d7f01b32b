import { Sheet, Users } from "lucide-react";
import { type ReactNode, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { DraftId } from "../../../shared/ids.ts";
import { takePeople, takeTable } from "../../state/bulk.ts";
import { Button, type ButtonProps } from "../parts/button.tsx";
import { EmptyState } from "../parts/empty-state.tsx";
import { Icon } from "../parts/icon.tsx";

/** Where the recipients come from. */
export function SourceChoice({ draftId, people }: { draftId: DraftId; people: number }): ReactNode {
  const { t } = useTranslation("bulk");
  const buttons = (
    <span className="bulk-sources">
      <TableButton draftId={draftId} look="primary">
        {t("source.file")}
      </TableButton>
      {people > 0 && (
        <Button onPress={() => void takePeople(draftId)}>
          <Icon of={Users} />
          {t("source.people", { count: people })}
        </Button>
      )}
    </span>
  );
  return (
    <EmptyState icon={Users} title={t("source.title")} action={buttons}>
      {t("source.text", { example: `{{${t("nameColumn")}}}` })}
    </EmptyState>
  );
}

/** Opens the system's dialog for a file, and takes it as the table. */
export function TableButton({
  draftId,
  children,
  ...rest
}: { draftId: DraftId; children: string } & Pick<ButtonProps, "look" | "size">): ReactNode {
  const { t } = useTranslation("bulk");
  const picker = useRef<HTMLInputElement>(null);
  const [reading, setReading] = useState(false);
  return (
    <>
      <Button {...rest} isDisabled={reading} onPress={() => picker.current?.click()}>
        <Icon of={Sheet} />
        {reading ? t("source.reading") : children}
      </Button>
      <input
        ref={picker}
        type="file"
        accept=".csv,.tsv,.txt,text/csv"
        hidden
        onChange={(event) => {
          const file = event.target.files?.[0];
          event.target.value = "";
          if (file === undefined) return;
          setReading(true);
          void takeTable(draftId, file).finally(() => setReading(false));
        }}
      />
    </>
  );
}
