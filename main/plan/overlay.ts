import { type Flag, type FlagBits, hasFlag, withFlag } from "../../shared/flags.ts";
import type { FolderId, OperationId, PlacementId } from "../../shared/ids.ts";

/** What an operation does to a message. `expunge` takes it away for good. */
export type PlacementChange =
  | { readonly kind: "flag"; readonly flag: Flag; readonly on: boolean }
  | { readonly kind: "move"; readonly toFolderId: FolderId }
  /** Of the copy itself, which stands in its folder without a number until the server has made it; `fromId` is what it is a copy of. */
  | {
      readonly kind: "copy";
      readonly toFolderId: FolderId;
      readonly fromId: PlacementId;
      /** The original lies in another account; `move`: it leaves its place when the copy is there. */
      readonly across?: "copy" | "move";
    }
  /**
   * Of the original of such a move: it goes from its account once its copy is known to be in the other one. `made` is the operation that makes it, as long as
   * this one is told as part of that.
   */
  | { readonly kind: "leave"; readonly toFolderId: FolderId; readonly copyId: PlacementId; readonly made?: OperationId }
  /** Puts a Gmail label on or takes it off; `folderId` is the folder that shows it. */
  | { readonly kind: "label"; readonly folderId: FolderId; readonly on: boolean }
  | { readonly kind: "expunge" }
  /** Puts what vanished from the server back on it. */
  | { readonly kind: "restore"; readonly toFolderId: FolderId };

/** The folder of what lies on no server: kept in the safety net. */
export const NOWHERE = 0 as FolderId;

/** Where a message lies and how it is flagged; `folderId` null = nowhere any more. */
export type Standing = { readonly folderId: FolderId | null; readonly flags: FlagBits };

/**
 * What is shown: the server's truth with the user's open operations on top, in the order in which they were made.
 *
 * A message that carries \Deleted is shown nowhere, whoever set it: expunging it is another matter.
 */
export function overlay(truth: Standing, open: readonly PlacementChange[]): Standing {
  let { flags } = truth;
  let folderId = truth.folderId === NOWHERE ? null : truth.folderId;
  for (const change of open) {
    if (change.kind === "flag") flags = withFlag(flags, change.flag, change.on);
    else if (change.kind === "expunge" || change.kind === "leave") folderId = null;
    else if (change.kind === "restore") folderId = change.toFolderId;
    else if (change.kind === "move" && folderId !== null) folderId = change.toFolderId;
  }
  return { folderId: hasFlag(flags, "deleted") ? null : folderId, flags };
}
