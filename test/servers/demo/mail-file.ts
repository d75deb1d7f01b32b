/** One message of a mail file, as written. */
export interface WrittenMail {
  folder: string;
  /** Such as `38m`, `1h20m` (that long ago) or `2d 18:04` (that time of day, so many days ago). */
  when: string;
  flags: Set<string>;
  id: string | null;
  /** The id of the message that this one answers. */
  parent: string | null;
  attachments: string[];
  from: string;
  to: string[];
  cc: string[];
  subject: string;
  headers: string[];
  text: string;
  html: string | null;
}

/**
 * Reads a mail file. A message begins with `===`:
 *
 *     === inbox 38m new star #osaka-3 <osaka-2 +packing-list.pdf
 *     mira > me, ken; ines | Subject
 *     :X-Header: extra header lines
 *
 *     text
 *     --- html
 *     <p>the same in HTML, if there is any</p>
 *
 * First line: folder, age, flags, own id, parent, attachments. Second: sender, recipients, copies after `;`, subject.
 */
export function parseMailFile(source: string): WrittenMail[] {
  return source.split(/^=== /m).slice(1).map(parseMail);
}

function parseMail(block: string): WrittenMail {
  const [first = "", second = "", ...rest] = block.split("\n");
  const words = first.trim().split(/\s+/);
  const [folder = "", age = ""] = words;
  const dayTime = /^\d+d$/.test(age) ? words[2] : undefined;
  const options = words.slice(dayTime === undefined ? 2 : 3);
  const starting = (mark: string): string[] => options.filter((word) => word.startsWith(mark)).map((word) => word.slice(1));
  const [, from = "", recipients = "", subject = ""] = /^(\S+) > ([^|]*?) \| (.*)$/.exec(second) ?? [];
  if (from === "") throw new Error(`demo mail without sender and subject: ${second}`);
  const [to = "", cc = ""] = recipients.split(";");
  const headers: string[] = [];
  while (rest[0]?.startsWith(":") === true) headers.push(rest.shift()?.slice(1) ?? "");
  const [text = "", html] = rest.join("\n").split(/^--- html\n/m);
  return {
    folder,
    when: dayTime === undefined ? age : `${age} ${dayTime}`,
    flags: new Set(options.filter((word) => /^[a-z]/.test(word))),
    id: starting("#")[0] ?? null,
    parent: starting("<")[0] ?? null,
    attachments: starting("+"),
    from,
    to: names(to),
    cc: names(cc),
    subject: subject.trim(),
    headers,
    text: text.trim(),
    html: html === undefined ? null : html.trim(),
  };
}

function names(list: string): string[] {
  return list.split(",").flatMap((name) => (name.trim() === "" ? [] : [name.trim()]));
}

/** The moment that an age names, seen from now; clock times are this computer's. */
export function momentOf(when: string, now: Date): Date {
  const [, days, hours, minutes] = /^(\d+)d (\d+):(\d+)$/.exec(when) ?? [];
  if (days !== undefined) {
    const day = new Date(now);
    day.setDate(day.getDate() - Number(days));
    day.setHours(Number(hours), Number(minutes), 17, 0);
    return day;
  }
  const [, h = "0", m = "0"] = /^(?:(\d+)h)?(?:(\d+)m)?$/.exec(when) ?? [];
  return new Date(now.getTime() - (Number(h) * 60 + Number(m)) * 60_000);
}
