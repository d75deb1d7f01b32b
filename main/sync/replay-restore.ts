import { FLAGS, hasFlag, imapFlag } from "../../shared/flags.ts";
import { limitBelow } from "../imap/append-limit.ts";
import { appendMessage } from "../imap/append-message.ts";
import { readStatuses } from "../imap/folder-status.ts";
import { type Candidate, candidatesFrom, findByMessageId } from "../imap/search-uids.ts";
import { keepsFlag, type Selected } from "../imap/select-folder.ts";
import { sourceOf } from "../line/byte-source.ts";
import { recogniseAll, type StepItem } from "../plan/replay.ts";
import { readBlob } from "../store/blobs.ts";
import type { StoredFolder } from "../store/folders.ts";
import { markAttempted, markDone, markParked, markRefused, type PendingOperation } from "../store/operations.ts";
import { idsOf, type Replay } from "./replay-run.ts";

/**
 * Puts messages of the safety net back into a folder, with their dates and flags. APPEND must not be repeated, so each is looked for first: by
 * its Message-ID, and after a try that was cut off among all that came since.
 */
export async function restoreMessages(replay: Replay, items: readonly StepItem[], folder: StoredFolder, selected: Selected): Promise<void> {
  for (const { ids } of items) {
    for (const id of idsOf(ids)) {
      const operation = replay.operations.get(id);
      if (operation !== undefined) await restoreOne(replay, operation, folder, selected);
    }
  }
}

async function restoreOne(replay: Replay, operation: PendingOperation, folder: StoredFolder, selected: Selected): Promise<void> {
  const { session, work } = replay;
  const { id, rawHash, receivedAt } = operation;
  const bytes = rawHash === null ? null : await readBlob(work.store.blobs.dir, rawHash);
  if (bytes === null) return markRefused(work.store, [id], "", "no-bytes");
  const seen = await candidates(replay, operation, selected);
  // Too many have come since to look through them, and nobody appends on a guess.
  if (seen === null) return markParked(work.store, [id], "ambiguous");
  const sought = { ...operation, emailId: null };
  const there = recogniseAll([sought], seen).get(sought) ?? null;
  // Of several copies it does not matter which: the listing of the folder decides.
  if (there === "ambiguous") return markDone(work.store, id, null);
  if (there !== null) return markDone(work.store, id, { uidValidity: selected.uidValidity, uid: there });
  const limitBytes = await limitBelow(session, folder.path, bytes.length);
  if (limitBytes !== null) return markRefused(work.store, [id], "", "too-large", limitBytes);
  const status = (await readStatuses(session, [folder.path])).get(folder.path);
  if (!status) return;
  if (!markAttempted(work.store, [id], { by: "append", uidNext: status.uidNext, uidValidity: status.uidValidity }).has(id)) return;
  markDone(
    work.store,
    id,
    await appendMessage(session, folder.path, { source: sourceOf(bytes), receivedAt, flags: flagsOf(operation, selected) }),
  );
  work.log.info("replay.restored", { folder: folder.id });
}

async function candidates({ session }: Replay, operation: PendingOperation, selected: Selected): Promise<Candidate[] | null> {
  const { messageIdHeader } = operation;
  const attempt = readAttempt(operation.attempt);
  const byId = messageIdHeader === null ? [] : await findByMessageId(session, messageIdHeader);
  const since = attempt?.uidValidity === selected.uidValidity ? await candidatesFrom(session, attempt.uidNext) : [];
  if (since === null) return byId.length > 0 ? byId : null;
  return [...new Map([...byId, ...since].map((one) => [one.uid, one])).values()];
}

/** What a try that was cut off had found in the folder. */
function readAttempt(value: unknown): { uidNext: number; uidValidity: number } | null {
  if (typeof value !== "object" || value === null) return null;
  const uidNext: unknown = Reflect.get(value, "uidNext");
  const uidValidity: unknown = Reflect.get(value, "uidValidity");
  return typeof uidNext === "number" && typeof uidValidity === "number" ? { uidNext, uidValidity } : null;
}

/** As it had them, as far as the folder keeps such flags. */
export function flagsOf({ flags, keywords }: PendingOperation, selected: Selected): string[] {
  const names = FLAGS.filter((flag) => flag !== "deleted" && hasFlag(flags, flag)).map(imapFlag);
  // The store wrote it itself.
  const own = (JSON.parse(keywords) as string[]).filter((name) => !names.includes(name));
  return [...names, ...own].filter((name) => keepsFlag(selected, name));
}
