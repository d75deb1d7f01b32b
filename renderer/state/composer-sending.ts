import type { InputOf, OutputOf } from "../../shared/contract/table.ts";
import { asFailure } from "../../shared/failure.ts";
import { client } from "../client/engine.ts";
import { formatAhead } from "../i18n/format.ts";
import { removeComposer, saveNow } from "./composer-saving.ts";
import { composerOf, openDraft, patchComposer } from "./composers.ts";
import { isOffline, useHealth } from "./health.ts";
import { domainsWithoutMail } from "./mail-domains.ts";
import { checkBeforeSend, type SendCheck } from "./send-checks.ts";
import { showToast, toastFailure } from "./toasts.ts";

/** Whether servers are asked to tell what became of the message (RFC 3461). */
export function askForReport(key: number, on: boolean): void {
  patchComposer(key, () => ({ report: on }));
}

/**
 * `agreed`: what the writer was asked about and wants so; `atOnce`: without the time to undo; `sendAt`: not before this moment; `holdAtServer`: the
 * server gets it now and keeps it until then.
 */
export type SendHow = {
  readonly agreed?: readonly SendCheck["kind"][];
  readonly atOnce?: boolean;
  readonly sendAt?: number | null;
  readonly holdAtServer?: boolean;
};

type Offers = OutputOf<"outbox.offers">["offers"];

/** What the sending server of an account offered last; null when that is not known. */
export async function offersOf(accountId: InputOf<"outbox.offers">["accountId"]): Promise<Offers> {
  return (await client.request("outbox.offers", { accountId })).offers;
}

/** Whether the server keeps a message until `at`, ms UTC, as far as it said (RFC 4865). */
export function canHold(offers: Offers, at: number, now: number): boolean {
  const hold = offers?.hold ?? null;
  return hold !== null && at - now <= hold.longestMs && at <= hold.until;
}

/** Sends, once nothing stands in the way. */
export async function send(key: number, { agreed = [], atOnce = false, sendAt = null, holdAtServer = false }: SendHow = {}): Promise<void> {
  const one = composerOf(key);
  if (!one || one.sending) return;
  const found = checkBeforeSend({
    content: one.content,
    attachments: one.attachments.length,
    uploading: one.uploads.some((upload) => upload.state !== "failed"),
    withoutMail: domainsWithoutMail(),
  }).filter((check) => check.stops || !agreed.includes(check.kind));
  // Whoever is asked first means the same moment afterwards.
  patchComposer(key, () => ({ checks: found, sendFailure: null, sendAt, holdAtServer }));
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
    const sent = await client.request("compose.send", {
      draftId: saved.draft.id,
      revision: saved.draft.revision,
      sendAt,
      holdAtServer,
      report: saved.report,
    });
    removeComposer(key);
    if (sendAt !== null) return toastLater(sent.outboxId, sendAt, holdAtServer);
    if (atOnce) await client.request("outbox.retry", { outboxId: sent.outboxId });
    toastSent(sent, saved.content.subject, atOnce);
  } catch (error) {
    patchComposer(key, () => ({ sending: false, sendFailure: asFailure(error).data() }));
  }
}

function toastLater(outboxId: InputOf<"outbox.edit">["outboxId"], sendAt: number, holdAtServer: boolean): void {
  const undo = (): void => void client.request("outbox.edit", { outboxId }).then(({ draftId }) => openDraft(draftId), toastFailure);
  const params = { when: formatAhead(sendAt, Date.now()) };
  const key = holdAtServer ? "sending:later.toastHeld" : "sending:later.toast";
  showToast({ key, params, icon: "sent", lastsMs: 8_000, action: { key: "compose:undo", run: undo } });
}

function toastSent(
  { outboxId, undoUntil }: { outboxId: InputOf<"outbox.edit">["outboxId"]; undoUntil: number },
  subject: string,
  atOnce: boolean,
): void {
  const left = atOnce ? 0 : undoUntil - Date.now();
  const stem = isOffline(useHealth.getState().status) ? "compose:sentOffline" : "compose:sent";
  const key = subject === "" ? `${stem}NoSubject` : stem;
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
