import { create } from "zustand";
import type { BulkSummary } from "../../shared/contract/bulk.ts";
import type { OutboxItem, TimelineEvent } from "../../shared/contract/outbox.ts";
import type { InputOf } from "../../shared/contract/table.ts";
import { asFailure, type FailureData } from "../../shared/failure.ts";
import type { OutboxId } from "../../shared/ids.ts";
import { client } from "../client/engine.ts";
import { openDraft } from "./composers.ts";
import { confirmed } from "./lock.ts";
import { saveFrom } from "./save-from.ts";
import { showToast, toastFailure } from "./toasts.ts";

type Outbox = {
  items: readonly OutboxItem[];
  bulks: readonly BulkSummary[];
  paused: boolean;
  loaded: boolean;
  failure: FailureData | null;
};

export const useOutbox = create<Outbox>(() => ({ items: [], bulks: [], paused: false, loaded: false, failure: null }));

export function readOutbox(): void {
  client.request("outbox.list", {}).then(
    (list) => useOutbox.setState({ ...list, loaded: true, failure: null }),
    (error: unknown) => useOutbox.setState({ failure: asFailure(error).data() }),
  );
}

/** Keeps the page true while it is on the screen. */
export function followOutbox(): () => void {
  const stops = [client.onConnect(readOutbox), client.on("outbox.changed", readOutbox)];
  return () => {
    for (const stop of stops) stop();
  };
}

export function pauseSending(paused: boolean): void {
  useOutbox.setState({ paused });
  client.request("outbox.pause", { paused }).catch((error: unknown) => {
    useOutbox.setState({ paused: !paused });
    toastFailure(error);
  });
}

/** It was to go over encrypted lines only; the user does without. */
export function sendWithoutTls(outboxId: OutboxId): void {
  client.request("outbox.withoutTls", { outboxId }).then(readOutbox, toastRefused);
}

export function sendNow(outboxId: OutboxId): void {
  client.request("outbox.retry", { outboxId }).then(readOutbox, toastRefused);
}

/** Back into a composer. */
export function editAgain(outboxId: OutboxId): void {
  client.request("outbox.edit", { outboxId }).then(({ draftId }) => {
    readOutbox();
    openDraft(draftId);
  }, toastRefused);
}

export function cancelSending(outboxId: OutboxId, subject: string): void {
  client.request("outbox.cancel", { outboxId }).then(({ draftId }) => {
    readOutbox();
    if (draftId === null) return;
    showToast({
      key: "outbox:backInDrafts",
      params: { subject },
      icon: "sent",
      action: { key: "outbox:openDraft", run: () => openDraft(draftId) },
    });
  }, toastRefused);
}

export function resolveUnknown(outboxId: OutboxId, decision: InputOf<"outbox.resolve">["decision"]): void {
  client.request("outbox.resolve", { outboxId, decision }).then(readOutbox, toastRefused);
}

export function fileCopy(outboxId: OutboxId, how: InputOf<"outbox.file">["how"]): void {
  client.request("outbox.file", { outboxId, how }).then(readOutbox, toastRefused);
}

/** What happened to it so far; what cannot be read is left out. */
export function readHistory(outboxId: OutboxId, found: (events: readonly TimelineEvent[]) => void): void {
  client.request("outbox.timeline", { outboxId }).then(({ events }) => found(events), toastFailure);
}

export function copyTechnical(outboxId: OutboxId): void {
  client
    .request("outbox.timeline", { outboxId })
    .then(({ technical }) => navigator.clipboard.writeText(technical))
    .then(() => showToast({ key: "sending:history.copied", icon: "info", lastsMs: 3_000 }), toastFailure);
}

/** As a file, once the PIN was given where there is one. */
export function saveMessage(outboxId: OutboxId): void {
  confirmed(() => client.request("outbox.source", { outboxId })).then((found) => found && saveFrom(found.url), toastFailure);
}

export function duplicate(outboxId: OutboxId): void {
  client.request("outbox.duplicate", { outboxId }).then(({ draftId }) => openDraft(draftId), toastFailure);
}

export function dismiss(outboxId: OutboxId): void {
  client.request("outbox.dismiss", { outboxId }).then(readOutbox, toastRefused);
}

function toastRefused(error: unknown): void {
  const failure = asFailure(error);
  readOutbox();
  if (failure.code === "already-sending" || failure.code === "already-sent") {
    showToast({ key: `outbox:refused.${failure.code}`, icon: "failure", lastsMs: null });
  } else toastFailure(failure);
}
