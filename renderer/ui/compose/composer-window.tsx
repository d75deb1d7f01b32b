import { PenLine } from "lucide-react";
import { type DragEvent, type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { failureText } from "../../i18n/failure-text.ts";
import { attachFiles } from "../../state/attach.ts";
import { closeComposer } from "../../state/composer-saving.ts";
import { send } from "../../state/composer-sending.ts";
import { type Composer, type OpenComposer, setShape } from "../../state/composers.ts";
import { Button } from "../parts/button.tsx";
import { EmptyState } from "../parts/empty-state.tsx";
import { Icon } from "../parts/icon.tsx";
import { SkeletonBar, useLate } from "../parts/skeleton.tsx";
import { AddressRows } from "./address-rows.tsx";
import { AttachmentList } from "./attachment-list.tsx";
import { FullBar, PanelFoot, PanelHead } from "./composer-bars.tsx";
import { ComposerNotices } from "./composer-notices.tsx";
import { useComposerTitle } from "./composer-tab.tsx";
import { MailText, useMailEditor } from "./editor.tsx";
import { FormatBar } from "./format-bar.tsx";
import { QuotedOriginal } from "./quoted-original.tsx";

type Props = { composer: Composer; full: boolean; narrow: boolean };

/** One message being written, as a panel at the foot or over the whole window. */
export function ComposerWindow({ composer, full, narrow }: Props): ReactNode {
  const title = useComposerTitle(composer);
  const box = useRef<HTMLElement>(null);
  const before = useRef<Element | null>(null);
  useEffect(() => {
    before.current = document.activeElement;
    return () => {
      // Back to where the writing began, unless the user has gone on elsewhere.
      const { current } = before;
      if (current instanceof HTMLElement && (document.activeElement === null || document.activeElement === document.body)) current.focus();
    };
  }, []);
  const keys = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    const mod = event.ctrlKey || event.metaKey;
    if (mod && event.key === "Enter") {
      event.preventDefault();
      event.stopPropagation();
      void send(composer.key);
    } else if (event.key === "Escape" && !event.defaultPrevented) {
      event.stopPropagation();
      if (composer.kind === "open") setShape(composer.key, "minimised");
      else void closeComposer(composer.key);
    }
  };
  return (
    <article ref={box} className={full ? "composer full" : "composer panel"} aria-label={title} onKeyDown={keys}>
      {composer.kind === "open" ? (
        <Writing composer={composer} full={full} narrow={narrow} title={title} />
      ) : (
        <Waiting composer={composer} title={title} />
      )}
    </article>
  );
}

function Waiting({ composer, title }: { composer: Exclude<Composer, OpenComposer>; title: string }): ReactNode {
  const { t } = useTranslation("compose");
  const late = useLate(composer.kind === "opening");
  return (
    <>
      <PanelHead composerKey={composer.key} title={title} full={composer.shape === "full"} narrow={false} />
      {composer.kind === "failed" ? (
        <EmptyState
          icon={PenLine}
          title={t("openFailed")}
          action={
            <Button autoFocus onPress={composer.again}>
              {t("tryAgain")}
            </Button>
          }
        >
          {failureText(composer.failure)}
        </EmptyState>
      ) : (
        <div className="composer-skeleton" role="status" aria-label={t("opening")}>
          {late && [320, 240, 460, 420, 300].map((width) => <SkeletonBar key={width} width={width} height={12} />)}
        </div>
      )}
    </>
  );
}

function Writing({ composer, full, narrow, title }: { composer: OpenComposer; full: boolean; narrow: boolean; title: string }): ReactNode {
  const { t } = useTranslation("compose");
  const editor = useMailEditor(composer);
  const [formatBar, setFormatBar] = useState(true);
  // An answer keeps its subject: the head says it, and a press there opens the row.
  const answers = composer.draft.kind === "reply" || composer.draft.kind === "reply-all";
  const [subjectShown, setSubjectShown] = useState(!answers || composer.content.subject === "");
  const subject = { shown: subjectShown, show: () => setSubjectShown(true) };
  const { over, drop } = useFileDrop(composer.key);
  const drawnFull = useRef(full);
  useEffect(() => {
    if (drawnFull.current === full) return;
    drawnFull.current = full;
    // The button that changed the shape went with its bar: writing goes on where it was.
    if (document.activeElement === null || document.activeElement === document.body) editor?.commands.focus();
  }, [full, editor]);
  const format = { shown: formatBar, toggle: () => setFormatBar((shown) => !shown) };
  return (
    <div className="composer-inner" {...drop}>
      {full ? (
        <FullBar composer={composer} editor={editor} narrow={narrow} />
      ) : (
        <PanelHead
          composerKey={composer.key}
          title={title}
          full={false}
          narrow={narrow}
          {...(subject.shown ? {} : { onTitle: subject.show })}
        />
      )}
      <div className="composer-column">
        <AddressRows composer={composer} full={full} editor={editor} withSubject={full || subject.shown} />
        {/* biome-ignore lint/a11y/noStaticElementInteractions: a click below the text means the text, as on paper */}
        <div
          className="composer-scroll"
          onMouseDown={(event) => {
            if (event.target !== event.currentTarget) return;
            event.preventDefault();
            editor?.commands.focus("end");
          }}
        >
          <MailText editor={editor} />
          <QuotedOriginal composer={composer} full={full} />
          <AttachmentList composer={composer} />
        </div>
        <ComposerNotices composer={composer} />
      </div>
      {!full && formatBar && (
        <div className="composer-format">
          <FormatBar composerKey={composer.key} editor={editor} small />
        </div>
      )}
      {!full && <PanelFoot composer={composer} format={format} />}
      {over && (
        <div className="composer-drop">
          <Icon of={PenLine} size={20} />
          <b>{t("attach.drop")}</b>
          <span>{t("attach.dropInline")}</span>
        </div>
      )}
    </div>
  );
}

/** Files dropped anywhere on the composer but its text become attachments; the text itself takes pictures in. */
function useFileDrop(key: number): { over: boolean; drop: Record<string, (event: DragEvent) => void> } {
  const [depth, setDepth] = useState(0);
  const holdsFiles = (event: DragEvent): boolean => event.dataTransfer.types.includes("Files");
  return {
    over: depth > 0,
    drop: {
      onDragEnter: (event) => holdsFiles(event) && setDepth((now) => now + 1),
      onDragLeave: (event) => holdsFiles(event) && setDepth((now) => Math.max(0, now - 1)),
      onDragOver: (event) => holdsFiles(event) && event.preventDefault(),
      onDropCapture: () => setDepth(0),
      onDrop: (event) => {
        if (event.defaultPrevented || event.dataTransfer.files.length === 0) return;
        event.preventDefault();
        attachFiles(key, [...event.dataTransfer.files]);
      },
    },
  };
}
