import type { Editor } from "@tiptap/react";
import {
  ALargeSmall,
  CalendarClock,
  Check,
  ChevronDown,
  ChevronLeft,
  Clock,
  Lock,
  MailCheck,
  Maximize2,
  Minimize2,
  Minus,
  PackageCheck,
  Paperclip,
  Send,
  Trash2,
  Users,
  X,
  Zap,
} from "lucide-react";
import { type ReactNode, useRef, useState } from "react";
import { Button as AriaButton, MenuTrigger } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { formatClock } from "../../i18n/format.ts";
import { langOf } from "../../i18n/lang-of.ts";
import { attachFiles } from "../../state/attach.ts";
import { beginBulk } from "../../state/bulk.ts";
import { closeComposer, edit, saveNow } from "../../state/composer-saving.ts";
import { askForReport, send } from "../../state/composer-sending.ts";
import { type OpenComposer, setShape } from "../../state/composers.ts";
import { discard } from "../../state/discard.ts";
import { shortcutText } from "../../state/keys.ts";
import { laterChoices, ownZone } from "../../state/send-later.ts";
import { Icon } from "../parts/icon.tsx";
import { IconButton } from "../parts/icon-button.tsx";
import { Menu, MenuItem, MenuRule } from "../parts/menu.tsx";
import { FormatBar } from "./format-bar.tsx";
import { SendLaterDialog } from "./send-later-dialog.tsx";

type HeadProps = { composerKey: number; title: string; full: boolean; narrow: boolean; onTitle?: () => void };

/** `onTitle`: the subject is not among the rows and is opened from here. */
export function PanelHead({ composerKey, title, full, narrow, onTitle }: HeadProps): ReactNode {
  const { t } = useTranslation("compose");
  return (
    <header className="composer-head">
      <h2 className="cut grow" lang={langOf(title)}>
        {onTitle === undefined ? (
          title
        ) : (
          <AriaButton className="composer-title cut" aria-label={`${title}, ${t("editSubject")}`} onPress={onTitle}>
            {title}
          </AriaButton>
        )}
      </h2>
      <IconButton icon={Minus} label={t("head.minimise")} onPress={() => setShape(composerKey, "minimised")} />
      {!narrow && (
        <IconButton
          icon={full ? Minimize2 : Maximize2}
          label={t(full ? "head.panel" : "head.full")}
          onPress={() => setShape(composerKey, full ? "panel" : "full")}
        />
      )}
      <IconButton icon={X} label={t("head.close")} onPress={() => void closeComposer(composerKey)} />
    </header>
  );
}

export function PanelFoot({ composer, format }: { composer: OpenComposer; format: { shown: boolean; toggle(): void } }): ReactNode {
  const { t } = useTranslation("compose");
  return (
    <footer className="composer-foot" data-foot="">
      <SendButton composer={composer} />
      <AttachButton composerKey={composer.key} />
      <IconButton icon={ALargeSmall} label={t("format.toggle")} aria-pressed={format.shown} onPress={format.toggle} />
      <span className="grow" />
      <SavedNote composer={composer} />
      <IconButton icon={Trash2} label={t("discard")} onPress={() => discard(composer.key)} />
    </footer>
  );
}

/** Everything the panel has at its head and foot, in one bar over the column. */
export function FullBar({ composer, editor, narrow }: { composer: OpenComposer; editor: Editor | null; narrow: boolean }): ReactNode {
  const { t } = useTranslation("compose");
  return (
    <header className="bar composer-bar">
      {narrow && <IconButton icon={ChevronLeft} label={t("head.close")} onPress={() => void closeComposer(composer.key)} />}
      <SendButton composer={composer} />
      <AttachButton composerKey={composer.key} />
      <span className="sep" />
      <FormatBar composerKey={composer.key} editor={editor} />
      <span className="grow" />
      <SavedNote composer={composer} />
      <IconButton icon={Trash2} label={t("discard")} onPress={() => discard(composer.key)} />
      {!narrow && (
        <>
          <IconButton icon={Minus} label={t("head.minimise")} onPress={() => setShape(composer.key, "minimised")} />
          <IconButton icon={Minimize2} label={t("head.panel")} onPress={() => setShape(composer.key, "panel")} />
          <IconButton icon={X} label={t("head.close")} onPress={() => void closeComposer(composer.key)} />
        </>
      )}
    </header>
  );
}

