import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import { Icon } from "./icon.tsx";

export function EmptyState({
  icon,
  picture,
  title,
  children,
  action,
  heading: Heading = "h2",
}: {
  icon?: LucideIcon;
  picture?: ReactNode;
  title: ReactNode;
  children?: ReactNode;
  action?: ReactNode;
  /** `h1` where it stands for a whole page. */
  heading?: "h1" | "h2";
}): ReactNode {
  return (
    <div className="empty">
      {icon === undefined ? picture : <Icon of={icon} size={40} />}
      <Heading>{title}</Heading>
      {children !== undefined && <p>{children}</p>}
      {action !== undefined && <div className="empty-action">{action}</div>}
    </div>
  );
}
