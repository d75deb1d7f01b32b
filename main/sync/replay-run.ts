import type { FolderId, OperationId } from "../../shared/ids.ts";
import type { Session } from "../imap/session.ts";
import type { StoredFolder } from "../store/folders.ts";
import type { PendingOperation } from "../store/operations.ts";
import type { AccountWork } from "./account-work.ts";
import type { TreeLook } from "./replay-tree.ts";

/** One run over the waiting operations. */
export type Replay = {
  readonly work: AccountWork;
  readonly session: Session;
  readonly folders: ReadonlyMap<FolderId, StoredFolder>;
  readonly operations: ReadonlyMap<OperationId, PendingOperation>;
  /** Folders in which something has been changed: the next look at them learns the new mod-sequence. */
  readonly touched: Set<FolderId>;
  readonly tree: TreeLook;
  /** Folders where something may have arrived by a step that failed: nothing goes there before it was looked for. */
  readonly inDoubt: Set<FolderId>;
};

/** The plan speaks of plain numbers. */
export const idsOf = (ids: readonly number[]): OperationId[] => [...ids] as OperationId[];
