import { z } from "zod";
import { accountId, folderId, viewKey } from "../ids.ts";
import { request } from "./define.ts";

export const FOLDER_ROLES = ["inbox", "sent", "drafts", "archive", "junk", "trash", "all", "none"] as const;
export const folderRole = z.enum(FOLDER_ROLES);
export type FolderRole = z.infer<typeof folderRole>;

export const folderRow = z.object({
  id: folderId,
  accountId,
  parentId: folderId.nullable(),
  /** The last part of the path, decoded. The window shows roles in its own language instead. */
  name: z.string(),
  path: z.string(),
  role: folderRole,
  total: z.number().int(),
  unread: z.number().int(),
  /** A \Noselect folder only holds others. */
  canSelect: z.boolean(),
  canWrite: z.boolean(),
  /** Messages whose bytes are all here. */
  here: z.number().int(),
  bytesMissing: z.number(),
});
export type FolderRow = z.infer<typeof folderRow>;

/** What Empty Trash would take, shown before it is done. `others` counts messages that other programs marked \Deleted and that an EXPUNGE without UIDPLUS would take as well. */
export const emptyPreview = z.object({ messages: z.number().int(), bytes: z.number(), others: z.number().int() });

export const foldersRequests = {
  "folders.list": request(
    z.object({}),
    z.object({
      folders: z.array(folderRow),
      unified: z.array(z.object({ view: viewKey, total: z.number().int(), unread: z.number().int() })),
    }),
  ),
  "folders.markRead": request(z.object({ folderId }), z.object({ group: z.string() })),
  "folders.emptyPreview": request(z.object({ folderId }), emptyPreview),
  "folders.empty": request(z.object({ folderId }), z.object({ group: z.string() })),
};

export const foldersEvents = {
  "folders.changed": z.object({ revision: z.number() }),
};
