import type { CSSProperties, ReactNode } from "react";

/** Progress and readiness as a sewn line. `part` in [0, 1]. */
export function Stitch({ part, tone, label }: { part: number; tone?: "warn" | "bad" | undefined; label: string }): ReactNode {
  const percent = Math.round(Math.min(1, Math.max(0, part)) * 1000) / 10;
  return (
    <div
      className={tone === undefined ? "stitch" : `stitch ${tone}`}
      role="progressbar"
      aria-label={label}
      aria-valuenow={percent}
      aria-valuemin={0}
      aria-valuemax={100}
      style={{ "--done": `${percent}%` } as CSSProperties}
    />
  );
}
