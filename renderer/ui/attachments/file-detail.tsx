import { ArrowDownToLine, Download, Eye, Mail } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { formatFullTime, formatSize } from "../../i18n/format.ts";
import { langOf } from "../../i18n/lang-of.ts";
import { useAccounts } from "../../state/accounts.ts";
import { type ListedFile, lookAtAttachment } from "../../state/all-attachments.ts";
import { saveParts } from "../../state/attachments.ts";
import { openPlace } from "../../state/delivery.ts";
import { useFolders } from "../../state/folders.ts";
import { Button } from "../parts/button.tsx";
import { FileMark } from "../parts/file-mark.tsx";
import { Icon } from "../parts/icon.tsx";
import { useFolderName } from "../shell/folder-name.ts";
import { whoOf } from "./who.ts";

/** One file with where it came from, and what can be done with it. */
export function FileDetail({ file }: { file: ListedFile }): ReactNode {
  const { t } = useTranslation("attachments");
  const { part, placementId, subject, folderId } = file;
  const account = useAccounts((state) => state.accounts.find(({ id }) => id === file.accountId));
  const folder = useFolders((state) => state.folders.find(({ id }) => id === folderId));
  const nameOf = useFolderName();
  const name = part.name || t("mail:unnamed");
  const who = whoOf(file, t);
  const place = folder === undefined ? "" : nameOf(folder).name;
  return (
    <>
      <div className="file-large">
        <FileMark placementId={placementId} part={part} />
      </div>
      <h2 className="journal-title" lang={langOf(name)} dir="auto">
        {name}
      </h2>
      <p className="muted num">{part.here ? formatSize(part.sizeBytes) : t("mail:sizeNotHere", { size: formatSize(part.sizeBytes) })}</p>
      <div className="journal-deeds">
        {part.here ? (
          <Button look="primary" onPress={() => lookAtAttachment(file)}>
            <Icon of={Eye} />
            {t("look")}
          </Button>
        ) : (
          <Button look="primary" onPress={() => lookAtAttachment(file)}>
            <Icon of={ArrowDownToLine} />
            {t("fetch")}
          </Button>
        )}
        {part.here && (
          <Button onPress={() => saveParts(placementId, [part.part])}>
            <Icon of={Download} />
            {t("save")}
          </Button>
        )}
        <Button onPress={() => openPlace(file, subject)}>
          <Icon of={Mail} />
          {t("message")}
        </Button>
      </div>
      <dl className="file-facts">
        <Fact
          name={t(file.outgoing ? "sentTo" : "from")}
          value={file.person === null ? who : file.person.name || file.person.address}
          more={file.person?.name ? file.person.address : ""}
        />
        <Fact name={t("subject")} value={subject || t("mail:noSubject")} more="" />
        <Fact name={t("when")} value={formatFullTime(file.receivedAt)} more="" />
        <Fact name={t("where")} value={place} more={account?.name ?? ""} />
      </dl>
    </>
  );
}

function Fact({ name, value, more }: { name: string; value: string; more: string }): ReactNode {
  if (value === "") return null;
  return (
    <>
      <dt>{name}</dt>
      <dd lang={langOf(value)}>
        <bdi>{value}</bdi>
        {more !== "" && (
          <span className="faint" lang={langOf(more)}>
            {" · "}
            {more}
          </span>
        )}
      </dd>
    </>
  );
}
