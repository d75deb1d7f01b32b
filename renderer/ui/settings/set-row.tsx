import type { ReactNode } from "react";

/** One setting: what it is, what it does, and its control. */
export function SetRow({ label, hint, children }: { label: ReactNode; hint?: ReactNode; children?: ReactNode }): ReactNode {
  return (
    <div className="setrow">
      <div className="grow">
        <div className="set-label">{label}</div>
        {hint !== undefined && hint !== "" && <div className="set-hint">{hint}</div>}
      </div>
      {children}
    </div>
  );
}