function SendButton({ composer }: { composer: OpenComposer }): ReactNode {
  const { t } = useTranslation("compose");
  const { t: later } = useTranslation("sending");
  const { t: report } = useTranslation("delivery");
  const { t: bulk } = useTranslation("bulk");
  const [choosing, setChoosing] = useState(false);
  return (
    <span className="split">
      <AriaButton className="btn primary split-main" isDisabled={composer.sending} onPress={() => void send(composer.key)}>
        <Icon of={Send} />
        {t(composer.sending ? "sending" : "send")}
      </AriaButton>
      <MenuTrigger>
        <AriaButton className="btn primary split-more" aria-label={t("sendOptions")} isDisabled={composer.sending}>
          <Icon of={ChevronDown} size={14} />
        </AriaButton>
        <Menu label={t("sendOptions")}>
          <MenuItem label={t("send")} icon={Send} shortcut={shortcutText("Mod+Enter")} onAction={() => void send(composer.key)} />
          <MenuItem icon={Zap} label={t("sendNow")} onAction={() => void send(composer.key, { atOnce: true })} />
          <MenuRule />
          {laterChoices(Date.now(), ownZone()).map(({ key, at }) => (
            <MenuItem
              key={key}
              icon={Clock}
              label={later(`later.${key}`, { time: formatClock(at) })}
              onAction={() => void send(composer.key, { sendAt: at })}
            />
          ))}
          <MenuItem icon={CalendarClock} label={later("later.choose")} onAction={() => setChoosing(true)} />
          <MenuRule />
          <MenuItem icon={Users} label={bulk("menu")} onAction={() => void beginBulk(composer.key)} />
          <MenuRule />
          <MenuItem
            icon={PackageCheck}
            label={later("report.ask")}
            ticked={composer.report}
            onAction={() => askForReport(composer.key, !composer.report)}
          />
          <MenuItem
            icon={MailCheck}
            label={report("receipt.ask")}
            ticked={composer.content.askReceipt === true}
            onAction={() => edit(composer.key, { askReceipt: composer.content.askReceipt !== true })}
          />
          <MenuItem
            icon={Lock}
            label={later("tls.only")}
            ticked={composer.content.requireTls === true}
            onAction={() => edit(composer.key, { requireTls: composer.content.requireTls !== true })}
          />
        </Menu>
      </MenuTrigger>
      {choosing && <SendLaterDialog composer={composer} onClose={() => setChoosing(false)} />}
    </span>
  );
}

export function AttachButton({ composerKey }: { composerKey: number }): ReactNode {
  const { t } = useTranslation("compose");
  const picker = useRef<HTMLInputElement>(null);
  return (
    <>
      <IconButton icon={Paperclip} label={t("attach.add")} onPress={() => picker.current?.click()} />
      <input
        ref={picker}
        type="file"
        multiple
        hidden
        onChange={(event) => {
          attachFiles(composerKey, [...(event.target.files ?? [])]);
          // The same file can be chosen again after it was taken out.
          event.target.value = "";
        }}
      />
    </>
  );
}

function SavedNote({ composer }: { composer: OpenComposer }): ReactNode {
  const { t } = useTranslation("compose");
  const { save, savedAt } = composer;
  const failed = save.kind === "failed" || save.kind === "conflict" || save.kind === "gone";
  const at = savedAt === null ? null : t("saved.at", { time: formatClock(savedAt) });
  return (
    <span className="composer-saved" role="status">
      {save.kind === "saved" && at !== null && (
        <>
          <Icon of={Check} size={14} />
          {at}
        </>
      )}
      {/* The last time stays while the writer types: words that come and go at every pause would disturb. */}
      {(save.kind === "dirty" || save.kind === "saving") && <span className="waiting">{at ?? t("saved.saving")}</span>}
      {failed && t("saved.failed")}
      {save.kind === "failed" && (
        <AriaButton className="text-button" onPress={() => void saveNow(composer.key)}>
          {t("saved.retry")}
        </AriaButton>
      )}
    </span>
  );
}
