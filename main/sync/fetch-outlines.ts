import { asFailure } from "../../shared/failure.ts";
import type { PlacementId } from "../../shared/ids.ts";
import { type Described, describeMessages, fetchFront, fetchSections } from "../imap/fetch-outline.ts";
import { ensureFolder } from "../imap/select-folder.ts";
import type { Session } from "../imap/session.ts";
import { formatUidSet } from "../imap/uid-set.ts";
import type { IndexText } from "../mime/index-text.ts";
import { partsToChooseFrom } from "../mime/told-parts.ts";
import { buildOutline, leavesOf, planOutline } from "../plan/outline.ts";
import { reactionTo } from "../plan/reaction.ts";
import type { StoredFolder } from "../store/folders.ts";
import type { MissingOutline } from "../store/missing-bodies.ts";
import { type ArrivedOutline, ingestOutlines } from "../store/outlines.ts";
import { type KnownPart, knownParts } from "../store/views.ts";
import type { AccountWork, ArrivedOutlineBody } from "./account-work.ts";
import type { OutlineOf } from "./parse-jobs.ts";

/** What is fetched of a message whose structure tells nothing: its header and the first words. */
const FRONT_BYTES = 256 * 1024;
/** Where there is a limit for what is kept here the words come, and little else. */
const MOST_WHERE_LIMITED = 256 * 1024;

/**
 * Fetches of large messages of one folder what can be read, into the store.
 * @param onBroken hears which message was being fetched when the line broke
 * @returns those of which nothing came
 */
export async function fetchOutlines(
  work: AccountWork,
  session: Session,
  folder: StoredFolder,
  wanted: readonly MissingOutline[],
  onBroken: (culprit: PlacementId) => void,
): Promise<MissingOutline[]> {
  const selected = await ensureFolder(session, folder.path, "read");
  if (selected.uidValidity !== folder.uidValidity) return [...wanted];
  const described = await unlessRefused(() => describeMessages(session, formatUidSet(wanted.map(({ uid }) => uid))), []);
  const unmet: MissingOutline[] = [];
  for (const one of wanted) {
    try {
      const outline = await fetchOutline(
        work,
        session,
        one,
        described.find(({ uid }) => uid === one.uid),
      );
      if (outline === null) unmet.push(one);
      else take(work, outline);
    } catch (error) {
      onBroken(one.placementId);
      throw error;
    }
  }
  return unmet;
}

type Fetched = { readonly outline: ArrivedOutline; readonly text: IndexText; readonly sizeBytes: number };

async function fetchOutline(
  work: AccountWork,
  session: Session,
  { placementId, uid, sizeBytes, largestBytes }: MissingOutline,
  described: Described | undefined,
): Promise<Fetched | null> {
  const known = knownParts(work.store, placementId);
  const root = described?.structure ? partsToChooseFrom(described.structure) : null;
  if (described !== undefined && root !== null) {
    const plan = planOutline(root, work.room.now === null ? largestBytes : Math.min(largestBytes, MOST_WHERE_LIMITED));
    const sections = await unlessRefused(() => fetchSections(session, described, root, plan), null);
    const pieces = sections === null ? null : buildOutline(root, plan, sections);
    const parts = leavesOf(root).map(({ number, type }) => ({ number, type }));
    const body = pieces === null ? null : await arrive(work, pieces, { parts });
    if (body !== null) {
      const sized = body.parts.map((part) => ({ ...part, sizeBytes: plan.left.get(part.part) ?? part.sizeBytes }));
      return fetched(placementId, { ...body, parts: sized }, [...plan.left.keys()]);
    }
  }
  const front = await fetchFront(session, uid, FRONT_BYTES);
  if (front === null || front.byteLength === 0) return null;
  const body = await arrive(work, [front], { parts: null });
  if (body === null) return null;
  const parts = withKnown(body.parts, known, body.cut, Math.max(0, sizeBytes - front.byteLength));
  const there = new Set(body.parts.map(({ part }) => part));
  return fetched(placementId, { ...body, parts }, [body.cut, ...known.map(({ part }) => part).filter((part) => !there.has(part))]);
}

/** The files of the first bytes, and behind them what the server told of when the message was listed. */
function withKnown(found: readonly KnownPart[], known: readonly KnownPart[], cut: string, restBytes: number): KnownPart[] {
  const before = new Map(known.map((part) => [part.part, part]));
  const numbers = new Set(found.map(({ part }) => part));
  const parts = found.map((part) => (part.part === cut ? { ...part, sizeBytes: before.get(cut)?.sizeBytes ?? restBytes } : part));
  return [...parts, ...known.filter(({ part }) => !numbers.has(part))];
}

function fetched(placementId: PlacementId, body: ArrivedOutlineBody, left: readonly string[]): Fetched {
  return {
    outline: { placementId, body: { ...body, hasAttachment: body.parts.some(({ inline }) => !inline) }, left },
    text: body.indexText,
    sizeBytes: body.sizeBytes,
  };
}

function arrive(work: AccountWork, pieces: readonly Uint8Array[], outline: OutlineOf): Promise<ArrivedOutlineBody | null> {
  const sizeBytes = pieces.reduce((sum, piece) => sum + piece.byteLength, 0);
  // Owned by the parse pool from here on.
  const bytes = work.parsePool.memoryFor(sizeBytes);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.byteLength;
  }
  return unlessLacking(() => work.parsePool.arriveOutline({ bytes, durable: false, account: work.accountId }, outline));
}

function take(work: AccountWork, { outline, text, sizeBytes }: Fetched): void {
  const { store, governor, round } = work;
  const [messageId] = ingestOutlines(store, [outline]);
  governor.arrived(sizeBytes, 1);
  round.came(1, sizeBytes);
  if (messageId !== undefined) work.onIndexText?.([{ messageId, text }]);
  work.progressed();
}

/** A server that does not understand the question is asked another one. */
async function unlessRefused<T, N>(ask: () => Promise<T>, otherwise: N): Promise<T | N> {
  try {
    return await ask();
  } catch (error) {
    const failure = asFailure(error);
    if (failure.kind !== "refused" || reactionTo(failure, false) !== "skip-task") throw error;
    return otherwise;
  }
}

async function unlessLacking<T>(read: () => Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if (asFailure(error).code === "part-gone") return null;
    throw error;
  }
}
