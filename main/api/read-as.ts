import type { OfferedCharset } from "../../shared/charsets.ts";
import { Failure } from "../../shared/failure.ts";
import type { MessageId, PlacementId } from "../../shared/ids.ts";
import { charsetVote } from "../store/charset-history.ts";
import { readPlacement } from "../store/placements.ts";
import { messagesBy, rawHashOf, rememberSenderCharset, writeReadAgain } from "../store/read-as.ts";
import { messageHead } from "../store/views.ts";
import type { Parts } from "./parts.ts";

/** Older mail than this by the same sender is read anew when it is chosen itself. */
const AMONG = 50_000;

/**
 * Reads a message in another charset, remembers that for its sender, and has all that is here by the sender read anew. The message itself is
 * done when this resolves; the others follow in the background.
 *
 * @throws Failure `message-gone`, `not-here-yet`
 */
export async function readAs(parts: Parts, placementId: PlacementId, charset: OfferedCharset | null): Promise<void> {
  const { store, log } = parts;
  const placement = readPlacement(store.db, placementId);
  if (placement === undefined) throw new Failure("message-gone");
  const sender = messageHead(store, placementId).from[0]?.address.toLowerCase() ?? "";
  await readAgain(parts, placement.messageId, charset);
  if (sender === "") return;
  rememberSenderCharset(store, sender, charset);
  theOthers(parts, sender, placement.messageId, charset).catch((error: unknown) => log.error("mail.not-read-again", error));
}

async function theOthers(parts: Parts, sender: string, done: MessageId, charset: OfferedCharset | null): Promise<void> {
  for (const id of await messagesBy(parts.store, sender, AMONG)) {
    if (id === done) continue;
    try {
      await readAgain(parts, id, charset);
    } catch (error) {
      // Gone or lost since it was listed: it is read when it comes again.
      if (!(error instanceof Failure) || error.code !== "not-here-yet") throw error;
    }
  }
}

async function readAgain({ store, pool, search, likelyCharsets }: Parts, id: MessageId, charset: OfferedCharset | null): Promise<void> {
  const hash = rawHashOf(store.db, id);
  if (hash === null) throw new Failure("not-here-yet");
  const read = await pool.again({ hash }, { chosen: charset ?? "", likely: likelyCharsets(), history: charsetVote(store.db, id) });
  // What cannot be parsed says nothing in any charset.
  if (!read.unreadable) writeReadAgain(store, id, charset, read);
  search.poke();
}
