-- Accounts, folders, messages, placements, operations, conversations and the lists that are shown.
-- Times are milliseconds UTC. Flags are bit masks of shared/flags.ts. JSON columns hold what is never searched by SQL.

CREATE TABLE account (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  position INTEGER NOT NULL,
  name TEXT NOT NULL,
  address TEXT NOT NULL,
  settings TEXT NOT NULL,            -- JSON of AccountSettings; no secret
  provider TEXT,
  paused INTEGER NOT NULL DEFAULT 0,
  removed INTEGER NOT NULL DEFAULT 0,  -- on its way out: shown nowhere, taken apart in slices
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE identity (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  account_id INTEGER NOT NULL REFERENCES account(id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  address TEXT NOT NULL,
  signature TEXT NOT NULL DEFAULT '',
  is_default INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX identity_by_account ON identity(account_id);

CREATE TABLE folder (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  account_id INTEGER NOT NULL REFERENCES account(id) ON DELETE CASCADE,
  path TEXT NOT NULL,                -- as the server names it, decoded from modified UTF-7 where it could be
  delimiter TEXT NOT NULL DEFAULT '/',
  name TEXT NOT NULL,
  parent_id INTEGER REFERENCES folder(id) ON DELETE SET NULL,
  role TEXT NOT NULL DEFAULT 'none',
  can_select INTEGER NOT NULL DEFAULT 1,
  can_write INTEGER NOT NULL DEFAULT 1,
  subscribed INTEGER NOT NULL DEFAULT 1,
  -- what the server said last; NULL until the folder was selected once
  uid_validity INTEGER,
  uid_next INTEGER,
  highest_modseq INTEGER,            -- stored last, after all that it covers
  remote_total INTEGER,
  headers_down_to INTEGER,           -- UIDs from here to uid_next are listed; NULL = none, 1 = all
  reconciled_at INTEGER,             -- last time all UIDs were compared
  -- what is shown, kept in the same transaction as placements
  total INTEGER NOT NULL DEFAULT 0,
  unread INTEGER NOT NULL DEFAULT 0,
  here INTEGER NOT NULL DEFAULT 0,
  bytes_missing INTEGER NOT NULL DEFAULT 0,
  UNIQUE (account_id, path)
) STRICT;

-- The tables that grow with the mail name their account and folder without a foreign key: without an index of its own for each
-- SQLite would read the whole table when an account or folder goes, and those indexes would cost more than all they guard.
CREATE TABLE conversation (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  account_id INTEGER NOT NULL
) STRICT;

-- Which conversation a Message-ID belongs to, whether that message is here or only referred to.
CREATE TABLE conversation_reference (
  account_id INTEGER NOT NULL,
  reference TEXT NOT NULL,           -- Message-ID without angle brackets, at most 250 characters
  conversation_id INTEGER NOT NULL,
  PRIMARY KEY (account_id, reference)
) STRICT, WITHOUT ROWID;
CREATE INDEX conversation_reference_by_conversation ON conversation_reference(conversation_id);

CREATE TABLE message (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  account_id INTEGER NOT NULL,
  conversation_id INTEGER NOT NULL,
  raw_hash TEXT,                     -- SHA-256 hex of the .eml; NULL until all bytes are here
  size_bytes INTEGER NOT NULL,
  message_id_header TEXT,            -- without angle brackets; a hint, never a key
  in_reply_to TEXT,
  subject TEXT NOT NULL,
  base_subject TEXT NOT NULL DEFAULT '',  -- without Re: and the like, for answers that carry no reference
  from_json TEXT NOT NULL,           -- JSON arrays of Address
  to_json TEXT NOT NULL,
  cc_json TEXT NOT NULL,
  bcc_json TEXT NOT NULL,
  reply_to_json TEXT NOT NULL,
  sent_at INTEGER,
  received_at INTEGER NOT NULL,
  snippet TEXT NOT NULL DEFAULT '',
  has_attachment INTEGER NOT NULL DEFAULT 0,
  parts_json TEXT NOT NULL DEFAULT '[]',
  lang TEXT NOT NULL DEFAULT '',
  email_id TEXT,                     -- RFC 8474 EMAILID, or X-GM-MSGID
  bytes_here INTEGER NOT NULL DEFAULT 0,  -- 1 when raw_hash is set and its file was whole when last looked at
  unreadable INTEGER NOT NULL DEFAULT 0   -- the parser refused it: only source and envelope can be shown
) STRICT;
CREATE INDEX message_by_conversation ON message(conversation_id, received_at);
CREATE INDEX message_by_subject ON message(account_id, base_subject, received_at) WHERE base_subject <> '';
CREATE INDEX message_missing ON message(account_id, received_at DESC) WHERE bytes_here = 0;
CREATE INDEX message_by_hash ON message(raw_hash, account_id) WHERE raw_hash IS NOT NULL;
CREATE INDEX message_by_email_id ON message(account_id, email_id) WHERE email_id IS NOT NULL;

CREATE TABLE placement (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  message_id INTEGER NOT NULL REFERENCES message(id),
  -- server truth: where it lies and under which number. uid NULL = local only, just moved, or the number is not known yet
  folder_id INTEGER NOT NULL,
  uid_validity INTEGER,
  uid INTEGER,
  modseq INTEGER,
  flags INTEGER NOT NULL DEFAULT 0,
  keywords TEXT NOT NULL DEFAULT '[]',
  -- what is shown: truth with pending operations on top. shown_folder_id NULL = shown nowhere (deleted)
  shown_folder_id INTEGER,
  shown_flags INTEGER NOT NULL DEFAULT 0,
  pending INTEGER NOT NULL DEFAULT 0,    -- operations not done yet
  received_at INTEGER NOT NULL,          -- INTERNALDATE of this copy, for the list indexes
  has_attachment INTEGER NOT NULL DEFAULT 0,  -- copy of message.has_attachment, for the list index
  missing_since INTEGER                  -- one listing omitted it, or UIDVALIDITY moved; dropped only when that is confirmed
) STRICT;
CREATE UNIQUE INDEX placement_by_uid ON placement(folder_id, uid_validity, uid) WHERE uid IS NOT NULL;
CREATE INDEX placement_in_list ON placement(shown_folder_id, received_at DESC, id DESC);
CREATE INDEX placement_by_message ON placement(message_id);
CREATE INDEX placement_without_uid ON placement(folder_id) WHERE uid IS NULL;
CREATE INDEX placement_unread ON placement(shown_folder_id, received_at DESC, id DESC) WHERE (shown_flags & 1) = 0 AND shown_folder_id IS NOT NULL;
CREATE INDEX placement_flagged ON placement(shown_folder_id, received_at DESC, id DESC) WHERE (shown_flags & 2) <> 0 AND shown_folder_id IS NOT NULL;
CREATE INDEX placement_with_attachment ON placement(shown_folder_id, received_at DESC, id DESC) WHERE has_attachment = 1 AND shown_folder_id IS NOT NULL;
CREATE INDEX placement_starred ON placement(received_at DESC, id DESC) WHERE (shown_flags & 2) <> 0 AND shown_folder_id IS NOT NULL;

-- One row per conversation and view (folder id, or a negative number for the unified views), kept in the same transaction.
CREATE TABLE conversation_in_view (
  view INTEGER NOT NULL,
  conversation_id INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  placement_id INTEGER NOT NULL,     -- the newest one in this view
  count INTEGER NOT NULL,
  unread INTEGER NOT NULL,
  flagged INTEGER NOT NULL,
  attachments INTEGER NOT NULL,
  PRIMARY KEY (view, conversation_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX conversation_page ON conversation_in_view(view, last_at DESC, conversation_id DESC);

CREATE INDEX conversation_unread ON conversation_in_view(view, last_at DESC, conversation_id DESC) WHERE unread > 0;
CREATE INDEX conversation_flagged ON conversation_in_view(view, last_at DESC, conversation_id DESC) WHERE flagged > 0;
CREATE INDEX conversation_with_attachment ON conversation_in_view(view, last_at DESC, conversation_id DESC) WHERE attachments > 0;

-- Rows of a view by their time, in stretches of 2^30 ms (12 days): how many there are and how many stand above one is a sum over
-- these, where counting index entries would take 30 ms in a view of a million.
CREATE TABLE view_stretch (
  view INTEGER NOT NULL,
  stretch INTEGER NOT NULL,
  messages INTEGER NOT NULL,
  unread_messages INTEGER NOT NULL,
  flagged_messages INTEGER NOT NULL,
  messages_with_attachment INTEGER NOT NULL,
  conversations INTEGER NOT NULL,
  unread_conversations INTEGER NOT NULL,
  flagged_conversations INTEGER NOT NULL,
  conversations_with_attachment INTEGER NOT NULL,
  PRIMARY KEY (view, stretch)
) STRICT, WITHOUT ROWID;

CREATE TABLE operation (
  id INTEGER PRIMARY KEY AUTOINCREMENT,   -- the order in which they were made
  group_id TEXT NOT NULL,            -- one act of the user
  account_id INTEGER NOT NULL,
  placement_id INTEGER,              -- NULL once the placement is gone
  folder_id INTEGER,                 -- for operations on a whole folder
  change TEXT NOT NULL,              -- JSON: what is to be done
  before TEXT NOT NULL,              -- JSON: the values it replaced
  state TEXT NOT NULL CHECK (state IN ('pending', 'attempted', 'done', 'refused', 'parked', 'undone')),
  attempt TEXT,                      -- JSON: target UIDNEXT and the like, written before a step that cannot be repeated
  created_at INTEGER NOT NULL,
  ended_at INTEGER,
  server_words TEXT
) STRICT;
CREATE INDEX operation_waiting ON operation(account_id, id) WHERE state IN ('pending', 'attempted', 'parked');
CREATE INDEX operation_by_placement ON operation(placement_id, id) WHERE state IN ('pending', 'attempted', 'parked');
CREATE INDEX operation_by_group ON operation(group_id, id);

-- Bodies to fetch before all others, in the order in which they were asked for.
CREATE TABLE download (
  placement_id INTEGER PRIMARY KEY REFERENCES placement(id) ON DELETE CASCADE,
  asked_at INTEGER NOT NULL
) STRICT;

-- Files of messages that went; removed some time later unless the same bytes have come back.
CREATE TABLE loose_blob (hash TEXT PRIMARY KEY, since INTEGER NOT NULL) STRICT, WITHOUT ROWID;

-- What the search thread has still to take in (or out). Written with the message, emptied when the batch is in search.db.
CREATE TABLE index_queue (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  message_id INTEGER NOT NULL,
  gone INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE contact (
  address TEXT PRIMARY KEY,          -- lower case
  name TEXT NOT NULL,
  written_to INTEGER NOT NULL DEFAULT 0,
  heard_from INTEGER NOT NULL DEFAULT 0,
  last_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

-- Senders and domains whose remote pictures may be shown.
CREATE TABLE picture_permission (scope TEXT NOT NULL CHECK (scope IN ('message', 'sender', 'domain')), value TEXT NOT NULL, PRIMARY KEY (scope, value)) STRICT, WITHOUT ROWID;
