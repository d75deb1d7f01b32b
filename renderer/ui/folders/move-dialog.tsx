import { Folder, ListTree } from "lucide-react";
import { type ReactNode, useState } from "react";
import { ListBox, ListBoxItem } from "react-aria-components";
import { useTranslation } from "react-i18next";
import type { FolderRow } from "../../../shared/contract/folders.ts";
import type { FailureData } from "../../../shared/failure.ts";
import type { FolderId } from "../../../shared/ids.ts";
import { failureText } from "../../i18n/failure-text.ts";
import { canPlaceIn, moveFolder } from "../../state/folder-deeds.ts";
import { useFolders } from "../../state/folders.ts";
import { Button } from "../parts/button.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { Field } from "../parts/field.tsx";
import { Icon } from "../parts/icon.tsx";
import { iconOf, useFolderName } from "../shell/folder-name.ts";
import { inTreeOrder } from "../shell/tree-order.ts";

const TOP = "top";

/** Asks which folder of the account another one is to lie in. */
export function MoveDialog({ folder, onClose }: { folder: FolderRow; onClose(): void }): ReactNode {
  const { t } = useTranslation("folders");
  const nameOf = useFolderName();
  const folders = useFolders((state) => state.folders);
  const [words, setWords] = useState("");
  const [chosen, setChosen] = useState<string | null>(null);
  const [failure, setFailure] = useState<FailureData | null>(null);
  const fits = (name: string): boolean => name.toLowerCase().includes(words.trim().toLowerCase());
  const places = inTreeOrder(folders.filter(({ accountId }) => accountId === folder.accountId));
  const shown = places.filter((one) => fits(nameOf(one.folder).name));
  const disabled = places.filter((one) => !canPlaceIn(folder, one.folder, folders)).map((one) => String(one.folder.id));
  if (!canPlaceIn(folder, null, folders)) disabled.push(TOP);
  const move = (key: string): void => {
    if (disabled.includes(key)) return;
    const parentId = key === TOP ? null : (Number(key) as FolderId);
    void moveFolder(folder, parentId).then((refused) => (refused === null ? onClose() : setFailure(refused)));
  };
  return (
    <Dialog title={t("move.title", { folder: nameOf(folder).name })} onClose={onClose}>
      <div className="folder-form">
        <Field
          label={t("move.find")}
          labelHidden
          placeholder={t("move.find")}
          autoFocus
          autoComplete="off"
          value={words}
          onChange={setWords}
        />
        <ListBox
          aria-label={t("move.title", { folder: nameOf(folder).name })}
          className="folder-places"
          selectionMode="single"
          selectedKeys={chosen === null ? [] : [chosen]}
          disabledKeys={disabled}
          onSelectionChange={(keys) => setChosen(keys === "all" ? null : (([...keys][0] as string | undefined) ?? null))}
          renderEmptyState={() => <div className="folder-none">{t("move.none")}</div>}
        >
          {fits(t("move.top")) && (
            <ListBoxItem id={TOP} textValue={t("move.top")} className="folder-place">
              <Icon of={ListTree} />
              <span className="cut">{t("move.top")}</span>
              {folder.parentId === null && <span className="folder-here">{t("move.here")}</span>}
            </ListBoxItem>
          )}
          {shown.map((one) => {
            const { name, lang } = nameOf(one.folder);
            return (
              <ListBoxItem
                key={one.folder.id}
                id={String(one.folder.id)}
                textValue={name}
                className="folder-place"
                style={{ paddingInlineStart: 10 + (words === "" ? one.depth * 20 : 0) }}
              >
                <Icon of={one.folder.id === folder.id ? Folder : iconOf(one.folder)} />
                <span className="cut" lang={lang}>
                  {name}
                </span>
                {one.folder.id === folder.parentId && <span className="folder-here">{t("move.here")}</span>}
              </ListBoxItem>
            );
          })}
        </ListBox>
        {failure !== null && (
          <div className="field-error" role="alert">
            {failureText(failure)}
          </div>
        )}
        <div className="dialog-actions">
          <Button onPress={onClose}>{t("common:cancel")}</Button>
          <Button look="primary" isDisabled={chosen === null} onPress={() => chosen !== null && move(chosen)}>
            {t("move.deed")}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
