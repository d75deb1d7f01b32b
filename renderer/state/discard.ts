import type { DraftId } from "../../shared/ids.ts";
import { client } from "../client/engine.ts";
import { removeComposer, saveNow } from "./composer-saving.ts";
import { composerOf, openDraft } from "./composers.ts";
import { useDiscarded } from "./discarded-drafts.ts";
import { showToast, toastFailure, UNDO_MS, useToasts } from "./toasts.ts";

/** Closes the composer and takes its draft away, with Undo. */
export function discard(key: number): void {
  const one = composerOf(key);
  const saved = saveNow(key);
  removeComposer(key);
  if (one) discardDraft(one.draft.id, saved);
}

/**
 * Takes a draft away, with Undo. The engine hears of it only when the toast has gone, so that a crash in between keeps the
 * draft rather than losing it.
 *
 * @param saved resolves when the last words are with the engine, before which Undo must not read them back
 */
export function discardDraft(draftId: DraftId, saved: Promise<void> = Promise.resolve()): void {
  const { hide, show } = useDiscarded.getState();
  hide(draftId);
  let undone = false;
  const undo = (): void => {
    undone = true;
    show(draftId);
    void saved.then(() => openDraft(draftId));
  };
  const toastId = showToast({ key: "compose:discarded", icon: "delete", lastsMs: UNDO_MS, action: { key: "compose:undo", run: undo } });
  const stop = useToasts.subscribe(({ current }) => {
    if (current?.id === toastId) return;
    stop();
    // The button's own deed runs in the same turn as the toast goes.
    setTimeout(() => {
      if (undone) return;
      void client
        .request("compose.discard", { draftId })
        .catch(toastFailure)
        .finally(() => show(draftId));
    });
  });
}
