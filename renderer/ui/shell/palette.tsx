import { CopyPlus, CornerDownRight, FolderInput, type LucideIcon, Mail, Search } from "lucide-react";
import { type KeyboardEvent, type ReactNode, useEffect, useId, useState } from "react";
import { Dialog, Modal, ModalOverlay } from "react-aria-components";
import { useTranslation } from "react-i18next";
import type { ListRow } from "../../../shared/contract/mail.ts";
import type { AccountId, FolderId } from "../../../shared/ids.ts";
import { langOf } from "../../i18n/lang-of.ts";
import { useAccounts } from "../../state/accounts.ts";
import { act, actOnMessages, chosenRows, copyTo, moveTo } from "../../state/act.ts";
import { COMMANDS, keyOf } from "../../state/commands.ts";
import { findQuickly } from "../../state/find-quickly.ts";
import { useFolders } from "../../state/folders.ts";
import { goToFolder, goToView, read } from "../../state/open.ts";
import { showOver, useShell } from "../../state/shell.ts";
import { Icon } from "../parts/icon.tsx";
import { Keys } from "../parts/keys.tsx";
import { folderIcon, iconOf, useFolderName } from "./folder-name.ts";

type Item = {
  id: string;
  group: string;
  icon: LucideIcon;
  label: string;
  lang?: string | undefined;
  more?: string;
  moreLang?: string | undefined;
  keys?: string;
  run(): void;
};

type Place = Item & { accountId: AccountId };

type Asks = "palette" | "move" | "copy" | "label" | "go";

const MOST_PER_GROUP = 8;

/** Does, goes or finds by name. `asks` narrows it to folders: to move or copy mail there, to label it so, or to go there. */
export function Palette({ asks }: { asks: Asks }): ReactNode {
  const { t } = useTranslation("commands");
  const [words, setWords] = useState("");
  const [at, setAt] = useState(0);
  const listId = useId();
  const items = useItems(asks, words);
  const about = useShell((state) => state.about);
  const selected = about?.length ?? chosenRows().length;
  const current = Math.min(at, items.length - 1);
  const close = (): void => showOver(null);
  const run = (item: Item | undefined): void => {
    if (item === undefined) return;
    close();
    item.run();
  };
  const key = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      setAt((current + step + items.length) % Math.max(1, items.length));
    }
    if (event.key === "Enter") run(items[current]);
  };
  useEffect(() => {
    // In braces: browsers begin to answer with a promise here, and React would take it for a clean-up.
    document.getElementById(`${listId}-${current}`)?.scrollIntoView({ block: "nearest" });
  }, [listId, current]);
  const placeholder = t(PLACEHOLDERS[asks]);
  return (
    <ModalOverlay isOpen isDismissable className="veil palette-veil" onOpenChange={(open) => !open && close()}>
      <Modal className="palette">
        <Dialog aria-label={t("palette.label")}>
          <div className="palette-field">
            <Icon of={Search} size={18} />
            <input
              role="combobox"
              aria-expanded="true"
              aria-controls={listId}
              aria-activedescendant={items.length === 0 ? undefined : `${listId}-${current}`}
              aria-label={placeholder}
              placeholder={placeholder}
              value={words}
              autoFocus
              onChange={(event) => {
                setWords(event.target.value);
                setAt(0);
              }}
              onKeyDown={key}
            />
            {selected > 0 && <span className="tag">{t("palette.selected", { count: selected })}</span>}
          </div>
          <div className="palette-list" id={listId} role="listbox" aria-label={t("palette.label")}>
            {items.map((item, index) => (
              <PaletteItem
                key={item.id}
                id={`${listId}-${index}`}
                item={item}
                first={item.group !== items[index - 1]?.group}
                selected={index === current}
                onHover={() => setAt(index)}
                onPress={() => run(item)}
              />
            ))}
          </div>
          {items.length === 0 && <p className="palette-group">{t("palette.none")}</p>}
          <div className="palette-foot caption">
            <span className="row">
              <kbd>↑</kbd>
              <kbd>↓</kbd> {t("palette.choose")}
            </span>
            <span className="row">
              <kbd>↵</kbd> {t("palette.doIt")}
            </span>
            <span className="grow" />
            <span>{t("palette.offline")}</span>
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

const PLACEHOLDERS = {
  palette: "palette.placeholder",
  move: "palette.movePlaceholder",
  copy: "palette.copyPlaceholder",
  label: "labels:placeholder",
  go: "palette.goPlaceholder",
} as const;

function PaletteItem({
  id,
  item,
  first,
  selected,
  onHover,
  onPress,
}: {
  id: string;
  item: Item;
  first: boolean;
  selected: boolean;
  onHover(): void;
  onPress(): void;
}): ReactNode {
  return (
    <>
      {first && (
        <div className="palette-group" role="presentation">
          {item.group}
        </div>
      )}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the field has the focus and the keys */}
      {/* biome-ignore lint/a11y/useFocusableInteractive: options are reached by aria-activedescendant */}
      <div className="palette-item" id={id} role="option" aria-selected={selected} onPointerMove={onHover} onClick={onPress}>
        <Icon of={item.icon} />
        <span className="cut" lang={item.lang}>
          {item.label}
        </span>
        {item.more !== undefined && (
          <span className="cut caption muted" lang={item.moreLang}>
            {item.more}
          </span>
        )}
        {item.keys !== undefined && item.keys !== "" && <Keys of={item.keys} />}
      </div>
    </>
  );
}

