import { domainOf } from "../../shared/address.ts";
import type { PlacementId } from "../../shared/ids.ts";
import type { Reader } from "./database.ts";
import type { Store } from "./open.ts";
import { statement } from "./statement.ts";
import { messageHead } from "./views.ts";

const insertPermission = statement<{ scope: string; value: string }>(
  "INSERT INTO picture_permission (scope, value) VALUES (:scope, :value) ON CONFLICT DO NOTHING",
);
const selectPermission = statement<{ sender: string; domain: string }, { allowed: number }>(
  `SELECT 1 AS allowed FROM picture_permission
   WHERE (scope = 'sender' AND value = :sender) OR (scope = 'domain' AND value = :domain) LIMIT 1`,
);

const allPermissions = statement<Record<never, never>, { scope: "sender" | "domain"; value: string }>(
  "SELECT scope, value FROM picture_permission WHERE scope IN ('sender', 'domain') ORDER BY scope DESC, value",
);
const deletePermission = statement<{ scope: string; value: string }>(
  "DELETE FROM picture_permission WHERE scope = :scope AND value = :value",
);

/** Whose remote pictures may be shown, people before domains. */
export function rememberedPictures(reader: Reader): { scope: "sender" | "domain"; value: string }[] {
  return reader.all(allPermissions, {});
}

/** Their pictures are blocked again, in the mail that is here as well. */
export function forgetPictures(store: Store, scope: "sender" | "domain", value: string): void {
  store.db.write((tx) => tx.run(deletePermission, { scope, value }));
}

function senderOf(store: Store, placement: PlacementId): string {
  return messageHead(store, placement).from[0]?.address.toLowerCase() ?? "";
}

/** Whether the sender of this message, or its domain, may show remote pictures. */
export function picturesAllowed(store: Store, placement: PlacementId): boolean {
  const sender = senderOf(store, placement);
  return sender !== "" && store.db.get(selectPermission, { sender, domain: domainOf(sender) }) !== undefined;
}

/** Remembered for the sender of this message, or for everybody at its domain. */
export function allowPictures(store: Store, placement: PlacementId, scope: "sender" | "domain"): void {
  const sender = senderOf(store, placement);
  if (sender === "") return;
  store.db.write((tx) => tx.run(insertPermission, { scope, value: scope === "sender" ? sender : domainOf(sender) }));
}
