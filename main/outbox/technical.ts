import type { TimelineEvent } from "../../shared/contract/outbox.ts";
import type { StoredItem } from "../store/outbox.ts";

/** All that is known of a message on its way, for somebody who mends servers: English, times in UTC, no text of the message. */
export function technicalText(item: StoredItem, events: readonly TimelineEvent[], server: string | null): string {
  const iso = (at: number | null): string => (at === null ? "-" : new Date(at).toISOString());
  const lines = [
    `Message-ID: <${item.messageIdHeader}>`,
    `Envelope sender: <${item.fromAddress}>`,
    `Server: ${item.sentBy ?? item.server ?? server ?? "-"}`,
    `Held by the server: ${item.hold ?? "no"}, until ${iso(item.sendAt)}; encrypted lines only: ${item.requireTls ? "yes" : "no"}`,
    `Size: ${item.sizeBytes} bytes, SHA-256 ${item.rawHash}`,
    `State: ${item.state} (${item.stage}), attempts ${item.attempts}`,
    `Queued ${iso(item.createdAt)}, accepted ${iso(item.acceptedAt)}, filed ${iso(item.filedAt)}`,
    ...(item.failure === null ? [] : [`Last failure: ${item.failure.kind}/${item.failure.code} ${item.failure.serverWords ?? ""}`.trim()]),
    "",
    ...item.recipients.map(({ address, state, serverWords }) => `<${address}> ${state} ${serverWords}`.trim()),
    "",
    ...events.map(({ at, what, stage, code, words, server: over, insteadOf }) =>
      `${iso(at)} ${what} [${stage}] ${over ?? ""} ${insteadOf === null ? "" : `instead of ${insteadOf}`} ${code ?? ""} ${words.replaceAll("\n", " | ")}`
        .replaceAll(/ +/gu, " ")
        .trim(),
    ),
  ];
  return `${lines.join("\n")}\n`;
}
