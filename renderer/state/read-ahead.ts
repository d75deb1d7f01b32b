import type { ListRow, MessageBody, MessageHead } from "../../shared/contract/mail.ts";
import type { MessageId, PlacementId, ViewKey } from "../../shared/ids.ts";
import { client } from "../client/engine.ts";
import { isMine } from "./accounts.ts";
import { useList } from "./list.ts";

/** A conversation as it was read before it was opened. */
export type ReadyConversation = {
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

const ready = new Map<string, ReadyConversation>();
/** Grows whenever something may have changed: what was asked for before is not kept. */
let state = 0;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Forgets what changes, and everything whenever the line was down. Flags and places are read again when it is opened. */
export function startReadingAhead(): void {
  client.on("mail.updated", ({ messageIds }) => forget(new Set(messageIds)));
  client.on("settings.changed", () => forget());
  client.onDisconnect(() => forget());
}

function forget(changed?: ReadonlySet<MessageId>): void {
  state += 1;
  for (const [key, { messages }] of ready)
    if (changed === undefined || messages.some(({ messageId }) => changed.has(messageId))) ready.delete(key);
}

function keyOf({ conversationId, placementId }: Wanted, view: ViewKey | null): string {
  return `${conversationId} ${placementId} ${view ?? ""}`;
}

/** What of it is ready; undefined when it has to be read. */
export function takeReady(row: Wanted, view: ViewKey | null): ReadyConversation | undefined {
  return ready.get(keyOf(row, view));
}

/**
 * The messages that open with a conversation: the newest, and whatever is unread. Where the newest is the user's own answer, also what it answers:
 * nobody opens a conversation to read their own words only.
 */
export function openAtFirst(messages: readonly MessageHead[]): Set<PlacementId> {
  const newest = messages.at(-1);
  const open = new Set(messages.filter((one) => !one.seen).map((one) => one.placementId));
  const theirs = messages.findLast(({ from }) => !from.some(({ address }) => isMine(address)));
  for (const one of [newest, theirs]) if (one !== undefined) open.add(one.placementId);
  return open;
}

/** Reads what is likely opened after this row, a moment later: the next two, and the one before. */
export function readAhead(row: Wanted, view: ViewKey | null): void {
  clearTimeout(timer);
  timer = setTimeout(() => {
    const { cache, source } = useList.getState();
    if (source === null || source.view !== view) return;
    const rank = cache.rankOf(source.grouped ? row.conversationId : row.placementId);
    if (rank === undefined) return;
    const rows = [rank + 1, rank - 1, rank + 2].flatMap((one) => cache.at(one) ?? []).filter(({ here }) => here);
    void oneByOne(rows, view, timer);
  }, AFTER_MS);
}

let resting: ReturnType<typeof setTimeout> | undefined;

/** The pointer rests on a row, and a press is likely next; null: it has gone on. */
export function restOn(row: ListRow | null): void {
  clearTimeout(resting);
  if (row === null || !row.here) return;
  const { source } = useList.getState();
  resting = setTimeout(() => void getReady(row, source?.view ?? null), AFTER_MS);
}

async function oneByOne(rows: readonly ListRow[], view: ViewKey | null, mine: typeof timer): Promise<void> {
  for (const row of rows) {
    // Something else was opened meanwhile.
    if (mine !== timer) return;
    await getReady(row, view);
  }
}

async function getReady(row: ListRow, view: ViewKey | null): Promise<void> {
  const key = keyOf(row, view);
  const found = ready.get(key) ?? (await get(row, view));
  if (found === undefined) return;
  // The order of the map is the order of use.
  ready.delete(key);
  ready.set(key, found);
  const [oldest] = ready.keys();
  if (ready.size > MOST && oldest !== undefined) ready.delete(oldest);
}

async function get({ conversationId, placementId }: Wanted, view: ViewKey | null): Promise<ReadyConversation | undefined> {
  const before = state;
  try {
    const { subject, messages } = await client.request("mail.conversation", { conversationId, view, placementId });
    const open = new Set([placementId, ...openAtFirst(messages)]);
    const wanted = messages.filter((one) => open.has(one.placementId)).slice(-MOST_MESSAGES);
    const bodies = await Promise.all(wanted.map((one) => client.request("mail.read", { placementId: one.placementId, ahead: true })));
    return before === state ? { subject, messages, bodies: new Map(bodies.map((body) => [body.head.placementId, body])) } : undefined;
  } catch {
    // It is gone, or the line is down: whoever opens it is told.
    return undefined;
  }
}
