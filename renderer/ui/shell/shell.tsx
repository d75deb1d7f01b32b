import type { ReactNode } from "react";

export function Shell({ children }: { children: ReactNode }): ReactNode {
  return <div className="shell">{children}</div>;
}
