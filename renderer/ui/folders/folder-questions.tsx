import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { askAboutFolder, createFolder, renameFolder, useFolderQuestion } from "../../state/folder-deeds.ts";
import { useFolders } from "../../state/folders.ts";
import { useFolderName } from "../shell/folder-name.ts";
import { DeleteDialog } from "./delete-dialog.tsx";
import { MoveDialog } from "./move-dialog.tsx";
import { NameDialog } from "./name-dialog.tsx";
import "./folders.css";

/** The dialogs about folders, wherever they were asked for. */
export function FolderQuestions(): ReactNode {
  const { t } = useTranslation("folders");
  const nameOf = useFolderName();
  const question = useFolderQuestion((state) => state.question);
  const folders = useFolders((state) => state.folders);
  const close = (): void => askAboutFolder(null);
  if (question === null) return null;
  if (question.kind === "new") {
    const { accountId, parentId } = question;
    const parent = folders.find(({ id }) => id === parentId);
    const title = parent === undefined ? t("name.newTitle") : t("name.newInsideTitle", { folder: nameOf(parent).name });
    return (
      <NameDialog
        title={title}
        deed={t("name.newDeed")}
        accountId={accountId}
        parentId={parentId}
        renamed={null}
        onClose={close}
        onName={(name) => createFolder(accountId, parentId, name)}
      />
    );
  }
  const folder = folders.find(({ id }) => id === question.folderId);
  // Deleted elsewhere while the question stood.
  if (folder === undefined) return null;
  if (question.kind === "move") return <MoveDialog folder={folder} onClose={close} />;
  if (question.kind === "delete") return <DeleteDialog folder={folder} preview={question.preview} onClose={close} />;
  const { id, name, accountId, parentId } = folder;
  return (
    <NameDialog
      title={t("name.renameTitle", { folder: nameOf(folder).name })}
      deed={t("name.renameDeed")}
      accountId={accountId}
      parentId={parentId}
      renamed={{ id, name }}
      onClose={close}
      onName={(wanted) => renameFolder(folder, wanted)}
    />
  );
}
