/** A stretch of plain text: the sender's own, or quoted from before. */
export type Stretch = { quoted: boolean; text: string };

const ATTRIBUTION =
  /^(?:On .+ wrote:|.+(?:写道|寫道|さんは書きました)\s*[:：]|-{2,}\s*(?:Original Message|原始邮件|Forwarded message|转发的邮件).*)\s*$/iu;

/** Splits a body where quoting begins and ends. A line that introduces a quotation belongs to it. */
export function splitQuoted(text: string): Stretch[] {
  const stretches: Stretch[] = [];
  const lines = text.replace(/\r\n?/gu, "\n").split("\n");
  lines.forEach((line, at) => {
    const next = lines.slice(at + 1).find((other) => other.trim() !== "");
    const quoted = line.startsWith(">") || (ATTRIBUTION.test(line) && next?.startsWith(">") === true);
    const last = stretches.at(-1);
    if (last === undefined || (last.quoted !== quoted && line.trim() !== "")) stretches.push({ quoted, text: line });
    else last.text += `\n${line}`;
  });
  return stretches
    .map((stretch) => ({ ...stretch, text: stretch.text.replace(/^\n+|\s+$/gu, "") }))
    .filter((stretch) => stretch.text !== "");
}
