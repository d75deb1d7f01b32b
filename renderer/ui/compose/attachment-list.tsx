import type { LucideIcon } from "lucide-react";
import { CircleAlert, File, FileArchive, FileText, Image, Music, RotateCw, Video, X } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Attachment } from "../../../shared/contract/compose.ts";
import { failureText } from "../../i18n/failure-text.ts";
import { formatSize } from "../../i18n/format.ts";
import { langOf } from "../../i18n/lang-of.ts";
import { detach, dropUpload, retryUpload } from "../../state/attach.ts";
import type { OpenComposer, Upload } from "../../state/composers.ts";
import { encodedBytes } from "../../state/upload.ts";
import { Icon } from "../parts/icon.tsx";
import { IconButton } from "../parts/icon-button.tsx";
import { Stitch } from "../parts/stitch.tsx";

/** Files that go along: those with the engine, then those on their way. Pictures of the text are not among them. */
export function AttachmentList({ composer }: { composer: OpenComposer }): ReactNode {
  const { t } = useTranslation("compose");
  const here = composer.attachments.filter((attachment) => attachment.contentId === null);
  const { uploads } = composer;
  if (here.length + uploads.length === 0) return null;
  const sizes = [...here.map((one) => one.sizeBytes), ...uploads.map((one) => one.file.size)];
  const encoded = sizes.reduce((sum, size) => sum + encodedBytes(size), 0);
  return (
    <section className="composer-files" aria-label={t("attach.list")}>
      <p className="caption muted">{t("attach.total", { count: sizes.length, size: formatSize(encoded) })}</p>
      <ul>
        {here.map((attachment) => (
          <Here key={attachment.id} attachment={attachment} composerKey={composer.key} />
        ))}
        {uploads.map((upload) => (
          <OnTheWay key={`u${upload.key}`} upload={upload} composerKey={composer.key} />
        ))}
      </ul>
    </section>
  );
}

function Here({ attachment, composerKey }: { attachment: Attachment; composerKey: number }): ReactNode {
  const { t } = useTranslation("compose");
  return (
    <li className="file-chip">
      <span className="file-well">
        <Icon of={iconFor(attachment.type, attachment.name)} size={18} />
      </span>
      <div className="grow">
        <FileName name={attachment.name} />
        <div className="file-size">{formatSize(attachment.sizeBytes)}</div>
      </div>
      <IconButton
        icon={X}
        iconSize={14}
        className="small"
        label={t("attach.remove", { name: attachment.name })}
        onPress={() => detach(composerKey, attachment.id)}
      />
    </li>
  );
}

function OnTheWay({ upload, composerKey }: { upload: Upload; composerKey: number }): ReactNode {
  const { t } = useTranslation("compose");
  const { name, size, type } = upload.file;
  const failed = upload.state === "failed";
  const progress = t("attach.progress", { done: formatSize(upload.sentBytes), all: formatSize(size) });
  return (
    <li className={failed ? "file-chip failed" : "file-chip away"}>
      <span className="file-well">
        <Icon of={failed ? CircleAlert : iconFor(type, name)} size={18} />
      </span>
      <div className="grow">
        <FileName name={name} />
        {failed && (
          <div className="file-size bad">{upload.failure !== null && t("attach.failed", { why: failureText(upload.failure) })}</div>
        )}
        {upload.state === "waiting" && <div className="file-size">{t("attach.waiting")}</div>}
        {upload.state === "running" && (
          <>
            <div className="file-size">{progress}</div>
            <Stitch part={size === 0 ? 1 : upload.sentBytes / size} label={`${name}: ${progress}`} />
          </>
        )}
      </div>
      {failed && (
        <IconButton
          icon={RotateCw}
          iconSize={14}
          className="small"
          label={t("attach.retry")}
          onPress={() => retryUpload(composerKey, upload.key)}
        />
      )}
      <IconButton
        icon={X}
        iconSize={14}
        className="small"
        label={t("attach.remove", { name })}
        onPress={() => dropUpload(composerKey, upload.key)}
      />
    </li>
  );
}

/** Cut in the middle by the browser: the end with its suffix never shrinks. */
function FileName({ name }: { name: string }): ReactNode {
  const at = Math.max(0, name.length - 8);
  return (
    <div className="file-name" title={name} lang={langOf(name)}>
      <span className="cut">{name.slice(0, at)}</span>
      <span>{name.slice(at)}</span>
    </div>
  );
}

function iconFor(type: string, name: string): LucideIcon {
  if (type.startsWith("image/")) return Image;
  if (type.startsWith("audio/")) return Music;
  if (type.startsWith("video/")) return Video;
  if (/zip|compressed|tar|gzip/u.test(type) || /\.(?:zip|gz|7z|rar|tar)$/iu.test(name)) return FileArchive;
  if (type.startsWith("text/") || /pdf|word|document|sheet|presentation/u.test(type)) return FileText;
  return File;
}
