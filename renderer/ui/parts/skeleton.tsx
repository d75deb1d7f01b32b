import { type ReactNode, useEffect, useState } from "react";

/** True once something has been waited for long enough to be worth showing bars for. */
export function useLate(waiting: boolean, afterMs = 150): boolean {
  const [late, setLate] = useState(false);
  useEffect(() => {
    setLate(false);
    if (!waiting) return;
    const timer = setTimeout(() => setLate(true), afterMs);
    return () => clearTimeout(timer);
  }, [waiting, afterMs]);
  return waiting && late;
}

/** One grey bar in the place of a line that is still coming. */
export function SkeletonBar({ width, height = 10 }: { width: number | string; height?: number }): ReactNode {
  return <div className="skeleton" style={{ width, height }} />;
}
