import { create } from "zustand";
import type { Attachment, Draft, DraftContent } from "../../shared/contract/compose.ts";
import type { InputOf } from "../../shared/contract/table.ts";
import { asFailure, type FailureData } from "../../shared/failure.ts";
import type { DraftId } from "../../shared/ids.ts";
import { client } from "../client/engine.ts";
import type { SendCheck } from "./send-checks.ts";

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
  /** The moment chosen for a message that could not go yet because of `checks`. */
  readonly sendAt: number | null;
  /** Meant with it: the server is to keep it until then. */
  readonly holdAtServer: boolean;
  /** The server is to report what becomes of it. */
  readonly report: boolean;
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
  replaceComposer(key, (one) => ({ kind: "opening", key, shape: one.shape }));
  asked.then(
    (draft) => replaceComposer(key, (one) => opened(key, one.shape, draft)),
    (error: unknown) => replaceComposer(key, (one) => ({ kind: "failed", key, shape: one.shape, failure: asFailure(error).data(), again })),
  );
}

/** A composer of a draft as the engine has it. */
export function opened(key: number, shape: Shape, draft: Draft): OpenComposer {
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
    sendAt: null,
    holdAtServer: false,
    report: false,
  };
}

export function composerOf(key: number): OpenComposer | undefined {
  const found = useComposers.getState().composers.find((one) => one.key === key);
  return found?.kind === "open" ? found : undefined;
}

/** Puts another in the place of a composer; does nothing when it was closed meanwhile. */
export function replaceComposer(key: number, change: (one: Composer) => Composer): void {
  useComposers.setState(({ composers }) => ({ composers: composers.map((one) => (one.key === key ? change(one) : one)) }));
}

/** Changes an open composer; does nothing to one that was closed meanwhile. */
export function patchComposer(key: number, change: (one: OpenComposer) => Partial<OpenComposer>): void {
  replaceComposer(key, (one) => (one.kind === "open" ? { ...one, ...change(one) } : one));
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
