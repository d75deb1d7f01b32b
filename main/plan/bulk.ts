import { looksLikeAddress } from "../../shared/address.ts";
import type { BulkCounts, BulkOptions } from "../../shared/contract/bulk.ts";
import { type Bucket, nextToken, takeToken } from "./pace.ts";
import { LATE_MS } from "./sending.ts";

/** What columns are called that hold addresses, or names, without their letters' case. */
const ADDRESS_NAMES =
  /^(?:e-?mails?|e-?mail address(?:es)?|mail|address|邮箱|邮箱地址|电子邮箱|电子邮件|电子邮件地址|邮件|邮件地址|郵箱|電子郵件|信箱)$/u;
const NAME_NAMES = /^(?:name|full ?name|display ?name|姓名|名字|名称|称呼|全名|名稱|稱呼)$/u;
/** Rows that say which column is which. */
const LOOKED_AT = 100;

function plainName(name: string): string {
  return name.normalize("NFKC").replace(/\s+/gu, " ").trim().toLowerCase();
}

/** The columns that hold the addresses and, if any, the names, as far as can be seen; null = none is like that. */
export function recogniseColumns(
  columns: readonly string[],
  rows: readonly (readonly string[])[],
): { address: number | null; name: number | null } {
  const looked = rows.slice(0, LOOKED_AT);
  let address: { at: number; found: number } | null = null;
  for (const [at, column] of columns.entries()) {
    const found = looked.filter((row) => addressIn(row[at] ?? "") !== null).length + (ADDRESS_NAMES.test(plainName(column)) ? 0.5 : 0);
    if (found > (address?.found ?? 0)) address = { at, found };
  }
  const name = columns.findIndex((column, at) => at !== address?.at && NAME_NAMES.test(plainName(column)));
  return { address: address?.at ?? null, name: name === -1 ? null : name };
}

/** The address in a cell, also when it is written with its name, as a link or with wide characters; null when there is none, or several. */
export function addressIn(cell: string): string | null {
  const narrow = /[＠．]/u.test(cell) ? cell.normalize("NFKC") : cell;
  const inner = /<([^<>]*)>\s*$/u.exec(narrow)?.[1] ?? narrow;
  const address = inner.trim().replace(/^mailto:/iu, "");
  return looksLikeAddress(address) && address.length <= 320 ? address : null;
}

/** Which column a placeholder means; `{{name}}` and `{{email}}` also mean the columns chosen for those. null = none. */
export function columnOf(
  placeholder: string,
  columns: readonly string[],
  chosen: { readonly address: number | null; readonly name: number | null },
): number | null {
  const wanted = plainName(placeholder);
  const at = columns.findIndex((column) => plainName(column) === wanted);
  if (at !== -1) return at;
  if (ADDRESS_NAMES.test(wanted)) return chosen.address;
  return NAME_NAMES.test(wanted) ? chosen.name : null;
}

/** A row is left out for the first of these that holds and that the options do not let through. */
export type RowProblem = "bad-address" | "doubled" | "empty";
export type CheckedRow = {
  readonly position: number;
  /** "" when the row has none. */
  readonly address: string;
  readonly problems: readonly RowProblem[];
  readonly leftOut: boolean;
};

/**
 * What is wrong with each row, and whether it gets a message.
 *
 * @param needed columns that the text uses without a fallback
 */
export function checkRows(
  rows: readonly (readonly string[])[],
  addressColumn: number | null,
  needed: readonly number[],
  { doubled, empty }: Pick<BulkOptions, "doubled" | "empty">,
): CheckedRow[] {
  const seen = new Set<string>();
  return rows.map((row, position) => {
    const address = addressColumn === null ? null : addressIn(row[addressColumn] ?? "");
    const problems: RowProblem[] = [];
    if (address === null) problems.push("bad-address");
    else if (seen.has(address.toLowerCase())) problems.push("doubled");
    if (needed.some((at) => (row[at] ?? "") === "")) problems.push("empty");
    const leftOut =
      address === null ||
      (problems.includes("doubled") && doubled === "leave-out") ||
      (problems.includes("empty") && empty === "leave-out");
    // Only who gets one has one: the second row counts when the first was left out.
    if (address !== null && !leftOut) seen.add(address.toLowerCase());
    return { position, address: address ?? "", problems, leftOut };
  });
}

