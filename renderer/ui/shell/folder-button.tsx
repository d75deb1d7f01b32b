import { CircleDashed, type LucideIcon } from "lucide-react";
import { type CSSProperties, type DragEvent, type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { formatNumber } from "../../i18n/format.ts";
import { isCopying, isDraggingMail } from "../list/drag.ts";
import { Icon } from "../parts/icon.tsx";

type Props = {
  icon: LucideIcon;
  name: string;
  lang?: string | undefined;
  unread?: number;
  /** A quiet number where nothing can be unread. */
  count?: number;
  needsYou?: boolean;
  selected: boolean;
  depth?: number;
  /** The one that Next pane goes to. */
  focusable?: boolean;
  onPress(): void;
  onDropMail?: ((copy: boolean) => void) | undefined;
  /** Why nothing can be read or changed in it: it stands back, and says so. */
  barred?: string | undefined;
  /** It cannot be opened at all. */
  shut?: boolean;
  /** The server has still to hear about it. */
  waiting?: boolean;
  onDragStart?: ((event: DragEvent) => void) | undefined;
  /** Whether what is dragged over it, other than mail, may be dropped. */
  takes?: ((event: DragEvent) => boolean) | undefined;
  onDropOther?: ((event: DragEvent) => void) | undefined;
  onKeyDown?: ((event: React.KeyboardEvent) => void) | undefined;
  onContextMenu?: ((event: React.MouseEvent) => void) | undefined;
};

/** One row of the folder tree. */
export function FolderButton({
  icon,
  name,
  lang,
  unread = 0,
  count = 0,
  needsYou = false,
  selected,
  depth = 0,
  focusable = false,
  onPress,
  onDropMail,
  barred,
  shut = false,
  waiting = false,
  onDragStart,
  takes,
  onDropOther,
  onKeyDown,
  onContextMenu,
}: Props): ReactNode {
  const { t } = useTranslation("shell");
  const [over, setOver] = useState(false);
  const number = unread > 0 ? unread : count;
  const dragOver = (event: DragEvent): void => {
    const mail = onDropMail !== undefined && isDraggingMail(event);
    if (!mail && takes?.(event) !== true) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = mail && isCopying(event) ? "copy" : "move";
    setOver(true);
  };
  return (
    <button
      type="button"
      className={["folder", unread > 0 && "unread", selected && "selected", over && "drop", barred !== undefined && "barred"]
        .filter(Boolean)
        .join(" ")}
      style={depth === 0 ? undefined : ({ paddingInlineStart: 10 + depth * 26 } as CSSProperties)}
      aria-current={selected ? "page" : undefined}
      data-pane-focus={focusable || selected ? "" : undefined}
      title={barred}
      aria-disabled={shut || undefined}
      draggable={onDragStart !== undefined}
      onDragStart={onDragStart}
      onKeyDown={onKeyDown}
      onClick={onPress}
      onContextMenu={onContextMenu}
      onDragOver={dragOver}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        setOver(false);
        if (onDropMail !== undefined && isDraggingMail(event)) {
          event.preventDefault();
          onDropMail(isCopying(event));
        } else if (takes?.(event) === true) {
          event.preventDefault();
          onDropOther?.(event);
        }
      }}
    >
      <Icon of={icon} />
      <span className="cut" lang={lang}>
        {name}
      </span>
      {barred !== undefined && <span className="hidden">{barred}</span>}
      {waiting && (
        <span className="folder-waits" title={t("folders:waiting")}>
          <Icon of={CircleDashed} size={14} />
          <span className="hidden">{t("folders:waiting")}</span>
        </span>
      )}
      {number > 0 && (
        <span className={needsYou ? "n needs" : "n"}>
          {formatNumber(number)}
          {(needsYou || unread > 0) && <span className="hidden"> {t(needsYou ? "folder.needsYou" : "folder.unread")}</span>}
        </span>
      )}
    </button>
  );
}
