import { Check, ChevronRight, type LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import {
  Menu as AriaMenu,
  MenuItem as AriaMenuItem,
  type MenuItemProps,
  type MenuProps,
  Popover,
  type PopoverProps,
  Separator,
} from "react-aria-components";
import { Icon } from "./icon.tsx";

/** The rows of a menu in their popover; put it after the trigger inside a `MenuTrigger`. */
export function Menu({
  label,
  children,
  popover,
  ...rest
}: Omit<MenuProps<object>, "className" | "children"> & {
  label: string;
  children: ReactNode;
  popover?: Omit<PopoverProps, "className" | "children">;
}): ReactNode {
  return (
    <Popover offset={4} {...popover} className="popover">
      <AriaMenu {...rest} aria-label={label} className="menu">
        {children}
      </AriaMenu>
    </Popover>
  );
}

export function MenuItem({
  icon,
  label,
  shortcut,
  ticked = false,
  lang,
  hint,
  opensMore = false,
  ...rest
}: Omit<MenuItemProps, "className" | "children"> & {
  icon?: LucideIcon;
  label: string;
  shortcut?: string | undefined;
  ticked?: boolean;
  lang?: string | undefined;
  /** A second line: why it cannot be done. */
  hint?: string | undefined;
  /** Inside a `SubmenuTrigger`. */
  opensMore?: boolean;
}): ReactNode {
  return (
    <AriaMenuItem {...rest} textValue={label} className={hint === undefined ? "menu-item" : "menu-item with-hint"}>
      {icon !== undefined && <Icon of={icon} />}
      <span className="cut" lang={lang}>
        {label}
        {hint !== undefined && <span className="menu-hint">{hint}</span>}
      </span>
      {ticked && (
        <span className="tick">
          <Icon of={Check} />
        </span>
      )}
      {opensMore && (
        <span className="more">
          <Icon of={ChevronRight} />
        </span>
      )}
      {shortcut !== undefined && <span className="key">{shortcut}</span>}
    </AriaMenuItem>
  );
}

export function MenuRule(): ReactNode {
  return <Separator className="menu-rule" />;
}
