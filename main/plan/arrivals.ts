import type { FolderRole } from "../../shared/contract/folders.ts";
import { type FlagBits, hasFlag } from "../../shared/flags.ts";
import type { AccountId, MessageId, PlacementId } from "../../shared/ids.ts";

/** A message that a server has listed above all that was known of its folder, as the store has it at that moment. */
export type Listed = {
  readonly placementId: PlacementId;
  readonly role: FolderRole | null;
  /** Its other places, and those of messages with the same Message-ID in the account. */
  readonly elsewhere: readonly { readonly placementId: PlacementId; readonly role: FolderRole | null }[];
  readonly receivedAt: number;
  /** What its server had before is no news; null where the server itself tells new mail from old. ms UTC. */
  readonly since: number | null;
};

/** What this run of the program has listed as new, and what of it was told: places of the messages. */
export type Heard = { readonly listed: ReadonlySet<PlacementId>; readonly told: ReadonlySet<PlacementId> };

/**
 * Whether a message comes for the first time. It does not when it lay somewhere before: another device moved it. Two copies that a server
 * filed in two folders on arrival are both new; which of them is listed first is chance.
 */
export function isNews({ placementId, role, elsewhere, receivedAt, since }: Listed, { listed, told }: Heard): boolean {
  if (since !== null && receivedAt < since) return false;
  // What the user sent: by the outbox, by another program, or over a list that sends it back.
  if (role === "sent" || elsewhere.some((other) => other.role === "sent")) return false;
  return elsewhere.every((other) => {
    if (told.has(other.placementId)) return false;
    return other.placementId > placementId || listed.has(other.placementId);
  });
}

/** A place of a message in an inbox, some seconds after it came. */
export type InInbox = {
  readonly placementId: PlacementId;
  readonly messageId: MessageId;
  readonly accountId: AccountId;
  readonly receivedAt: number;
  readonly flags: FlagBits;
};

export type Telling = { readonly placementIds: readonly PlacementId[]; readonly count: number };

/** Names in a sentence; the rest is a number. */
export const MOST_NAMED = 3;

/**
 * What is told of mail that has come: newest first, each message once, without what was read, thrown away or marked as junk meanwhile.
 * Null: nothing.
 */
export function planTelling(inInbox: readonly InInbox[], quiet: ReadonlySet<AccountId>): Telling | null {
  const worth = inInbox.filter(
    ({ accountId, flags }) => !quiet.has(accountId) && !hasFlag(flags, "seen") && !hasFlag(flags, "junk") && !hasFlag(flags, "deleted"),
  );
  const newest = worth.toSorted((a, b) => b.receivedAt - a.receivedAt || b.placementId - a.placementId);
  const once = new Map<MessageId, InInbox>();
  for (const one of newest) if (!once.has(one.messageId)) once.set(one.messageId, one);
  if (once.size === 0) return null;
  const placementIds = [...once.values()].slice(0, MOST_NAMED).map(({ placementId }) => placementId);
  return { placementIds, count: once.size };
}

const REST_MS = 3_000;
const LONGEST_MS = 20_000;

/** How long to go on gathering: until nothing has come for a while, but not for ever. All times of a clock that never goes back. */
export function gatherMs({ firstAt, lastAt, now }: { firstAt: number; lastAt: number; now: number }): number {
  return Math.max(0, Math.min(lastAt + REST_MS, firstAt + LONGEST_MS) - now);
}
