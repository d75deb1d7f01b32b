import type { LucideIcon } from "lucide-react";
import { type CSSProperties, type DragEvent, type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { formatNumber } from "../../i18n/format.ts";
import { isDraggingMail } from "../list/drag.ts";
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
  onDropMail?: (() => void) | undefined;
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
  onContextMenu,
}: Props): ReactNode {
  const { t } = useTranslation("shell");
  const [over, setOver] = useState(false);
  const number = unread > 0 ? unread : count;
  const dragOver = (event: DragEvent): void => {
    if (onDropMail === undefined || !isDraggingMail(event)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "move";
    setOver(true);
  };
  return (
    <button
      type="button"
      className={["folder", unread > 0 && "unread", selected && "selected", over && "drop"].filter(Boolean).join(" ")}
      style={depth === 0 ? undefined : ({ paddingInlineStart: 10 + depth * 26 } as CSSProperties)}
      aria-current={selected ? "page" : undefined}
      data-pane-focus={focusable || selected ? "" : undefined}
      onClick={onPress}
      onContextMenu={onContextMenu}
      onDragOver={dragOver}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        setOver(false);
        if (onDropMail === undefined || !isDraggingMail(event)) return;
        event.preventDefault();
        onDropMail();
      }}
    >
      <Icon of={icon} />
      <span className="cut" lang={lang}>
        {name}
      </span>
      {number > 0 && (
        <span className={needsYou ? "n needs" : "n"}>
          {formatNumber(number)}
          {(needsYou || unread > 0) && <span className="hidden"> {t(needsYou ? "folder.needsYou" : "folder.unread")}</span>}
        </span>
      )}
    </button>
  );
}
