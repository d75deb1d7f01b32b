import { z } from "zod";
import { accountId, folderId, viewKey } from "../ids.ts";
import { request } from "./define.ts";
import { offlinePolicy, readiness } from "./offline.ts";

export const FOLDER_ROLES = ["inbox", "sent", "drafts", "archive", "junk", "trash", "all", "none"] as const;
export const folderRole = z.enum(FOLDER_ROLES);
export type FolderRole = z.infer<typeof folderRole>;

export const folderBar = z.enum(["holds-only", "read-only", "rights", "inbox", "role", "fixed", "flat", "no-inferiors"]);
export type FolderBar = z.infer<typeof folderBar>;

/** Roles that can be given by hand. */
export const chosenRole = z.enum(["sent", "drafts", "archive", "junk", "trash"]);
export type ChosenRole = z.infer<typeof chosenRole>;

/** How a folder is deleted: it moves below Trash, goes with its messages, goes without any, or was only a label of messages that stay. */
export const deletionWay = z.enum(["trash", "good", "empty", "label"]);
export type DeletionWay = z.infer<typeof deletionWay>;

/** As it was typed: the engine says what is wrong with it. */
const folderName = z.string().max(1000);
const acted = z.object({ group: z.string() });

export const folderRow = z.object({
  id: folderId,
  accountId,
  parentId: folderId.nullable(),
  /** The last part of the path, decoded. The window shows roles in its own language instead. */
  name: z.string(),
  path: z.string(),
  role: folderRole,
  /** It shows a Gmail label: its messages lie in All Mail and may be in other folders too. Null for ordinary folders. */
  label: z.enum(["important", "other"]).nullable(),
  total: z.number().int(),
  unread: z.number().int(),
  /** A \Noselect folder only holds others. */
  canSelect: z.boolean(),
  canWrite: z.boolean(),
  subscribed: z.boolean(),
  /** Only subscribed folders are to be shown, and it is not. */
  hidden: z.boolean(),
  /** The server has still to hear something about it. */
  waiting: z.boolean(),
  /** Why something cannot be done with it; null = it can. */
  bars: z.object({
    /** Opened. */
    read: folderBar.nullable(),
    /** Messages put into it. */
    add: folderBar.nullable(),
    /** Its messages flagged and deleted. */
    change: folderBar.nullable(),
    /** It renamed, moved or deleted. */
    place: folderBar.nullable(),
    /** Folders made in it. */
    inside: folderBar.nullable(),
  }),
  /** Messages whose bytes are all here. */
  here: z.number().int(),
  bytesMissing: z.number(),
  /** What is kept of it, if that is not as its account says. */
  policy: offlinePolicy.nullable(),
  readiness,
});
export type FolderRow = z.infer<typeof folderRow>;

/** What Empty Trash would take, shown before it is done. `others` counts messages that other programs marked \Deleted and that an EXPUNGE without UIDPLUS would take as well. */
export const emptyPreview = z.object({ messages: z.number().int(), bytes: z.number(), others: z.number().int() });

export const foldersRequests = {
  "folders.list": request(
    z.object({}),
    z.object({
      folders: z.array(folderRow),
      trees: z.array(
        z.object({
          accountId,
          /** Between the levels of a path; empty where the server has none. */
          separator: z.string(),
          onlySubscribed: z.boolean(),
          /** Its folders are Gmail's labels. */
          labels: z.boolean(),
        }),
      ),
      unified: z.array(z.object({ view: viewKey, total: z.number().int(), unread: z.number().int() })),
    }),
  ),
  /** `parentId` null: at the top. At once in the window; the server hears of it when it can. */
  "folders.create": request(z.object({ accountId, parentId: folderId.nullable(), name: folderName }), acted.extend({ folderId })),
  /** Renames, moves, or both. */
  "folders.place": request(z.object({ folderId, name: folderName, parentId: folderId.nullable() }), acted),
  "folders.deletePreview": request(
    z.object({ folderId }),
    z.object({ way: deletionWay, messages: z.number().int(), bytes: z.number(), folders: z.number().int() }),
  ),
  /** `way` as the preview said: should it be another one by now, nothing is deleted. */
  "folders.delete": request(z.object({ folderId, way: deletionWay }), acted),
  "folders.subscribe": request(z.object({ folderId, on: z.boolean() }), acted),
  "folders.onlySubscribed": request(z.object({ accountId, on: z.boolean() }), z.object({})),
  "folders.roles": request(
    z.object({ accountId }),
    z.object({
      roles: z.array(
        z.object({
          role: chosenRole,
          /** Which folder has it; null = none. */
          folderId: folderId.nullable(),
          /** Which one the server or its name says. */
          toldId: folderId.nullable(),
          byHand: z.boolean(),
        }),
      ),
    }),
  ),
  "folders.setRole": request(
    z.object({
      accountId,
      role: chosenRole,
      choice: z.discriminatedUnion("kind", [
        z.object({ kind: z.literal("told") }),
        z.object({ kind: z.literal("none") }),
        z.object({ kind: z.literal("folder"), folderId }),
      ]),
    }),
    z.object({}),
  ),
  "folders.markRead": request(z.object({ folderId }), z.object({ group: z.string() })),
  "folders.emptyPreview": request(z.object({ folderId }), emptyPreview),
  "folders.empty": request(z.object({ folderId }), z.object({ group: z.string() })),
};

export const foldersEvents = {
  "folders.changed": z.object({ revision: z.number() }),
};
