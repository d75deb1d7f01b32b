/** Joins the soft line breaks of format=flowed (RFC 3676 §4.1, §4.2), quote level by quote level. */
export function unflow(text: string, deleteSpace: boolean): string {
  const out: string[] = [];
  let open: { depth: number; line: string } | null = null;
  for (const raw of text.split(/\r?\n/u)) {
    const quotes = /^>+/u.exec(raw)?.[0].length ?? 0;
    let content = raw.slice(quotes);
    if (content.startsWith(" ")) content = content.slice(1);
    // §4.3: the signature separator ends with a blank and is never flowed.
    const soft = content.endsWith(" ") && content !== "-- ";
    const joins = open !== null && open.depth === quotes && content !== "-- ";
    if (open !== null && !joins) {
      out.push(quoted(open.depth, open.line));
      open = null;
    }
    const line: string = (open === null ? "" : open.line) + (soft && deleteSpace ? content.slice(0, -1) : content);
    if (soft) {
      open = { depth: quotes, line };
      continue;
    }
    out.push(quoted(quotes, line));
    open = null;
  }
  if (open !== null) out.push(quoted(open.depth, open.line));
  return out.join("\n");
}

function quoted(depth: number, line: string): string {
  return depth === 0 ? line : `${">".repeat(depth)} ${line}`;
}
