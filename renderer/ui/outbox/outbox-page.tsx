import type { ReactNode } from "react";

export function OutboxPage(): ReactNode {
  return null;
}
