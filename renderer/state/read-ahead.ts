import type { ListRow, MessageBody, MessageHead } from "../../shared/contract/mail.ts";
import type { MessageId, PlacementId, ViewKey } from "../../shared/ids.ts";
import { client } from "../client/engine.ts";
import { type Opened, openAtFirst, partShown, type Shown } from "./first-shown.ts";
import { useList } from "./list.ts";
import { canPrepare, dropPrepared, keepPrepared, prepare } from "./prepared.ts";
import { useSearch } from "./search.ts";
import { useSettings } from "./settings.ts";
import { useShell } from "./shell.ts";

/** A conversation as it was read before it was opened. */
type ReadyConversation = {
  readonly subject: string;
  readonly messages: readonly MessageHead[];
  readonly bodies: ReadonlyMap<PlacementId, MessageBody>;
};

type Wanted = Pick<ListRow, "conversationId" | "placementId">;

/** Conversations kept, and messages of one that are read: whoever opens more at once does not see the last ones first. */
const MOST = 12;
const MOST_MESSAGES = 4;
/** What is being opened comes first. */
const AFTER_MS = 60;
/** Nothing is laid out ahead while something else is drawn, but at the latest after this. */
const IDLE_AT_LAST_MS = 300;
const AGAIN_AFTER_MS = 250;

const ready = new Map<string, ReadyConversation>();
const underWay = new Map<string, Promise<ReadyConversation | undefined>>();
/** Grows whenever something may have changed: what was asked for before is not kept. */
let state = 0;
let timer: ReturnType<typeof setTimeout> | undefined;
let anew: ReturnType<typeof setTimeout> | undefined;
let last: { row: Wanted; view: ViewKey | null } | undefined;
let lastRank = 0;
/** Which way the reader goes through the list. */
let on: 1 | -1 = 1;

/**
 * Forgets what changes, and everything whenever the line was down. Flags and places are read again when it is opened. Nothing that is laid out
 * outlives what it was laid out for: its list, the settings, the shape of the window.
 */
export function startReadingAhead(): void {
  client.on("mail.updated", ({ messageIds }) => forget(new Set(messageIds)));
  client.on("settings.changed", forgetAhead);
  client.onDisconnect(forgetAhead);
  useSettings.subscribe(({ settings }, before) => settings !== before.settings && layOutAnew());
  useSearch.subscribe(({ open }, before) => open !== before.open && layOutAnew());
  useShell.subscribe(({ layout }, before) => layout !== before.layout && layOutAnew());
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", layOutAnew);
  // While the window was hidden nothing was laid out.
  document.addEventListener("visibilitychange", again);
  useList.subscribe(({ source, cache, version }, before) => {
    if (source !== before.source) dropPrepared();
    else if (version !== before.version) keepPrepared(({ rowId }) => cache.rankOf(rowId) !== undefined);
    else return;
    again();
  });
}

/** What was read and laid out ahead may not be so any more. */
export function forgetAhead(): void {
  forget();
}

function forget(changed?: ReadonlySet<MessageId>): void {
  const holds = (messages: readonly MessageHead[] | null): boolean =>
    changed !== undefined && messages?.some(({ messageId }) => changed.has(messageId)) === false;
  state += 1;
  underWay.clear();
  for (const [key, { messages }] of ready) if (!holds(messages)) ready.delete(key);
  keepPrepared(({ messages }) => holds(messages));
  again();
}

/** What is laid out does not fit any more. */
export function layOutAnew(): void {
  dropPrepared();
  again();
}

/** Reads ahead of what is open once more, when nothing has changed for a moment. */
function again(): void {
  clearTimeout(anew);
  anew = setTimeout(() => last !== undefined && readAhead(last.row, last.view), AGAIN_AFTER_MS);
}

/** Nothing is open that anything could follow. */
export function stopReadingAhead(): void {
  clearTimeout(timer);
  timer = undefined;
  last = undefined;
}

function keyOf({ conversationId, placementId }: Wanted, view: ViewKey | null): string {
  return `${conversationId} ${placementId} ${view ?? ""}`;
}

/** What is ready to be shown; undefined when it has to be read. */
export function takeReady(opened: Opened): Shown | undefined {
  const found = ready.get(keyOf(opened, opened.view));
  return found && asShown(opened, found);
}

/** The same of what is just being read ahead; it may come to nothing. */
export async function comingUp(opened: Opened): Promise<Shown | undefined> {
  const found = await underWay.get(keyOf(opened, opened.view));
  return found && asShown(opened, found);
}

export function isComingUp(opened: Opened): boolean {
  return underWay.has(keyOf(opened, opened.view));
}