/** As many messages as wait frozen and untried: enough that no connection runs dry. */
const FRESH = 20;
/** With those that are tried again or filed: what is beyond waits as a row, not as a file. */
const MOST_OPEN = 400;
/** What one slice may weigh: it passes through the engine thread. */
const SLICE_BYTES = 2_000_000;

export type Feed = {
  readonly take: number;
  readonly bucket: Bucket /** When to look again; null = when something happens. */;
  readonly until: number | null;
};

/**
 * How many messages are frozen and queued next.
 *
 * @param fresh in the outbox and never tried
 * @param open all in the outbox that still have something before them
 */
export function planFeed(
  {
    waiting,
    fresh,
    open,
    messageBytes,
    perMinute,
  }: { waiting: number; fresh: number; open: number; messageBytes: number; perMinute: number | null },
  bucket: Bucket,
  now: number,
): Feed {
  const room = Math.min(waiting, FRESH - fresh, MOST_OPEN - open, Math.max(1, Math.floor(SLICE_BYTES / Math.max(1, messageBytes))));
  let left = bucket;
  let take = 0;
  while (take < room) {
    const next = nextToken(left, perMinute, now);
    if (next > now) return { take, bucket: left, until: next };
    left = takeToken(left, perMinute, now);
    take += 1;
  }
  return { take, bucket: left, until: null };
}

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** `ask`: it is so late that the user decides, as about a single message. */
export type StartPlan = { readonly kind: "begin" | "ask" } | { readonly kind: "wait"; readonly until: number };

/** @param startAt when the user wants the first to leave; null = at once */
export function planStart(startAt: number | null, now: number): StartPlan {
  if (startAt === null) return { kind: "begin" };
  if (startAt > now) return { kind: "wait", until: startAt };
  return { kind: now - startAt > LATE_MS ? "ask" : "begin" };
}

/** How long the rest takes, ms, by the narrower of the chosen and the server's pace; null when neither is known. */
export function estimateMs(
  left: number,
  paces: readonly (number | null)[],
  { messagesADay, sentToday }: { readonly messagesADay: number | null; readonly sentToday: number },
): number | null {
  const known = paces.filter((pace) => pace !== null);
  const byPace = known.length === 0 ? null : Math.ceil((left / Math.max(1, Math.min(...known))) * MINUTE);
  if (messagesADay === null) return byPace;
  const beyond = left - Math.max(0, messagesADay - sentToday);
  return beyond <= 0 ? byPace : Math.max(byPace ?? 0, Math.ceil(beyond / Math.max(1, messagesADay)) * DAY);
}

/** So many in a row that the server will not have, and none that it takes between: the rest would fare no better. */
export const REFUSED_IN_A_ROW = 10;

/** @param last what became of those decided last, the latest first */
export function shouldPause(last: readonly ("accepted" | "held")[]): boolean {
  const first = last.slice(0, REFUSED_IN_A_ROW);
  return first.length === REFUSED_IN_A_ROW && first.every((one) => one === "held");
}

/** Nothing waits, nothing is on its way. What is unknown is for the user to decide and does not hold up the end. */
export function hasFinished({ waiting, onTheWay }: BulkCounts): boolean {
  return waiting === 0 && onTheWay === 0;
}

/** Whom the answer to "unsubscribe" goes to (RFC 2369 §3.2), as a header's value. @param address of the sender */
export function unsubscribeHeader(address: string): string {
  return `<mailto:${encodeURI(address).replaceAll("?", "%3F").replaceAll("&", "%26").replaceAll("#", "%23")}?subject=unsubscribe>`;
}
