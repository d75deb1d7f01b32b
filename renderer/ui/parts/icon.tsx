import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";

/** Stroke by size, so that every line comes out at about the same width on the screen. */
const STROKE = { 14: 2.25, 16: 2, 18: 1.75, 20: 1.65, 40: 1.1 } as const;

export function Icon({ of: Shape, size = 16, fill = false }: { of: LucideIcon; size?: keyof typeof STROKE; fill?: boolean }): ReactNode {
  return <Shape size={size} strokeWidth={STROKE[size]} aria-hidden="true" {...(fill ? { fill: "currentColor" } : {})} />;
}
