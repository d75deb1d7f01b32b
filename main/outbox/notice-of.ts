import type { FailureData } from "../../shared/failure.ts";
import type { StoredItem } from "../store/outbox.ts";
import type { OutboxOptions } from "./options.ts";

/** Tells the user of one message. One of many is told of by its bulk, once for all of them. */
export function noticeOf(
  options: OutboxOptions,
  { id, subject, bulkId }: StoredItem,
  code: Parameters<OutboxOptions["notice"]>[0],
  failure: FailureData | null,
  more: Record<string, number> = {},
): void {
  if (bulkId === null) options.notice(code, { subject, item: id, ...more }, failure);
}
