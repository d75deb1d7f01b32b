import { create } from "zustand";
import type { AccountId, BulkId, DraftId } from "../../shared/ids.ts";

/** Which page fills the window. `account` is the wizard: null adds one, an id mends the sign-in or servers of that one. */
export type Route =
  | { page: "mail" }
  /** `only`: of what lies there, what waits for the user. */
  | { page: "outbox"; only?: "needsYou" }
  | { page: "drafts" }
  /** One message to each of many: prepared or sent, or of a draft whose recipients are to be chosen. */
  | { page: "bulk"; bulkId: BulkId }
  | { page: "bulk"; bulkId: null; draftId: DraftId; people: number }
  | { page: "attachments" }
  | { page: "journal" }
  | { page: "safety" }
  | { page: "health" }
  | { page: "settings"; section: string | null }
  | { page: "account"; accountId: AccountId | null };

export const useRoute = create<{ route: Route }>(() => ({ route: { page: "mail" } }));

export function goTo(route: Route): void {
  useRoute.setState({ route });
}
