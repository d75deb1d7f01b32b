import { useSyncExternalStore } from "react";

/** Width of the window in px, as it changes. */
export function useWindowWidth(): number {
  return useSyncExternalStore(listen, () => window.innerWidth);
}

function listen(changed: () => void): () => void {
  window.addEventListener("resize", changed);
  return () => window.removeEventListener("resize", changed);
}
