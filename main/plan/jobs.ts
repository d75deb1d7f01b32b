import { folderRank } from "./sync.ts";

/** What the jobs of one account are chosen from. */
export type Board = {
  /** Operations wait for the server. */
  readonly operations: boolean;
  /** All folders are to be looked at (LIST with STATUS). */
  readonly round: boolean;
  readonly folders: readonly BoardFolder[];
  /** The user waits for bodies. */
  readonly asked: boolean;
  /** Large messages cannot be read yet that will stay on the server. */
  readonly outlines: boolean;
  /** Bodies are missing. */
  readonly missing: boolean;
  readonly bytesPerSecond: number | null;
};

export type BoardFolder = {
  readonly id: number;
  readonly role: string;
  /** Something about it differs from what is known. */
  readonly dirty: boolean;
  /** Listed from the newest down to here; null = not begun, 1 = done. */
  readonly headersDownTo: number | null;
  /** Another connection is at it. */
  readonly busy: boolean;
  /** It is to be complete before the others. */
  readonly first?: boolean;
};

export type Job =
  | { readonly kind: "operations" }
  | { readonly kind: "round" }
  | { readonly kind: "folder"; readonly folderId: number }
  | { readonly kind: "older"; readonly folderId: number }
  | { readonly kind: "outlines" }
  /** `probe`: a few, to learn how fast the line is. */
  | { readonly kind: "bodies"; readonly asked: boolean; readonly probe: boolean };

/**
 * What one connection should do next. The user comes first: what was opened and is not here comes in, what was done here goes out, the
 * inbox is looked at before the rest, and only then the account is completed: all lists, then all bodies.
 *
 * @param lane the `helper` only brings mail; one connection alone changes things and keeps the folder list
 */
export function planJob(board: Board, lane: "work" | "helper"): Job | null {
  const folders = [...board.folders].filter(({ busy }) => !busy).sort(inOrder);
  // Somebody sits before it and waits.
  if (board.asked) return { kind: "bodies", asked: true, probe: false };
  if (lane === "work") {
    if (board.operations) return { kind: "operations" };
    if (board.round) return { kind: "round" };
    const inbox = folders.find(({ role, dirty }) => role === "inbox" && dirty);
    if (inbox) return { kind: "folder", folderId: inbox.id };
  }
  // How fast the line is decides how the rest is listed; the newest of the inbox are wanted first anyway.
  if (board.missing && board.bytesPerSecond === null) {
    if (lane === "helper") return null;
    return { kind: "bodies", asked: false, probe: true };
  }
  if (lane === "work") {
    const dirty = folders.find((folder) => folder.dirty);
    if (dirty) return { kind: "folder", folderId: dirty.id };
  }
  const older = folders.find(({ dirty, headersDownTo }) => !dirty && headersDownTo !== null && headersDownTo > 1);
  if (older) return { kind: "older", folderId: older.id };
  // They cost little, and then there is something to read of every message that is listed.
  if (board.outlines) return { kind: "outlines" };
  return board.missing ? { kind: "bodies", asked: false, probe: false } : null;
}

function inOrder(a: BoardFolder, b: BoardFolder): number {
  return Number(b.first ?? false) - Number(a.first ?? false) || folderRank(a.role) - folderRank(b.role) || a.id - b.id;
}
