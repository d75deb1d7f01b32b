import type { DraftContent } from "../../shared/contract/compose.ts";
import { asFailure, type FailureData } from "../../shared/failure.ts";
import { client } from "../client/engine.ts";
import { composerOf, type OpenComposer, opened, patchComposer, replaceComposer, type SaveState, useComposers } from "./composers.ts";
import { toastFailure } from "./toasts.ts";

/** How long the writer has to pause before the draft is saved, and how long saving waits at the most. */
const PAUSE_MS = 800;
const LONGEST_WAIT_MS = 6_000;

type Saving = { timer: ReturnType<typeof setTimeout> | undefined; dirtySince: number; running: Promise<void> | null };
const savings = new Map<number, Saving>();

/** Takes over what the user did and saves it at the next pause. */
export function edit(key: number, change: Partial<DraftContent>): void {
  patchComposer(key, (one) => ({
    content: { ...one.content, ...change },
    touched: true,
    save: one.save.kind === "conflict" || one.save.kind === "gone" ? one.save : { kind: "dirty" },
    checks: [],
  }));
  schedule(key);
}

function savingOf(key: number): Saving {
  const known = savings.get(key);
  if (known) return known;
  const fresh: Saving = { timer: undefined, dirtySince: 0, running: null };
  savings.set(key, fresh);
  return fresh;
}

function schedule(key: number): void {
  const saving = savingOf(key);
  const now = Date.now();
  if (saving.dirtySince === 0) saving.dirtySince = now;
  clearTimeout(saving.timer);
  const wait = Math.max(0, Math.min(PAUSE_MS, saving.dirtySince + LONGEST_WAIT_MS - now));
  saving.timer = setTimeout(() => void saveNow(key), wait);
}

/** Saves what is not saved yet and waits for it. Never throws: how it went is in the composer's `save`. */
export async function saveNow(key: number): Promise<void> {
  const saving = savingOf(key);
  clearTimeout(saving.timer);
  if (saving.running) await saving.running;
  const one = composerOf(key);
  if (!one || (one.save.kind !== "dirty" && one.save.kind !== "failed")) return;
  saving.dirtySince = 0;
  saving.running = write(one).finally(() => {
    saving.running = null;
  });
  await saving.running;
}

async function write(one: OpenComposer): Promise<void> {
  patchComposer(one.key, () => ({ save: { kind: "saving" } }));
  try {
    const { revision, savedAt } = await client.request("compose.save", {
      draftId: one.draft.id,
      revision: one.draft.revision,
      content: one.content,
    });
    patchComposer(one.key, (now) => ({
      draft: { ...now.draft, revision },
      savedAt,
      // Typing went on while this was under way: the next pause saves the rest.
      save: now.save.kind === "saving" ? { kind: "saved" } : now.save,
    }));
  } catch (error) {
    const failure = asFailure(error).data();
    patchComposer(one.key, () => ({ save: saveFailed(failure) }));
  }
}

function saveFailed(failure: FailureData): SaveState {
  if (failure.code === "draft-changed") return { kind: "conflict" };
  if (failure.code === "draft-gone") return { kind: "gone" };
  return { kind: "failed", failure };
}

/** Settles a conflict: what is here wins, the other wins, or what is here becomes a draft of its own. */
export async function settle(key: number, choice: "mine" | "theirs" | "copy"): Promise<void> {
  const one = composerOf(key);
  if (!one) return;
  try {
    if (choice === "copy") {
      const fresh = await client.request("compose.start", { kind: "new", accountId: one.draft.accountId });
      patchComposer(key, (now) => ({
        draft: fresh,
        attachments: fresh.attachments,
        content: { ...now.content, includeQuote: false },
        save: { kind: "dirty" },
      }));
      await saveNow(key);
      return;
    }
    const theirs = await client.request("compose.open", { draftId: one.draft.id });
    if (choice === "theirs") {
      replaceComposer(key, (now) =>
        now.kind === "open" ? { ...opened(key, now.shape, theirs), contentVersion: now.contentVersion + 1 } : now,
      );
      return;
    }
    patchComposer(key, () => ({ draft: theirs, attachments: theirs.attachments, save: { kind: "dirty" } }));
    await saveNow(key);
  } catch (error) {
    toastFailure(error);
  }
}

/** Closes the composer. What was written stays a draft; a message that was never touched leaves nothing behind. */
export async function closeComposer(key: number): Promise<void> {
  const one = composerOf(key);
  if (one && !one.touched && one.draft.revision === 0 && one.attachments.length === 0) {
    removeComposer(key);
    await client.request("compose.discard", { draftId: one.draft.id }).catch(toastFailure);
    return;
  }
  await saveNow(key);
  const after = composerOf(key);
  // Not saved: closing would lose it, so the composer stays and says why.
  if (after && after.save.kind !== "saved") return;
  removeComposer(key);
}

/** Takes the composer from the screen, whatever its draft. */
export function removeComposer(key: number): void {
  clearTimeout(savings.get(key)?.timer);
  savings.delete(key);
  useComposers.setState(({ composers }) => ({ composers: composers.filter((one) => one.key !== key) }));
}

/** Keeps what is on the screen when the window goes away in the middle of a sentence. */
export function saveAllOnLeave(): () => void {
  const save = (): void => {
    for (const one of useComposers.getState().composers) if (one.kind === "open") void saveNow(one.key);
  };
  const hidden = (): void => {
    if (document.visibilityState === "hidden") save();
  };
  window.addEventListener("pagehide", save);
  document.addEventListener("visibilitychange", hidden);
  return () => {
    window.removeEventListener("pagehide", save);
    document.removeEventListener("visibilitychange", hidden);
  };
}
