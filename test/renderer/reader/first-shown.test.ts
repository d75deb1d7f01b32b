import { afterEach, expect, test, vi } from "vitest";
import { openAtFirst } from "../../../renderer/state/first-shown.ts";
import { useFolders } from "../../../renderer/state/folders.ts";
import type { FolderRow } from "../../../shared/contract/folders.ts";
import type { MessageHead } from "../../../shared/contract/mail.ts";
import type { AccountId, FolderId, MessageId, PlacementId } from "../../../shared/ids.ts";

// No engine is asked here.
vi.mock("../../../renderer/client/engine.ts", () => ({ client: {} }));

const INBOX = 1 as FolderId;
const DRAFTS = 2 as FolderId;

const message = (id: number, more: Partial<MessageHead> = {}): MessageHead => ({
  placementId: id as PlacementId,
  messageId: id as MessageId,
  accountId: 1 as AccountId,
  folderId: INBOX,
  from: [{ name: "Ana", address: "ana@example.test" }],
  to: [],
  cc: [],
  bcc: [],
  replyTo: [],
  subject: "Kiln",
  sentAt: id,
  receivedAt: id,
  snippet: "",
  seen: true,
  flagged: false,
  answered: false,
  forwarded: false,
  junk: false,
  labels: [],
  hasAttachment: false,
  here: true,
  sizeBytes: 1,
  ...more,
});
const folder = (id: FolderId, role: FolderRow["role"]): FolderRow => ({
  id,
  accountId: 1 as AccountId,
  parentId: null,
  name: role,
  path: role,
  role,
  label: null,
  total: 1,
  unread: 0,
  canSelect: true,
  canWrite: true,
  subscribed: true,
  hidden: false,
  waiting: false,
  bars: { read: null, add: null, change: null, place: null, inside: null },
  here: 1,
  bytesMissing: 0,
  policy: null,
  readiness: { wanted: 1, ready: 1, bytesToGo: 0 },
});

afterEach(() => useFolders.setState({ folders: [] }));

test("a conversation opens at its newest message, at what is unread, and at the one that was asked for", () => {
  const messages = [message(1), message(2), message(3, { seen: false }), message(4), message(5)];
  expect([...openAtFirst(messages, 5 as PlacementId)]).toEqual([3, 5]);
  // Found by a search in the middle.
  expect([...openAtFirst(messages, 2 as PlacementId)]).toEqual([2, 3, 5]);
});

test("a draft in it opens as well", () => {
  useFolders.setState({ folders: [folder(INBOX, "inbox"), folder(DRAFTS, "drafts")] });
  const messages = [message(1), message(2, { folderId: DRAFTS }), message(3)];
  expect([...openAtFirst(messages, 3 as PlacementId)]).toEqual([2, 3]);
});
