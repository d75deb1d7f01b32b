import { tokensOf, withPlainForms } from "../mime/fold.ts";

/** A query as the search thread carries it out. */
export type ParsedQuery = {
  /** FTS5 MATCH expression, or null when the query has filters only. */
  match: string | null;
  /** The same words, none of them in an attached file; null where they were asked for in files. */
  outsideFiles: string | null;
  unread: boolean | null;
  flagged: boolean | null;
  attachment: boolean | null;
  /** ms UTC, [after, before). */
  after: number | null;
  before: number | null;
  /** Folder names or role words to be in. */
  inFolder: string | null;
  /** What to mark in subjects and snippets, as typed. */
  words: string[];
};

type Term = { text: string; quoted: boolean; negated: boolean; field: string | null };

const OUTSIDE_FILES = "{subject sender recipients body}";

const COLUMN: Record<string, string> = {
  from: "sender",
  to: "recipients",
  cc: "recipients",
  subject: "subject",
  body: "body",
  file: "files",
  filename: "files",
  attachment: "files",
  // 中文的写法，冒号全角半角都可
  发件人: "sender",
  收件人: "recipients",
  主题: "subject",
  附件: "files",
  文件名: "files",
};

/** `-field:"quoted words"` or a bare word; full-width colons and quotes count as plain ones. */
const TERM = /(-?)(?:([\p{L}]+):(?=\S))?(?:"([^"]*)"?|(\S+))/gu;

function termsOf(query: string): Term[] {
  const plain = query.replace(/[“”「」『』]/gu, '"').replace(/：/gu, ":");
  const terms: Term[] = [];
  for (const found of plain.matchAll(TERM)) {
    const [, minus, field, quoted, bare] = found;
    terms.push({ text: quoted ?? bare ?? "", quoted: quoted !== undefined, negated: minus === "-", field: field?.toLowerCase() ?? null });
  }
  return terms;
}

/** Local midnight at the start of YYYY-MM-DD, YYYY-MM or YYYY; null for anything else. */
function dayStart(text: string): number | null {
  const found = /^(\d{4})(?:[-/.](\d{1,2}))?(?:[-/.](\d{1,2}))?$/u.exec(text);
  if (!found) return null;
  return new Date(Number(found[1]), Number(found[2] ?? 1) - 1, Number(found[3] ?? 1)).getTime();
}

/** Only alphabetic words grow while they are typed; a CJK character is whole as it stands. */
const GROWS =
  /(?:(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}])[\p{L}\p{N}\p{M}\p{Co}]){2,}[^\p{L}\p{N}\p{M}\p{Co}]*$/u;

/** The user's words as one FTS5 phrase; null when nothing in them can be searched. */
function phrase(text: string, prefix: boolean): string | null {
  const tokens = tokensOf(text);
  if (tokens.length === 0) return null;
  return `"${tokens.join(" ")}"${prefix && GROWS.test(withPlainForms(text)) ? "*" : ""}`;
}

/**
 * Reads what the user typed. Unknown operators are words like any other; nothing is ever an error.
 *
 * The last bare word matches as a beginning too, so that results come while typing.
 */
export function parseQuery(query: string): ParsedQuery {
  const parsed: ParsedQuery = {
    match: null,
    outsideFiles: null,
    unread: null,
    flagged: null,
    attachment: null,
    after: null,
    before: null,
    inFolder: null,
    words: [],
  };
  const wanted: string[] = [];
  const outside: (string | null)[] = [];
  const unwanted: string[] = [];
  const terms = termsOf(query);
  terms.forEach((term, index) => {
    if (term.field !== null && applyFilter(parsed, term)) return;
    const column = term.field === null ? undefined : COLUMN[term.field];
    const text = term.field !== null && column === undefined ? `${term.field}:${term.text}` : term.text;
    const expression = phrase(text, !term.quoted && index === terms.length - 1 && !/\s$/u.test(query));
    if (expression === null) return;
    const scoped = column === undefined ? expression : `${column} : ${expression}`;
    if (term.negated) unwanted.push(scoped);
    else {
      wanted.push(scoped);
      outside.push(column === undefined ? `${OUTSIDE_FILES} : ${expression}` : column === "files" ? null : scoped);
      parsed.words.push(term.text);
    }
  });
  // FTS5 has no "everything but": an exclusion alone is carried out on the filters' path.
  if (wanted.length > 0) parsed.match = [wanted.join(" AND "), ...unwanted].join(" NOT ");
  if (wanted.length > 0 && !outside.includes(null)) parsed.outsideFiles = outside.join(" AND ");
  return parsed;
}

const ATTACHMENT_WORDS = new Set(["attachment", "attachments", "file", "files", "附件", "文件"]);

function applyFilter(parsed: ParsedQuery, term: Term): boolean {
  const value = term.text.toLowerCase();
  const on = !term.negated;
  switch (term.field) {
    case "is":
      if (value === "unread" || value === "read") parsed.unread = (value === "unread") === on;
      else if (value === "starred" || value === "flagged") parsed.flagged = on;
      else return false;
      return true;
    case "has":
    case "有":
    case "含":
      if (!ATTACHMENT_WORDS.has(value)) return false;
      parsed.attachment = on;
      return true;
    case "before":
    case "after": {
      const at = dayStart(value);
      if (at === null) return false;
      if ((term.field === "before") === on) parsed.before = at;
      else parsed.after = at;
      return true;
    }
    case "in":
      parsed.inFolder = value;
      return true;
    default:
      return false;
  }
}
