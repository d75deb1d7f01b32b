/** A run of lines that were quoted equally often; 0 = the line that introduces a quotation. */
export type QuoteRun = { readonly level: number; readonly text: string };

/** Signs before a line: "> > ", ">>", "> ". */
const SIGNS = /^(?:>[ \t]?)+/u;
const DEEPEST = 12;

/** Quoted text by how often it was quoted, without the signs that tell. */
export function quoteLevels(text: string): QuoteRun[] {
  const runs: { level: number; lines: string[] }[] = [];
  for (const line of text.split("\n")) {
    const [signs = ""] = SIGNS.exec(line) ?? [];
    const level = Math.min(DEEPEST, signs.replace(/[^>]/gu, "").length);
    const last = runs.at(-1);
    const words = line.slice(signs.length);
    if (last === undefined || (last.level !== level && (words.trim() !== "" || level > 0))) runs.push({ level, lines: [words] });
    else last.lines.push(words);
  }
  return runs.map(({ level, lines }) => ({ level, text: lines.join("\n") }));
}

/** What stands at one level, and what is quoted within it. */
export type QuoteTree = readonly (string | QuoteTree)[];

export function quoteTree(text: string): QuoteTree {
  return treeOf(quoteLevels(text), 0);
}

function treeOf(runs: readonly QuoteRun[], level: number): QuoteTree {
  const tree: (string | QuoteTree)[] = [];
  for (let at = 0; at < runs.length; at += 1) {
    const run = runs[at];
    if (run === undefined) break;
    if (run.level <= level) {
      const words = run.text.replace(/^\n+|\s+$/gu, "");
      if (words !== "") tree.push(words);
      continue;
    }
    let end = at;
    while ((runs[end]?.level ?? 0) > level) end += 1;
    tree.push(treeOf(runs.slice(at, end), level + 1));
    at = end - 1;
  }
  return tree;
}