function asShown(opened: Opened, { subject, messages, bodies }: ReadyConversation): Shown {
  const part = partShown(opened, subject, messages);
  return { opened, ...part, bodies, unfolded: openAtFirst(part.messages, opened.placementId) };
}

/**
 * Reads what is likely opened after this row, a moment later: the next two and the one before, or the other way round for whoever goes up. The nearest
 * on each side are laid out as well.
 */
export function readAhead(row: Wanted, view: ViewKey | null): void {
  clearTimeout(timer);
  clearTimeout(anew);
  last = { row, view };
  timer = setTimeout(() => {
    const { cache, source } = useList.getState();
    if (source === null || source.view !== view) return;
    const rank = cache.rankOf(source.grouped ? row.conversationId : row.placementId);
    if (rank === undefined) return;
    if (rank !== lastRank) on = rank < lastRank ? -1 : 1;
    lastRank = rank;
    const rows = [rank + on, rank - on, rank + 2 * on].map((one) => cache.at(one));
    void oneByOne(rows, view, !source.grouped, timer);
  }, AFTER_MS);
}

async function oneByOne(rows: readonly (ListRow | undefined)[], view: ViewKey | null, single: boolean, mine: typeof timer): Promise<void> {
  for (const [at, row] of rows.entries()) {
    // Something else was opened meanwhile.
    if (mine !== timer) return;
    if (!row?.here) continue;
    const found = await getReady(row, view);
    if (at === 2 || found === undefined) continue;
    await idle();
    if (mine === timer) layOut(row, view, single, found);
  }
}

let resting: ReturnType<typeof setTimeout> | undefined;

/** The pointer rests on a row, and a press is likely next, or it presses; null: it has gone on. */
export function restOn(row: ListRow | null, pressed = false): void {
  clearTimeout(resting);
  resting = undefined;
  const { source } = useList.getState();
  if (!row?.here || source === null) return;
  const { view, grouped } = source;
  const mine = setTimeout(
    () =>
      void getReady(row, view).then((found) => {
        if (mine === resting && found !== undefined) layOut(row, view, !grouped, found);
      }),
    pressed ? 0 : AFTER_MS,
  );
  resting = mine;
}

function layOut({ conversationId, placementId, key }: ListRow, view: ViewKey | null, single: boolean, found: ReadyConversation): void {
  const wanted = keyOf({ conversationId, placementId }, view);
  const open = last !== undefined && keyOf(last.row, last.view) === wanted;
  // It may have been forgotten since, or opened.
  if (ready.get(wanted) === found && !open) prepare(asShown({ conversationId, placementId, view, single }, found), key.id);
}

/** Resolves when the window has nothing else to do. */
function idle(): Promise<void> {
  return new Promise((resolve) => {
    if (canPrepare()) requestIdleCallback(() => resolve(), { timeout: IDLE_AT_LAST_MS });
    else resolve();
  });
}

async function getReady(row: ListRow, view: ViewKey | null): Promise<ReadyConversation | undefined> {
  const key = keyOf(row, view);
  const found = ready.get(key) ?? (await once(key, row, view));
  if (found === undefined) return undefined;
  // The order of the map is the order of use.
  ready.delete(key);
  ready.set(key, found);
  const [oldest] = ready.keys();
  if (ready.size > MOST && oldest !== undefined) ready.delete(oldest);
  return found;
}

/** Who asks for the same meanwhile waits for the same answer. */
function once(key: string, row: Wanted, view: ViewKey | null): Promise<ReadyConversation | undefined> {
  const known = underWay.get(key);
  if (known !== undefined) return known;
  const got = get(row, view).finally(() => underWay.get(key) === got && underWay.delete(key));
  underWay.set(key, got);
  return got;
}

async function get({ conversationId, placementId }: Wanted, view: ViewKey | null): Promise<ReadyConversation | undefined> {
  const before = state;
  try {
    const { subject, messages } = await client.request("mail.conversation", { conversationId, view, placementId });
    // Its row is about to leave; should it come back, there is more to read.
    if (messages.length === 0) return undefined;
    const open = openAtFirst(messages, placementId);
    const wanted = messages.filter((one) => open.has(one.placementId)).slice(-MOST_MESSAGES);
    const bodies = await Promise.all(wanted.map((one) => client.request("mail.read", { placementId: one.placementId, ahead: true })));
    return before === state ? { subject, messages, bodies: new Map(bodies.map((body) => [body.head.placementId, body])) } : undefined;
  } catch {
    // It is gone, or the line is down: whoever opens it is told.
    return undefined;
  }
}
