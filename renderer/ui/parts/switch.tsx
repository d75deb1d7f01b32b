import type { ReactNode } from "react";
import { Switch as AriaSwitch, type SwitchProps as AriaSwitchProps } from "react-aria-components";

export type SwitchProps = Omit<AriaSwitchProps, "className" | "children"> & {
  /** Shown beside it; leave out when `aria-label` or `aria-labelledby` names it. */
  children?: ReactNode;
};

export function Switch({ children, ...rest }: SwitchProps): ReactNode {
  return (
    <AriaSwitch {...rest} className="switch">
      {children}
      <span className="switch-track" />
    </AriaSwitch>
  );
}
