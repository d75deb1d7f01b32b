import type { ReactNode } from "react";

/** Shows every open composer above the page. */
export function ComposerHost(): ReactNode {
  return null;
}
