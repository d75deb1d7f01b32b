import {
  Archive,
  ArrowLeft,
  CopyPlus,
  Ellipsis,
  FolderInput,
  Forward,
  Mail,
  MailOpen,
  Reply,
  ReplyAll,
  Search,
  ShieldAlert,
  Star,
  Trash2,
} from "lucide-react";
import { type ReactNode, useState } from "react";
import { Button as AriaButton, MenuTrigger } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { act, chosenRows, deleteRows, toggleFlag, toggleJunk } from "../../state/act.ts";
import { keyTextOf } from "../../state/commands.ts";
import { roleOf } from "../../state/folders.ts";
import { useList } from "../../state/list.ts";
import { useReader } from "../../state/reader.ts";
import { openSearch } from "../../state/search.ts";
import { useSelection } from "../../state/selection.ts";
import { setReading, showOver, useShell } from "../../state/shell.ts";
import { Button } from "../parts/button.tsx";
import { Icon } from "../parts/icon.tsx";
import { IconButton } from "../parts/icon-button.tsx";
import { Menu, MenuItem } from "../parts/menu.tsx";
import { answer } from "./answer.ts";
import { Conversations } from "./conversations.tsx";
import { NothingOpen } from "./nothing-open.tsx";
import { SeveralSelected } from "./several-selected.tsx";
import "./reader.css";

/** The right pane: what can be done with the message, and the message. */
export function ReaderPane({ bar = true }: { bar?: boolean }): ReactNode {
  const { t } = useTranslation("mail");
  const narrow = useShell((state) => state.layout === "one");
  const several = useSelection((state) => state.rows.size > 1);
  const open = useReader((state) => state.opened !== null);
  const [target, setTarget] = useState<string | null>(null);
  return (
    <section className={narrow ? "reader narrow" : "reader"} aria-label={t("reader")} data-pane="reader">
      {bar && (narrow ? <NarrowBar /> : <ReaderBar />)}
      <Conversations covered={several} onTarget={setTarget}>
        {several ? <SeveralSelected /> : !open && <NothingOpen />}
      </Conversations>
      {narrow && open && <ReplyFoot />}
      {target !== null && <div className="link-target cut">{target}</div>}
    </section>
  );
}

function ReaderBar(): ReactNode {
  const { t } = useTranslation("mail");
  // Drawn anew when the chosen rows or what is known of them change.
  useSelection();
  useList((state) => state.version);
  const inJunk = useList((state) => state.source !== null && roleOf(state.source.view) === "junk");
  const rows = chosenRows();
  const isDisabled = rows.length === 0;
  const unread = rows.some((row) => row.unread > 0);
  const starred = rows.length > 0 && rows.every((row) => row.flagged);
  const canAnswer = useReader((state) => state.messages !== null);
  return (
    <div className="bar">
      <div className="tools" role="toolbar" aria-label={t("row.actions")}>
        <IconButton
          icon={Archive}
          label={t("do.archive")}
          shortcut={keyTextOf("archive")}
          isDisabled={isDisabled}
          onPress={() => act({ kind: "archive" })}
        />
        <IconButton
          icon={Trash2}
          label={t("do.delete")}
          shortcut={keyTextOf("delete")}
          isDisabled={isDisabled}
          onPress={() => deleteRows()}
        />
        <IconButton
          icon={ShieldAlert}
          label={t(inJunk ? "do.notJunk" : "do.junk")}
          shortcut={keyTextOf("junk")}
          isDisabled={isDisabled}
          onPress={() => toggleJunk()}
        />
        <IconButton
          icon={FolderInput}
          label={t("do.move")}
          shortcut={keyTextOf("moveTo")}
          isDisabled={isDisabled}
          onPress={() => showOver("move")}
        />
        <span className="sep" />
        <IconButton
          icon={Star}
          filled={starred}
          className={starred ? "starred" : ""}
          label={t(starred ? "do.unstar" : "do.star")}
          shortcut={keyTextOf("star")}
          isDisabled={isDisabled}
          onPress={() => toggleFlag("flagged")}
        />
        <IconButton
          icon={unread ? MailOpen : Mail}
          label={t(unread ? "do.markRead" : "do.markUnread")}
          shortcut={keyTextOf("toggleRead")}
          isDisabled={isDisabled}
          onPress={() => toggleFlag("seen")}
        />
        <span className="sep" />
        <IconButton
          icon={Reply}
          label={t("do.reply")}
          shortcut={keyTextOf("reply")}
          isDisabled={!canAnswer}
          onPress={() => answer("reply")}
        />
        <IconButton
          icon={ReplyAll}
          label={t("do.replyAll")}
          shortcut={keyTextOf("replyAll")}
          isDisabled={!canAnswer}
          onPress={() => answer("reply-all")}
        />
        <IconButton
          icon={Forward}
          label={t("do.forward")}
          shortcut={keyTextOf("forward")}
          isDisabled={!canAnswer}
          onPress={() => answer("forward")}
        />
      </div>
      <span className="grow" />
      <AriaButton className="search-box" onPress={openSearch} aria-label={t("search.label")}>
        <Icon of={Search} />
        <span className="cut">{t("search.label")}</span>
        <kbd aria-hidden="true">/</kbd>
      </AriaButton>
    </div>
  );
}

function NarrowBar(): ReactNode {
  const { t } = useTranslation("mail");
  return (
    <div className="bar">
      <IconButton icon={ArrowLeft} label={t("common:back")} onPress={() => setReading(false)} />
      <span className="grow" />
      <IconButton icon={Archive} label={t("do.archive")} onPress={() => leave(() => act({ kind: "archive" }))} />
      <IconButton icon={Trash2} label={t("do.delete")} onPress={() => leave(() => deleteRows())} />
      <IconButton icon={FolderInput} label={t("do.move")} onPress={() => showOver("move")} />
      <MenuTrigger>
        <IconButton icon={Ellipsis} label={t("common:more")} />
        <Menu label={t("common:more")}>
          <MenuItem icon={CopyPlus} label={t("do.copy")} onAction={() => showOver("copy")} />
          <MenuItem icon={Star} label={t("do.star")} onAction={() => toggleFlag("flagged")} />
          <MenuItem icon={Mail} label={t("do.markUnread")} onAction={() => toggleFlag("seen")} />
          <MenuItem icon={ShieldAlert} label={t("do.junk")} onAction={() => leave(() => toggleJunk())} />
        </Menu>
      </MenuTrigger>
    </div>
  );
}

/** The message goes away, so the list comes back. */
function leave(deed: () => void): void {
  deed();
  setReading(false);
}

function ReplyFoot(): ReactNode {
  const { t } = useTranslation("mail");
  return (
    <div className="reply-foot" data-foot="">
      <Button onPress={() => answer("reply")}>
        <Icon of={Reply} />
        {t("do.reply")}
      </Button>
      <Button onPress={() => answer("reply-all")}>
        <Icon of={ReplyAll} />
        {t("do.replyAll")}
      </Button>
      <Button onPress={() => answer("forward")}>
        <Icon of={Forward} />
        {t("do.forward")}
      </Button>
    </div>
  );
}
