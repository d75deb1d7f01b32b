import type { ReactNode } from "react";
import { Button as AriaButton, type ButtonProps as AriaButtonProps } from "react-aria-components";

type Look = "primary" | "danger" | "plain" | "link";

export type ButtonProps = Omit<AriaButtonProps, "className" | "children"> & {
  /** One `primary` a view; without a look it is an outlined one. */
  look?: Look;
  size?: "small" | "big";
  className?: string;
  children: ReactNode;
};

export function Button({ look, size, className, children, ...rest }: ButtonProps): ReactNode {
  return (
    <AriaButton {...rest} className={["btn", look, size, className].filter(Boolean).join(" ")}>
      {children}
    </AriaButton>
  );
}
