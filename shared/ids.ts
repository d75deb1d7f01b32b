import { z } from "zod";

/** Row ids of the local store: whole numbers from 1, never reused while the profile lives, meaningless to any server. */
const rowId = z.number().int().positive();

export const accountId = rowId.brand<"account">();
export const identityId = rowId.brand<"identity">();
export const outgoingServerId = rowId.brand<"outgoing-server">();
export const folderId = rowId.brand<"folder">();
export const messageId = rowId.brand<"message">();
export const placementId = rowId.brand<"placement">();
export const conversationId = rowId.brand<"conversation">();
export const operationId = rowId.brand<"operation">();
export const draftId = rowId.brand<"draft">();
export const attachmentId = rowId.brand<"attachment">();
export const outboxId = rowId.brand<"outbox">();
export const bulkId = rowId.brand<"bulk">();

export type AccountId = z.infer<typeof accountId>;
export type IdentityId = z.infer<typeof identityId>;
/** An outgoing server of an account besides the one of its settings. */
export type OutgoingServerId = z.infer<typeof outgoingServerId>;
export type FolderId = z.infer<typeof folderId>;
/** One set of bytes, wherever it lies. Not the Message-ID header. */
export type MessageId = z.infer<typeof messageId>;
/** A message in a folder. Stable across UID changes, moves and reconnects. */
export type PlacementId = z.infer<typeof placementId>;
export type ConversationId = z.infer<typeof conversationId>;
export type OperationId = z.infer<typeof operationId>;
export type DraftId = z.infer<typeof draftId>;
export type AttachmentId = z.infer<typeof attachmentId>;
export type OutboxId = z.infer<typeof outboxId>;
export type BulkId = z.infer<typeof bulkId>;

/** The views over all accounts. */
export const UNIFIED_VIEWS = ["inbox", "starred", "drafts", "sent", "archive", "junk", "trash"] as const;
export type UnifiedView = (typeof UNIFIED_VIEWS)[number];

/** What a message list shows: `folder:12`, or one of the unified views such as `all:inbox`. */
export const viewKey = z.union([
  z.templateLiteral(["folder:", z.number().int().positive()]),
  z.templateLiteral(["all:", z.enum(UNIFIED_VIEWS)]),
]);
export type ViewKey = z.infer<typeof viewKey>;
