import { create } from "zustand";
import type { DraftId } from "../../shared/ids.ts";

type Discarded = { ids: ReadonlySet<DraftId>; hide(id: DraftId): void; show(id: DraftId): void };

/** Drafts that were discarded while Undo still stands: the list leaves them out, the engine still has them. */
export const useDiscarded = create<Discarded>((set) => ({
  ids: new Set(),
  hide: (id) => set(({ ids }) => ({ ids: new Set([...ids, id]) })),
  show: (id) => set(({ ids }) => ({ ids: new Set([...ids].filter((one) => one !== id)) })),
}));
