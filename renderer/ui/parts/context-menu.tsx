import { type ReactNode, useRef } from "react";
import { Menu as AriaMenu, Popover } from "react-aria-components";

/** Where the pointer was, in px of the window. */
export type MenuPlace = { x: number; y: number };

/** A menu at the pointer. Its children are `MenuItem`s. */
export function ContextMenu({
  label,
  place,
  onClose,
  children,
}: {
  label: string;
  place: MenuPlace;
  onClose(): void;
  children: ReactNode;
}): ReactNode {
  const anchor = useRef<HTMLSpanElement>(null);
  return (
    <>
      <span ref={anchor} style={{ position: "fixed", left: place.x, top: place.y, width: 1, height: 1 }} />
      <Popover
        className="popover"
        aria-label={label}
        triggerRef={anchor}
        isOpen
        placement="bottom start"
        offset={2}
        onOpenChange={(open) => !open && onClose()}
      >
        <AriaMenu aria-label={label} className="menu" autoFocus="first" onClose={onClose}>
          {children}
        </AriaMenu>
      </Popover>
    </>
  );
}
