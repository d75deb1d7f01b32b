import { type FormEvent, type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { FailureData } from "../../../shared/failure.ts";
import { nameTrouble, tidyFolderName } from "../../../shared/folder-name.ts";
import type { AccountId, FolderId } from "../../../shared/ids.ts";
import { failureText } from "../../i18n/failure-text.ts";
import { siblingNames } from "../../state/folder-deeds.ts";
import { useFolders } from "../../state/folders.ts";
import { Button } from "../parts/button.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { Field } from "../parts/field.tsx";

type Props = {
  title: string;
  deed: string;
  accountId: AccountId;
  parentId: FolderId | null;
  /** The folder that is renamed, and its name. */
  renamed: { id: FolderId; name: string } | null;
  onClose(): void;
  onName(name: string): Promise<FailureData | null>;
};

/** Asks for a folder's name and says at once, and kindly, what is wrong with one. */
export function NameDialog({ title, deed, accountId, parentId, renamed, onClose, onName }: Props): ReactNode {
  const { t } = useTranslation("folders");
  const [name, setName] = useState(renamed?.name ?? "");
  const [tried, setTried] = useState(false);
  const [failure, setFailure] = useState<FailureData | null>(null);
  const separator = useFolders((state) => state.trees.find((one) => one.accountId === accountId)?.separator ?? "/");
  const trouble = nameTrouble(name, {
    separator,
    siblings: siblingNames(accountId, parentId, renamed?.id ?? null),
    atTop: parentId === null,
  });
  // That a name is missing is no news while it is still to be typed.
  const shown = trouble === "empty" && !tried ? null : trouble;
  const error = shown === null ? (failure === null ? null : failureText(failure)) : t(`trouble.${shown}`, { separator });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setTried(true);
    if (trouble !== null) return;
    if (tidyFolderName(name) === renamed?.name) {
      onClose();
      return;
    }
    void onName(name).then((refused) => (refused === null ? onClose() : setFailure(refused)));
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form className="folder-form" onSubmit={submit} noValidate>
        <Field
          label={t("name.label")}
          autoFocus
          autoComplete="off"
          value={name}
          onChange={(value) => {
            setName(value);
            setFailure(null);
          }}
          onFocus={(event) => event.target instanceof HTMLInputElement && event.target.select()}
          error={error}
        />
        <div className="dialog-actions">
          <Button onPress={onClose}>{t("common:cancel")}</Button>
          <Button type="submit" look="primary">
            {deed}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
