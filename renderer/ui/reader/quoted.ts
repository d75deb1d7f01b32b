/** A stretch of plain text: the sender's own, or quoted from before. */
export type Stretch = { quoted: boolean; text: string };

/** A line that introduces what follows, whatever that looks like: "-----Original Message-----", "------------------ 原始邮件 ------------------". */
const MARKER =
  /^\s*(?:-{2,}|_{5,}|={5,})\s*(?:original message|reply message|forwarded message|original|原始邮件|原邮件|原始郵件|回复的原邮件|转发的?邮件(?:信息)?|轉寄郵件|ursprüngliche nachricht|message d'origine|mensaje original|元のメッセージ)[^\n]{0,40}$/iu;
/** "On Friday Mira wrote:", "在 2026年11月20日，陈晓雯 写道：", "2026-11-20 09:41:00，"陈晓雯" <chen@…> 写道：". */
const ATTRIBUTION =
  /^.{4,300}(?:\bwrote|写道|寫道|编写|schrieb|a écrit|escribió|ha scritto|escreveu|さんは書きました|のメール|작성)\s*[:：]\s*$/iu;
/** The same, broken over two or three lines as Gmail and Apple Mail send it. */
const ATTRIBUTION_BEGINS = /^\s*(?:on|at|在|于|am|le|el|il|em)\s.{6,}\d/iu;
/** The head that Outlook, Foxmail and others write above what they quote. */
const HEAD_FROM = /^\s*\*?(?:from|发件人|發件人|寄件者|寄件人|von|de|差出人|보낸 사람)\*?\s*[:：]/iu;
const HEAD_MORE =
  /^\s*\*?(?:sent|date|to|cc|subject|发送时间|發送時間|发送日期|日期|时间|收件人|抄送|主题|主旨|gesendet|an|betreff|envoyé|à|objet|送信日時|宛先|件名|보낸 날짜|받는 사람|제목)\*?\s*[:：]/iu;
const HEAD_SENT = /^\s*\*?(?:sent|date|发送时间|發送時間|发送日期|日期|时间|gesendet|envoyé|送信日時|보낸 날짜)\*?\s*[:：]/iu;

const quote = (line: string): boolean => line.startsWith(">");

/**
 * Splits a body where quoting begins and ends. A line that introduces a quotation belongs to it. Where a program puts what is answered below a
 * mark of its own and not behind signs, all from there on is quoted.
 */
export function splitQuoted(text: string): Stretch[] {
  const stretches: Stretch[] = [];
  const lines = text.replace(/\r\n?/gu, "\n").split("\n");
  const end = lines.findIndex((_, at) => begins(lines, at));
  let introduced = 0;
  lines.forEach((line, at) => {
    introduced = Math.max(introduced, at + introduces(lines, at));
    const quoted = quote(line) || (end >= 0 && at >= end) || at < introduced;
    const last = stretches.at(-1);
    if (last === undefined || (last.quoted !== quoted && line.trim() !== "")) stretches.push({ quoted, text: line });
    else last.text += `\n${line}`;
  });
  return stretches
    .map((stretch) => ({ ...stretch, text: stretch.text.replace(/^\n+|\s+$/gu, "") }))
    .filter((stretch) => stretch.text !== "");
}

/** How many lines from this one on introduce lines behind signs. */
function introduces(lines: readonly string[], at: number): number {
  const line = lines[at] ?? "";
  if (line.trim() === "" || line.length > 300) return 0;
  for (let count = 1; count <= 3; count++) {
    const whole = lines.slice(at, at + count).join(" ");
    if (count > 1 && !ATTRIBUTION_BEGINS.test(line)) return 0;
    if (ATTRIBUTION.test(whole) || MARKER.test(whole)) return nextIs(lines, at + count, quote) ? count : 0;
  }
  return 0;
}

/** Whether all from this line on is what is answered, without signs before it. */
function begins(lines: readonly string[], at: number): boolean {
  const line = lines[at] ?? "";
  if (MARKER.test(line)) return !nextIs(lines, at + 1, quote);
  if (HEAD_FROM.test(line)) return headFollows(lines, at + 1);
  // A rule above Outlook's head.
  if (/^\s*(?:_{10,}|-{10,})\s*$/u.test(line)) return nextIs(lines, at + 1, (next) => HEAD_FROM.test(next)) && headFollows(lines, at + 2);
  // NetEase: the line that introduces it, and the text as it was.
  return (
    /^\s*(?:在|于|At|On)?\s*\d{4}.{6,200}(?:写道|wrote)\s*[:：]\s*$/iu.test(line) &&
    !nextIs(lines, at + 1, quote) &&
    nextIs(lines, at + 1, () => true)
  );
}

/** Three lines of a head are no accident, its date among them. */
function headFollows(lines: readonly string[], from: number): boolean {
  const head = lines
    .slice(from, from + 12)
    .filter((line) => line.trim() !== "")
    .slice(0, 5);
  return head.filter((line) => HEAD_MORE.test(line)).length >= 2 && head.some((line) => HEAD_SENT.test(line));
}

function nextIs(lines: readonly string[], from: number, like: (line: string) => boolean): boolean {
  const next = lines.slice(from, from + 20).find((line) => line.trim() !== "");
  return next !== undefined && like(next);
}
