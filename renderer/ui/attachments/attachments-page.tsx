import { Paperclip, Search, SearchX } from "lucide-react";
import { type ReactNode, useEffect } from "react";
import { Input, SearchField } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { FILE_GROUPS, type FileGroup } from "../../../shared/file-group.ts";
import { formatLooseTime, formatSize } from "../../i18n/format.ts";
import { langOf } from "../../i18n/lang-of.ts";
import {
  chooseAttachment,
  filterAttachments,
  followAttachments,
  lookAtAttachment,
  readAttachments,
  readMoreAttachments,
  useAllAttachments,
} from "../../state/all-attachments.ts";
import { useNow } from "../list/use-now.ts";
import { EmptyState } from "../parts/empty-state.tsx";
import { FileMark } from "../parts/file-mark.tsx";
import { Icon } from "../parts/icon.tsx";
import { ListAndDetail } from "../parts/list-and-detail.tsx";
import { LongList } from "../parts/long-list.tsx";
import { Segmented } from "../parts/segmented.tsx";
import { FileDetail } from "./file-detail.tsx";
import { whoOf } from "./who.ts";
import "../journal/journal.css";
import "../safety/safety.css";
import "./attachments.css";

const GROUPS: readonly ("all" | FileGroup)[] = ["all", ...FILE_GROUPS.filter((group) => group !== "other")];
const ROW_PX = 60;

/** What came and went with mail, of all folders, the newest first: to be found by its kind, its name, or who sent it. */
export function AttachmentsPage(): ReactNode {
  const { t } = useTranslation("attachments");
  useEffect(followAttachments, []);
  const { group, words, files, chosen, loaded, failure } = useAllAttachments();
  const file = files.find(({ key }) => key === chosen) ?? null;
  const filtered = words.trim() !== "" || group !== null;
  return (
    <ListAndDetail
      className="files"
      title={t("title")}
      tools={
        <SearchField
          className="safety-search"
          aria-label={t("search")}
          value={words}
          onChange={(typed) => filterAttachments({ words: typed.slice(0, 200) })}
        >
          <Icon of={Search} />
          <Input placeholder={t("search")} />
        </SearchField>
      }
      filter={
        <Segmented
          label={t("filter")}
          value={group ?? "all"}
          choices={GROUPS.map((value) => ({ value, label: t(`group.${value}`) }))}
          onChange={(value) => filterAttachments({ group: value === "all" ? null : value })}
        />
      }
      state={{
        loaded,
        failure,
        failed: t("failed"),
        onTryAgain: readAttachments,
        loading: t("loading"),
        empty:
          files.length > 0 ? null : (
            <EmptyState icon={filtered ? SearchX : Paperclip} title={t(filtered ? "none" : "empty")}>
              {t(filtered ? "noneMore" : "emptyMore")}
            </EmptyState>
          ),
      }}
      list={<Files />}
      detail={file === null ? null : <FileDetail key={file.key} file={file} />}
      detailLabel={t("detail")}
      choose={t("choose")}
      back={{ label: t("back"), onPress: () => chooseAttachment(null) }}
    />
  );
}

function Files(): ReactNode {
  const { t } = useTranslation("attachments");
  const { files, next, chosen } = useAllAttachments();
  const now = useNow();
  return (
    <LongList
      label={t("list")}
      items={files}
      total={next === null ? files.length : null}
      rowPx={ROW_PX}
      keyOf={({ key }) => key}
      cursor={chosen}
      onCursor={({ key }) => chooseAttachment(key)}
      onOpen={lookAtAttachment}
      onEnd={readMoreAttachments}
      rowOf={(file) => {
        const name = file.part.name || t("mail:unnamed");
        const who = whoOf(file, t);
        const time = formatLooseTime(file.receivedAt, now);
        const size = formatSize(file.part.sizeBytes);
        return {
          name: t("row", { name, who, subject: file.subject || t("mail:noSubject"), size, time }),
          content: (
            <>
              <FileMark placementId={file.placementId} part={file.part} />
              <div className="grow">
                <div className="journal-line">
                  <span className="journal-subject cut" lang={langOf(name)}>
                    {name}
                  </span>
                  <span className="journal-time">{time}</span>
                </div>
                <div className="journal-line">
                  <span className="cut muted" lang={langOf(who)}>
                    <bdi>{who}</bdi>
                    {file.subject !== "" && (
                      <span className="faint" lang={langOf(file.subject)}>
                        {" · "}
                        {file.subject}
                      </span>
                    )}
                  </span>
                  <span className="journal-time">{file.part.here ? size : t("mail:sizeNotHere", { size })}</span>
                </div>
              </div>
            </>
          ),
        };
      }}
    />
  );
}
