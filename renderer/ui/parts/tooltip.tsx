import type { ReactNode } from "react";
import { Tooltip, TooltipTrigger } from "react-aria-components";

/** Names a control on hover and focus; the control keeps its own accessible name. */
export function Tip({ text, shortcut, children }: { text: string; shortcut?: string | undefined; children: ReactNode }): ReactNode {
  return (
    <TooltipTrigger delay={600} closeDelay={0}>
      {children}
      <Tooltip className="tooltip" offset={6}>
        {text}
        {shortcut !== undefined && <span className="key">{shortcut}</span>}
      </Tooltip>
    </TooltipTrigger>
  );
}
