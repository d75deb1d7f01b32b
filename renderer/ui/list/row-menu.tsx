import {
  Archive,
  CopyPlus,
  FolderInput,
  Forward,
  Mail,
  MailMinus,
  MailOpen,
  Reply,
  ReplyAll,
  ShieldAlert,
  Star,
  Trash2,
} from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { act, chosenRows, deleteRows, toggleFlag, toggleJunk } from "../../state/act.ts";
import { keyTextOf } from "../../state/commands.ts";
import { startComposer } from "../../state/composers.ts";
import { roleOf } from "../../state/folders.ts";
import { useList } from "../../state/list.ts";
import { openSender } from "../../state/senders.ts";
import { showOver } from "../../state/shell.ts";
import { thinkOfLeaving, useListMail } from "../../state/unsubscribe.ts";
import { ContextMenu, type MenuPlace } from "../parts/context-menu.tsx";
import { MenuItem, MenuRule } from "../parts/menu.tsx";
import { SenderItems } from "../reader/sender-rules.tsx";

/** What can be done with the selected rows, where the pointer is. */
export function RowMenu({ place, onClose }: { place: MenuPlace; onClose(): void }): ReactNode {
  const { t } = useTranslation("mail");
  const rows = chosenRows();
  const [only] = rows;
  const listMail = useListMail();
  const source = useList((state) => state.source);
  const inJunk = source !== null && roleOf(source.view) === "junk";
  const unread = rows.some((row) => row.unread > 0);
  const starred = rows.length > 0 && rows.every((row) => row.flagged);
  const answer = (kind: "reply" | "reply-all" | "forward"): void => {
    if (only !== undefined) startComposer({ kind, placementId: only.placementId });
  };
  return (
    <ContextMenu label={t("row.actions")} place={place} onClose={onClose}>
      {rows.length === 1 && (
        <>
          <MenuItem icon={Reply} label={t("do.reply")} shortcut={keyTextOf("reply")} onAction={() => answer("reply")} />
          <MenuItem icon={ReplyAll} label={t("do.replyAll")} shortcut={keyTextOf("replyAll")} onAction={() => answer("reply-all")} />
          <MenuItem icon={Forward} label={t("do.forward")} shortcut={keyTextOf("forward")} onAction={() => answer("forward")} />
          <MenuRule />
        </>
      )}
      <MenuItem icon={Archive} label={t("do.archive")} shortcut={keyTextOf("archive")} onAction={() => act({ kind: "archive" })} />
      <MenuItem icon={FolderInput} label={t("do.move")} shortcut={keyTextOf("moveTo")} onAction={() => showOver("move")} />
      <MenuItem icon={CopyPlus} label={t("do.copy")} shortcut={keyTextOf("copyTo")} onAction={() => showOver("copy")} />
      <MenuItem
        icon={Star}
        label={t(starred ? "do.unstar" : "do.star")}
        shortcut={keyTextOf("star")}
        onAction={() => toggleFlag("flagged")}
      />
      <MenuItem
        icon={unread ? MailOpen : Mail}
        label={t(unread ? "do.markRead" : "do.markUnread")}
        shortcut={keyTextOf("toggleRead")}
        onAction={() => toggleFlag("seen")}
      />
      <MenuRule />
      <MenuItem
        icon={ShieldAlert}
        label={t(inJunk ? "do.notJunk" : "do.junk")}
        shortcut={keyTextOf("junk")}
        onAction={() => toggleJunk()}
      />
      <MenuItem icon={Trash2} label={t("do.delete")} shortcut={keyTextOf("delete")} onAction={() => deleteRows()} />
      {rows.length === 1 && listMail !== null && (
        <MenuItem icon={MailMinus} label={t("unsubscribe:menu")} onAction={() => thinkOfLeaving(listMail)} />
      )}
      {rows.length === 1 && <SenderItems short from={openSender()} />}
    </ContextMenu>
  );
}
