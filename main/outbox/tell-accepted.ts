import { asFailure } from "../../shared/failure.ts";
import type { StoredItem } from "../store/outbox.ts";
import { noticeOf } from "./notice-of.ts";
import type { OutboxOptions } from "./options.ts";

/** Once a server has taken a message: the user hears it, its people are remembered, its original is flagged. Nothing of it can undo that. */
export function tellAccepted(options: OutboxOptions, item: StoredItem): void {
  const { hold, sendAt } = item;
  if (hold === "asked" && sendAt !== null && sendAt > options.clock()) noticeOf(options, item, "message-scheduled", null, { at: sendAt });
  else noticeOf(options, item, "message-sent", null);
  try {
    options.noteWritten?.([...item.to, ...item.cc, ...item.bcc], item.acceptedAt ?? options.clock());
    if (item.answers) options.markOriginal?.(item.answers);
  } catch (error) {
    // The original may be gone, or the disk full: the message went out all the same.
    options.log.warn("outbox.original-not-marked", { item: item.id, code: asFailure(error).code });
  }
}