function useItems(asks: Asks, words: string): Item[] {
  const { t } = useTranslation("commands");
  const { t: shell } = useTranslation("shell");
  const nameOf = useFolderName();
  const folders = useFolders((state) => state.folders);
  const accounts = useAccounts((state) => state.accounts);
  const [found, setFound] = useState<readonly ListRow[]>([]);
  useEffect(() => (asks === "palette" ? findQuickly(words, setFound) : undefined), [asks, words]);
  const wanted = words.trim().toLowerCase();
  const fits = (text: string): boolean => wanted.split(/\s+/u).every((word) => text.toLowerCase().includes(word));
  const deeds: Item[] = COMMANDS.flatMap((command) => {
    const { run } = command;
    if (asks !== "palette" || run === null || command.quiet === true || !fits(t(command.id))) return [];
    return [{ id: command.id, group: t("palette.do"), icon: CornerDownRight, label: t(command.id), keys: keyOf(command), run }];
  });
  const about = useShell((state) => state.about);
  const put = (kind: "move" | "copy", folderId: FolderId): void => {
    if (about !== null) actOnMessages([...about], { kind, folderId });
    else (kind === "move" ? moveTo : copyTo)(folderId);
  };
  const labelled = new Set(chosenRows().map(({ accountId }) => accountId));
  const places: Place[] = folders.flatMap((folder) => {
    const { name, lang } = nameOf(folder);
    const account = accounts.find((one) => one.id === folder.accountId)?.name ?? "";
    if (!folder.canSelect || !fits(`${name} ${account} ${folder.path}`)) return [];
    const about = { label: name, lang, more: account, moreLang: langOf(account), accountId: folder.accountId };
    if (asks === "label") {
      const run = (): void => act({ kind: "label", folderId: folder.id, on: true });
      const fitting = folder.label !== null && folder.role === "none" && labelled.has(folder.accountId);
      return fitting ? [{ ...about, id: `label-${folder.id}`, group: t("labels:list"), icon: iconOf(folder), run }] : [];
    }
    if (asks === "move")
      return folder.canWrite
        ? [{ ...about, id: `move-${folder.id}`, group: t("palette.move"), icon: FolderInput, run: () => put("move", folder.id) }]
        : [];
    if (asks === "copy")
      return folder.canWrite
        ? [{ ...about, id: `copy-${folder.id}`, group: t("palette.copy"), icon: CopyPlus, run: () => put("copy", folder.id) }]
        : [];
    return [{ ...about, id: `go-${folder.id}`, group: t("palette.go"), icon: iconOf(folder), run: () => goToFolder(folder.id) }];
  });
  const everywhere: Item[] =
    asks === "move" || asks === "copy" || asks === "label" || !fits(shell("all.inbox"))
      ? []
      : [
          {
            id: "all-inbox",
            group: t("palette.go"),
            icon: folderIcon("inbox"),
            label: shell("all.inbox"),
            run: () => goToView("all:inbox"),
          },
        ];
  const messages: Item[] = found.map((row) => {
    const from = row.people.map((person) => person.name || person.address).join(t("mail:comma"));
    return {
      id: `message-${row.placementId}`,
      group: t("palette.messages"),
      icon: Mail,
      label: row.subject,
      lang: langOf(row.subject),
      more: from,
      moreLang: langOf(from),
      run: () => read(row, true),
    };
  });
  // Mail goes to its own account more often than to another one.
  if (asks === "move" || asks === "copy") places.sort((a, b) => Number(labelled.has(b.accountId)) - Number(labelled.has(a.accountId)));
  const most = asks === "palette" ? MOST_PER_GROUP : 100;
  return [...deeds.slice(0, most), ...everywhere, ...places.slice(0, most), ...messages.slice(0, 4)];
}
