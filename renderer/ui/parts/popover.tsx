import type { ReactNode } from "react";
import { Popover as AriaPopover, type PopoverProps as AriaPopoverProps, Dialog } from "react-aria-components";

/** A floating card beside its trigger; put it after the trigger inside a `DialogTrigger`. */
export function Popover({
  label,
  width,
  children,
  ...rest
}: Omit<AriaPopoverProps, "className" | "children" | "style"> & { label: string; width?: number; children: ReactNode }): ReactNode {
  return (
    <AriaPopover offset={8} {...rest} className="popover" {...(width === undefined ? {} : { style: { width } })}>
      <Dialog aria-label={label}>{children}</Dialog>
    </AriaPopover>
  );
}
