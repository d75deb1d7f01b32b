import { useEffect, useState } from "react";

/** The moment that "today" is counted from: changes when the day does, so that headings move on at midnight. */
export function useNow(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const tomorrow = new Date(now);
    tomorrow.setHours(24, 0, 0, 0);
    const timer = setTimeout(() => setNow(Date.now()), Math.max(1000, tomorrow.getTime() - now));
    return () => clearTimeout(timer);
  }, [now]);
  return now;
}
