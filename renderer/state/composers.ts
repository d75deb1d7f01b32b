import { create } from "zustand";
import type { Attachment, Draft, DraftContent } from "../../shared/contract/compose.ts";
import type { InputOf } from "../../shared/contract/table.ts";
import { asFailure, type FailureData } from "../../shared/failure.ts";
import type { AttachmentId, DraftId } from "../../shared/ids.ts";
import { client } from "../client/engine.ts";
import { useDiscarded } from "./discarded-drafts.ts";
import { checkBeforeSend, type SendCheck } from "./send-checks.ts";
import { showToast, toastFailure, UNDO_MS, useToasts } from "./toasts.ts";

/** A file on its way to the engine. */
export type Upload = {
  readonly key: number;
  readonly file: File;
  readonly inline: boolean;
  readonly sentBytes: number;
  readonly state: "waiting" | "running" | "failed";
  readonly failure: FailureData | null;
};

export type SaveState =
  | { readonly kind: "saved" }
  | { readonly kind: "dirty" }
  | { readonly kind: "saving" }
  | { readonly kind: "failed"; readonly failure: FailureData }
  /** Another window or computer saved a later one. */
  | { readonly kind: "conflict" }
  | { readonly kind: "gone" };

/** A message being written. */
export type OpenComposer = {
  readonly kind: "open";
  readonly key: number;
  readonly shape: Shape;
  readonly draft: Draft;
  readonly content: DraftContent;
  /** Grows when `content` was replaced from outside the editor, which then has to be built anew. */
  readonly contentVersion: number;
  readonly attachments: readonly Attachment[];
  readonly uploads: readonly Upload[];
  readonly save: SaveState;
  readonly savedAt: number | null;
  readonly touched: boolean;
  readonly sending: boolean;
  /** What Send found; the first is shown. */
  readonly checks: readonly SendCheck[];
  readonly sendFailure: FailureData | null;
};
export type Shape = "panel" | "full" | "minimised";

type Opening = { readonly kind: "opening"; readonly key: number; readonly shape: Shape };
type Failed = {
  readonly kind: "failed";
  readonly key: number;
  readonly shape: Shape;
  readonly failure: FailureData;
  readonly again: () => void;
};
export type Composer = OpenComposer | Opening | Failed;

/** All composers, the one opened or restored last at the end. */
export const useComposers = create<{ composers: readonly Composer[] }>(() => ({ composers: [] }));

/** How long the writer has to pause before the draft is saved, and how long saving waits at the most. */
const PAUSE_MS = 800;
const LONGEST_WAIT_MS = 6_000;

type Saving = { timer: ReturnType<typeof setTimeout> | undefined; dirtySince: number; running: Promise<void> | null };
const savings = new Map<number, Saving>();
let lastKey = 0;

/** Starts a message and shows its composer. */
export function startComposer(input: InputOf<"compose.start">): void {
  open((key) => load(key, client.request("compose.start", input), () => startAgain(key, input)));
}

function startAgain(key: number, input: InputOf<"compose.start">): void {
  load(key, client.request("compose.start", input), () => startAgain(key, input));
}

/** Shows the composer of a kept draft: the open one if there is one. */
export function openDraft(draftId: DraftId): void {
  const already = useComposers.getState().composers.find((one) => one.kind === "open" && one.draft.id === draftId);
  if (already) {
    setShape(already.key, "panel");
    return;
  }
  const read = (key: number): void => load(key, client.request("compose.open", { draftId }), () => read(key));
  open(read);
}

function open(read: (key: number) => void): void {
  lastKey += 1;
  const key = lastKey;
  useComposers.setState(({ composers }) => ({ composers: [...composers, { kind: "opening", key, shape: "panel" }] }));
  read(key);
}

function load(key: number, asked: Promise<Draft>, again: () => void): void {
  replace(key, (one) => ({ kind: "opening", key, shape: one.shape }));
  asked.then(
    (draft) => replace(key, (one) => opened(key, one.shape, draft)),
    (error: unknown) => replace(key, (one) => ({ kind: "failed", key, shape: one.shape, failure: asFailure(error).data(), again })),
  );
}

function opened(key: number, shape: Shape, draft: Draft): OpenComposer {
  return {
    kind: "open",
    key,
    shape,
    draft,
    content: draft.content,
    contentVersion: 0,
    attachments: draft.attachments,
    uploads: [],
    save: { kind: "saved" },
    savedAt: draft.revision > 0 && draft.savedAt > 0 ? draft.savedAt : null,
    touched: false,
    sending: false,
    checks: [],
    sendFailure: null,
  };
}

