import type { MessageWhy } from "../../shared/contract/why.ts";
import { asFailure, Failure } from "../../shared/failure.ts";
import type { PlacementId } from "../../shared/ids.ts";
import { whyNotKept } from "../plan/offline.ts";
import { tiedBySubject } from "../plan/threads.ts";
import { charsetVote } from "../store/charset-history.ts";
import { conversationByServer, earlierSubjects } from "../store/conversations.ts";
import { extentsOf } from "../store/offline.ts";
import { homeOf, readPlacement } from "../store/placements.ts";
import { readAsOf } from "../store/read-as.ts";
import type { StoredPlacement } from "../store/stored-placement.ts";
import { messageHead } from "../store/views.ts";
import type { ReadAgain } from "../sync/parse-jobs.ts";
import type { Parts } from "./parts.ts";
import { hintsFor, whileHere } from "./reading.ts";
import type { Handlers } from "./serve.ts";

export function whyHandlers(parts: Parts): Pick<Handlers, "mail.why"> {
  return { "mail.why": ({ placementId }) => why(parts, placementId) };
}

/** What was decided about a message without the user. Found out when it is asked for: what nobody asks for costs nothing. */
async function why(parts: Parts, placementId: PlacementId): Promise<MessageWhy> {
  const { store } = parts;
  const placement = readPlacement(store.db, placementId);
  if (placement === undefined) throw new Failure("message-gone");
  if (placement.here === 0) return { charset: null, conversation: null, notKept: notKept(parts, placement) };
  const read = await readAgain(parts, placementId);
  if (read === null) return { charset: null, conversation: null, notKept: null };
  return { charset: charsetOf(parts, placement, read), conversation: conversationOf(parts, placement, read), notKept: null };
}

/** Null when its file turns out not to be here: that is said in its place. */
async function readAgain(parts: Parts, placementId: PlacementId): Promise<ReadAgain | null> {
  try {
    return await whileHere(parts, placementId, (place) => parts.pool.again(place, hintsFor(parts, placementId)));
  } catch (error) {
    if (asFailure(error).code === "not-here-yet") return null;
    throw error;
  }
}

function charsetOf({ store }: Parts, { messageId }: StoredPlacement, { heard }: ReadAgain): MessageWhy["charset"] {
  // What the user chose is no decision of ours.
  if (readAsOf(store.db, messageId) !== null) return null;
  const { unsure, sure } = heard;
  if (unsure !== null) return { charset: unsure, by: charsetVote(store.db, messageId) === unsure ? "sender" : "likely" };
  return sure === null ? null : { charset: sure, by: "certain" };
}

function conversationOf({ store }: Parts, placement: StoredPlacement, read: ReadAgain): MessageWhy["conversation"] {
  const { conversationId, messageId } = placement;
  if (read.inReplyTo !== null || read.references.length > 0) return null;
  const earlier = earlierSubjects(store.db, conversationId, messageId);
  if (!tiedBySubject(read.subject, earlier)) return null;
  return conversationByServer(store.db, conversationId) ? "server" : "subject";
}

function notKept({ store }: Parts, placement: StoredPlacement): MessageWhy["notKept"] {
  const { folderId } = homeOf(store.db, placement);
  const { accountId, receivedAt, sizeBytes } = messageHead(store, placement.id);
  const extent = extentsOf(store, accountId).get(folderId);
  return extent === undefined ? null : whyNotKept(extent, { receivedAt, sizeBytes });
}
