import { ArrowDownToLine, Download } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Button as AriaButton } from "react-aria-components";
import { useTranslation } from "react-i18next";
import type { MessageBody, MessageHead, PartInfo } from "../../../shared/contract/mail.ts";
import type { PlacementId } from "../../../shared/ids.ts";
import { formatSize } from "../../i18n/format.ts";
import { langOf } from "../../i18n/lang-of.ts";
import { saveParts } from "../../state/attachments.ts";
import { openPreview } from "../../state/preview.ts";
import { download } from "../../state/reader.ts";
import { Button } from "../parts/button.tsx";
import { FileMark } from "../parts/file-mark.tsx";
import { IconButton } from "../parts/icon-button.tsx";
import { useDragOut } from "./drag-out.ts";

/** Chips drawn at once: a message of ten thousand parts must not stop the window. */
const MOST_CHIPS = 60;

type WithParts = Pick<MessageBody, "parts"> & { head: Pick<MessageHead, "placementId"> };

/** What came with the message, below its text. */
export function Attachments({ body }: { body: WithParts }): ReactNode {
  const { t } = useTranslation("mail");
  const [most, setMost] = useState(MOST_CHIPS);
  const parts = body.parts.filter((part) => !part.inline);
  if (parts.length === 0) return null;
  const id = body.head.placementId;
  const size = formatSize(parts.reduce((sum, part) => sum + part.sizeBytes, 0));
  return (
    <section className="attachments" aria-label={t("attachments", { count: parts.length })}>
      {parts.length > 1 && (
        <div className="row caption muted">
          {t("attachmentsSize", { count: parts.length, size })}
          <span className="grow" />
          <Button
            look="link"
            size="small"
            onPress={() =>
              saveParts(
                id,
                parts.map((part) => part.part),
              )
            }
          >
            {t("saveAll")}
          </Button>
        </div>
      )}
      <div className="chips">
        {parts.slice(0, most).map((part, at) => (
          <Chip
            key={part.part}
            placementId={id}
            part={part}
            onOpen={() => (part.here ? openPreview({ placementId: id, parts, at }) : download(id))}
            onSave={() => saveParts(id, [part.part])}
          />
        ))}
      </div>
      {parts.length > most && (
        <Button size="small" onPress={() => setMost(most + MOST_CHIPS)}>
          {t("andMore", { count: parts.length - most })}
        </Button>
      )}
    </section>
  );
}

type ChipProps = { placementId: PlacementId; part: PartInfo; onOpen(): void; onSave(): void };

function Chip({ placementId, part, onOpen, onSave }: ChipProps): ReactNode {
  const { t } = useTranslation("mail");
  const dragOut = useDragOut(placementId, part);
  const name = part.name === "" ? t("unnamed") : part.name;
  const size = formatSize(part.sizeBytes);
  // Cut in the middle: the end of a file's name says what it is.
  const cut = Math.max(0, name.length - 8);
  return (
    <div className={part.here ? "attachment" : "attachment away"} {...dragOut}>
      <AriaButton className="attachment-open" onPress={onOpen}>
        <FileMark placementId={placementId} part={part} />
        <span className="cut">
          <span className="hidden">{t(part.here ? "openPart" : "fetchPart", { name, size })}</span>
          <span className="name" lang={langOf(name)} aria-hidden="true">
            <span className="start">{name.slice(0, cut)}</span>
            <span className="end">{name.slice(cut)}</span>
          </span>
          <span className="size" aria-hidden="true">
            {part.here ? size : t("sizeNotHere", { size })}
          </span>
        </span>
      </AriaButton>
      {part.here ? (
        <IconButton icon={Download} iconSize={16} label={t("savePart", { name })} onPress={onSave} />
      ) : (
        <IconButton icon={ArrowDownToLine} iconSize={16} label={t("fetchPart", { name, size })} onPress={onOpen} />
      )}
    </div>
  );
}