export function composerOf(key: number): OpenComposer | undefined {
  const found = useComposers.getState().composers.find((one) => one.key === key);
  return found?.kind === "open" ? found : undefined;
}

function replace(key: number, change: (one: Composer) => Composer): void {
  useComposers.setState(({ composers }) => ({ composers: composers.map((one) => (one.key === key ? change(one) : one)) }));
}

/** Changes an open composer; does nothing to one that was closed meanwhile. */
export function patchComposer(key: number, change: (one: OpenComposer) => Partial<OpenComposer>): void {
  replace(key, (one) => (one.kind === "open" ? { ...one, ...change(one) } : one));
}

/** Panel and full size come to the front; the last in the list is on top. */
export function setShape(key: number, shape: Shape): void {
  useComposers.setState(({ composers }) => {
    const found = composers.find((one) => one.key === key);
    if (!found) return { composers };
    const changed: Composer = { ...found, shape };
    if (shape === "minimised") return { composers: composers.map((one) => (one.key === key ? changed : one)) };
    return { composers: [...composers.filter((one) => one.key !== key), changed] };
  });
}

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
      replace(key, (now) => (now.kind === "open" ? { ...opened(key, now.shape, theirs), contentVersion: now.contentVersion + 1 } : now));
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
    remove(key);
    await client.request("compose.discard", { draftId: one.draft.id }).catch(toastFailure);
    return;
  }
  await saveNow(key);
  const after = composerOf(key);
  // Not saved: closing would lose it, so the composer stays and says why.
  if (after && after.save.kind !== "saved") return;
  remove(key);
}

function remove(key: number): void {
  clearTimeout(savings.get(key)?.timer);
  savings.delete(key);
  useComposers.setState(({ composers }) => ({ composers: composers.filter((one) => one.key !== key) }));
}

/** Closes the composer and takes its draft away, with Undo. */
export function discard(key: number): void {
  const one = composerOf(key);
  const saved = saveNow(key);
  remove(key);
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

/** Sends, once nothing stands in the way. `agreed`: questions the user has already answered with yes. */
export async function send(key: number, agreed: readonly SendCheck["kind"][] = [], atOnce = false): Promise<void> {
  const one = composerOf(key);
  if (!one || one.sending) return;
  const found = checkBeforeSend({
    content: one.content,
    attachments: one.attachments.length,
    uploading: one.uploads.some((upload) => upload.state !== "failed"),
  }).filter((check) => check.stops || !agreed.includes(check.kind));
  patchComposer(key, () => ({ checks: found, sendFailure: null }));
  if (found.length > 0) return;
  patchComposer(key, () => ({ sending: true }));
  await saveNow(key);
  const saved = composerOf(key);
  if (!saved) return;
  if (saved.save.kind !== "saved") {
    patchComposer(key, () => ({ sending: false }));
    return;
  }
  try {
    const sent = await client.request("compose.send", { draftId: saved.draft.id, revision: saved.draft.revision });
    remove(key);
    if (atOnce) await client.request("outbox.retry", { outboxId: sent.outboxId });
    toastSent(sent, saved.content.subject, atOnce);
  } catch (error) {
    patchComposer(key, () => ({ sending: false, sendFailure: asFailure(error).data() }));
  }
}

function toastSent(
  { outboxId, undoUntil }: { outboxId: InputOf<"outbox.edit">["outboxId"]; undoUntil: number },
  subject: string,
  atOnce: boolean,
): void {
  const left = atOnce ? 0 : undoUntil - Date.now();
  const key = subject === "" ? "compose:sentNoSubject" : "compose:sent";
  if (left <= 0) {
    showToast({ key, params: { subject }, icon: "sent", lastsMs: 4_000 });
    return;
  }
  const undo = (): void => {
    client.request("outbox.edit", { outboxId }).then(
      ({ draftId }) => openDraft(draftId),
      (error: unknown) => {
        const failure = asFailure(error);
        if (failure.code === "already-sending" || failure.code === "already-sent") showToast({ key: "compose:tooLate", icon: "sent" });
        else toastFailure(failure);
      },
    );
  };
  showToast({ key, params: { subject }, icon: "sent", lastsMs: left, action: { key: "compose:undo", run: undo } });
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

export function detach(key: number, attachmentId: AttachmentId): void {
  patchComposer(key, (one) => ({ attachments: one.attachments.filter((attachment) => attachment.id !== attachmentId), touched: true }));
  void client.request("compose.detach", { attachmentId }).catch(toastFailure);
}
