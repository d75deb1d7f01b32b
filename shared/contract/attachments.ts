import { z } from "zod";
import { address } from "../address.ts";
import { FILE_GROUPS } from "../file-group.ts";
import { accountId, conversationId, folderId, placementId } from "../ids.ts";
import { request } from "./define.ts";
import { partInfo, rowKey } from "./mail.ts";

export const attachmentRow = z.object({
  placementId,
  conversationId,
  accountId,
  folderId,
  part: partInfo,
  /** Who sent it; in what the user sent, to whom (`outgoing`). Null when nobody is named. */
  person: address.nullable(),
  outgoing: z.boolean(),
  subject: z.string(),
  /** ms UTC. */
  receivedAt: z.number(),
});
export type AttachmentRow = z.infer<typeof attachmentRow>;

export const attachmentsRequests = {
  /**
   * What is attached to mail in all folders but Trash, Junk and Drafts, newest first, all files of a message together. `words` stand in a
   * file's name, its sender or its subject, all of them. `next` is where to read on; an answer may hold few rows or none and still have one,
   * because each looks through a bounded number of messages.
   */
  "attachments.page": request(
    z.object({
      group: z.enum(FILE_GROUPS).nullable(),
      words: z.string().max(200),
      before: rowKey.nullable(),
      limit: z.number().int().min(1).max(200),
    }),
    z.object({ rows: z.array(attachmentRow), next: rowKey.nullable() }),
  ),
};
