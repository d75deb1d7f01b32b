import type { ReactNode } from "react";

/** [start, end) in UTF-16 units. */
export type MarkRange = readonly [number, number];

/** Text with the hits of a search marked. */
export function Marked({ text, marks }: { text: string; marks?: readonly MarkRange[] | undefined }): ReactNode {
  if (marks === undefined || marks.length === 0) return text;
  const parts: ReactNode[] = [];
  let at = 0;
  for (const [start, end] of marks) {
    if (start < at || end > text.length) continue;
    parts.push(text.slice(at, start), <mark key={start}>{text.slice(start, end)}</mark>);
    at = end;
  }
  return [...parts, text.slice(at)];
}
