import { z } from "zod";
import { address } from "../address.ts";
import { flag } from "../flags.ts";
import { accountId, conversationId, folderId, operationId, placementId } from "../ids.ts";
import { request } from "./define.ts";
import { blockedBy } from "./senders.ts";

export const journalState = z.enum(["pending", "attempted", "done", "refused", "parked", "undone"]);
export type JournalState = z.infer<typeof journalState>;

/** Why an operation waits for the user or came to nothing, where the server did not simply say no. */
export const journalReason = z.enum([
  /** The message was taken away meanwhile. */
  "gone",
  /** More than one message may be the one that it was about. */
  "ambiguous",
  /** It failed every time it was tried. */
  "tries",
  /** The copy that was on its way when the program ended was not found. */
  "not-found",
  /** Done, but the server keeps no such mark: it stands on this computer only. */
  "kept-here",
  /** It is larger than the server takes, by the server's own word. */
  "too-large",
  /** Its bytes are not on this computer. */
  "no-bytes",
  /** Another folder has that name. */
  "folder-taken",
  /** A folder lies in it that is not to go. */
  "folder-not-empty",
  /** The folder, or what it was to lie in, is not there any more. */
  "folder-gone",
  /** The folder that the message was to go into was deleted by another program. */
  "target-gone",
  /** Mail has come into it since the user was asked. */
  "folder-has-new-mail",
]);
export type JournalReason = z.infer<typeof journalReason>;

export const journalChange = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("flag"), flag, on: z.boolean() }),
  z.object({ kind: z.literal("move"), toFolderId: folderId }),
  /** `across`: out of another account, and whether the original goes with it. */
  z.object({ kind: z.literal("copy"), toFolderId: folderId, across: z.enum(["copy", "move"]).optional() }),
  /** The original, after it was moved to a folder of another account; told by itself only when that goes wrong. */
  z.object({ kind: z.literal("leave"), toFolderId: folderId }),
  z.object({ kind: z.literal("label"), folderId, on: z.boolean() }),
  z.object({ kind: z.literal("expunge") }),
  /** Out of the safety net, back on the server. */
  z.object({ kind: z.literal("restore"), toFolderId: folderId }),
]);
export type JournalChange = z.infer<typeof journalChange>;

/** What was done to a folder as a whole. */
export const journalFolderChange = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("create-folder") }),
  /** Renamed, moved (`parentId` null: not into another folder), or both. */
  z.object({ kind: z.literal("place-folder"), name: z.string(), parentId: folderId.nullable(), renamed: z.boolean(), moved: z.boolean() }),
  z.object({ kind: z.literal("delete-folder") }),
  z.object({ kind: z.literal("subscribe-folder"), on: z.boolean() }),
]);
export type JournalFolderChange = z.infer<typeof journalFolderChange>;

/** Why what was done to a folder cannot be undone. */
export const undoBar = z.enum([
  /** It was deleted for good, or is gone otherwise. */
  "gone",
  /** Something lies in the folder that was made. */
  "holds-something",
  /** Something else was done to it since. */
  "changed-since",
  /** The folder in which it lay is gone. */
  "place-gone",
  /** Another has its old name now. */
  "name-taken",
]);
export type UndoBar = z.infer<typeof undoBar>;

/** One thing the user did to one message, or to one folder. */
export const journalEntry = z.object({
  id: operationId,
  accountId,
  /** The message, or null when it lies nowhere any more. */
  placementId: placementId.nullable(),
  conversationId: conversationId.nullable(),
  /** Where it is shown now, if anywhere; of what was done to a folder, that folder while it is there. */
  shownFolderId: folderId.nullable(),
  /** Of a folder: the name that it had. */
  subject: z.string(),
  from: z.array(address),
  /** Where it was shown before. */
  folderId: folderId.nullable(),
  change: z.union([journalChange, journalFolderChange]),
  state: journalState,
  reason: journalReason.nullable(),
  /** The rule by which it was done at arrival; null where the user did it. */
  because: blockedBy.nullable(),
  /** ms UTC */
  createdAt: z.number(),
  endedAt: z.number().nullable(),
  /** How often it was tried in vain. */
  tries: z.number().int(),
  /** The server's answer, word for word. */
  serverWords: z.string().nullable(),
  /** Of what was too large: bytes that the server takes at most, where it has said. */
  limitBytes: z.number().nullable(),
  canRetry: z.boolean(),
  /** Takes it back: cancels what waits, or does the opposite of what the server has done. */
  canTakeBack: z.boolean(),
  /** Set where something done to a folder stays done. */
  undoBar: undoBar.nullable(),
});
export type JournalEntry = z.infer<typeof journalEntry>;

/** `attention`: parked and refused. */
export const journalFilter = z.enum(["all", "waiting", "attention", "done"]);
export type JournalFilter = z.infer<typeof journalFilter>;

const some = z.object({ ids: z.array(operationId).min(1).max(1000) });

export const journalRequests = {
  /** Newest first; `before` is the id of the last entry of the page above. */
  "journal.page": request(
    z.object({ filter: journalFilter, before: operationId.nullable(), limit: z.number().int().min(1).max(200) }),
    z.object({
      entries: z.array(journalEntry),
      counts: z.object({ all: z.number().int(), waiting: z.number().int(), attention: z.number().int(), done: z.number().int() }),
    }),
  ),
  /** Tries parked and refused ones again; the others are left as they are. */
  "journal.retry": request(some, z.object({ count: z.number().int() })),
  "journal.takeBack": request(some, z.object({ count: z.number().int() })),
};

export const journalEvents = {
  "journal.changed": z.object({ revision: z.number() }),
};
