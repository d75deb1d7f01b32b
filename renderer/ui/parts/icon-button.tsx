import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import { Button as AriaButton, type ButtonProps as AriaButtonProps } from "react-aria-components";
import { Icon } from "./icon.tsx";
import { Tip } from "./tooltip.tsx";

export type IconButtonProps = Omit<AriaButtonProps, "className" | "children"> & {
  icon: LucideIcon;
  /** Its name for the ear and the tooltip. */
  label: string;
  /** The key that does the same, as it is printed. */
  shortcut?: string | undefined;
  iconSize?: 14 | 16 | 18 | 20;
  filled?: boolean;
  className?: string;
};

export function IconButton({ icon, label, shortcut, iconSize = 18, filled = false, className, ...rest }: IconButtonProps): ReactNode {
  return (
    <Tip text={label} shortcut={shortcut}>
      <AriaButton {...rest} aria-label={label} className={className === undefined ? "tool" : `tool ${className}`}>
        <Icon of={icon} size={iconSize} fill={filled} />
      </AriaButton>
    </Tip>
  );
}
