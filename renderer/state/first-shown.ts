import type { MessageBody, MessageHead } from "../../shared/contract/mail.ts";
import type { ConversationId, PlacementId, ViewKey } from "../../shared/ids.ts";
import { isMine } from "./accounts.ts";
import { isDraft } from "./folders.ts";

/** What is open: a conversation, or with `single` just one message of it; `alone`: in no folder and so in no conversation. */
export type Opened = { conversationId: ConversationId; placementId: PlacementId; view: ViewKey | null; single: boolean; alone?: true };

/** A conversation as the reader shows it. */
export type Shown = {
  readonly opened: Opened;
  readonly subject: string;
  /** Oldest first; null until read. */
  readonly messages: readonly MessageHead[] | null;
  readonly bodies: ReadonlyMap<PlacementId, MessageBody>;
  readonly unfolded: ReadonlySet<PlacementId>;
};

/** Tells one thing that can be open from another. */
export function keyOf({ conversationId, placementId, view, single }: Opened): string {
  return `${conversationId} ${placementId} ${view ?? ""} ${single}`;
}

/** What of a conversation is shown where one message of it is open: that one. */
export function partShown(
  { placementId, single }: Opened,
  subject: string,
  messages: readonly MessageHead[],
): { subject: string; messages: readonly MessageHead[] } {
  if (!single) return { subject, messages };
  const shown = messages.filter((one) => one.placementId === placementId);
  return { subject: shown[0]?.subject ?? subject, messages: shown };
}

/**
 * The messages that open with a conversation: the newest, and whatever is unread. Where the newest is the user's own answer, also what it answers:
 * nobody opens a conversation to read their own words only. A draft opens, too: it is there to be written on; and so does the one that was asked for,
 * which a search has found somewhere in the middle.
 */
export function openAtFirst(messages: readonly MessageHead[], wanted: PlacementId): Set<PlacementId> {
  const newest = messages.at(-1);
  const open = new Set(messages.filter((one) => !one.seen || one.placementId === wanted || isDraft(one)).map((one) => one.placementId));
  const theirs = messages.findLast(({ from }) => !from.some(({ address }) => isMine(address)));
  for (const one of [newest, theirs]) if (one !== undefined) open.add(one.placementId);
  return open;
}
