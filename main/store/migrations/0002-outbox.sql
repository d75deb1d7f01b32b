-- Drafts with their attachments, and the outbox. Times are milliseconds UTC.

CREATE TABLE draft (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  account_id INTEGER NOT NULL REFERENCES account(id) ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK (kind IN ('new', 'reply', 'reply-all', 'forward')),
  content TEXT NOT NULL,             -- JSON of DraftContent
  origin TEXT NOT NULL,              -- JSON: what it answers or forwards, and its threading headers
  quote_hash TEXT,                   -- the quoted original, kept verbatim in a file of its own; NULL = nothing is quoted
  revision INTEGER NOT NULL,
  saved_at INTEGER NOT NULL,
  outbox_id INTEGER                  -- set while the outbox has it: then it is not among the drafts, and kept for Edit
) STRICT;
CREATE INDEX draft_open ON draft(saved_at DESC) WHERE outbox_id IS NULL;
CREATE INDEX draft_in_outbox ON draft(outbox_id) WHERE outbox_id IS NOT NULL;

CREATE TABLE draft_attachment (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  draft_id INTEGER NOT NULL REFERENCES draft(id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  type TEXT NOT NULL,
  size_bytes INTEGER NOT NULL,
  content_id TEXT,                   -- shown inside the text; NULL for an ordinary attachment
  hash TEXT                          -- SHA-256 of its bytes; NULL until all of them are here
) STRICT;
CREATE INDEX draft_attachment_by_draft ON draft_attachment(draft_id);

CREATE TABLE outbox (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  account_id INTEGER NOT NULL REFERENCES account(id) ON DELETE CASCADE,
  draft_id INTEGER REFERENCES draft(id) ON DELETE SET NULL,
  state TEXT NOT NULL CHECK (state IN ('queued', 'sending', 'finishing', 'accepted', 'filed', 'held', 'unknown', 'cancelled')),
  stage TEXT NOT NULL DEFAULT 'waiting',
  from_address TEXT NOT NULL,        -- of the envelope
  subject TEXT NOT NULL,
  to_json TEXT NOT NULL,
  cc_json TEXT NOT NULL,
  bcc_json TEXT NOT NULL,
  raw_hash TEXT NOT NULL,            -- SHA-256 of the frozen bytes
  size_bytes INTEGER NOT NULL,
  message_id_header TEXT NOT NULL,   -- without angle brackets
  answers TEXT,                      -- JSON: the placement to flag once it is accepted, and with what
  attempts INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  undo_until INTEGER NOT NULL,
  next_try_at INTEGER,
  finishing_at INTEGER,              -- when the last chunk was let go in the attempt under way
  accepted_at INTEGER,
  filed_at INTEGER,
  filing_attempts INTEGER NOT NULL DEFAULT 0,
  next_filing_at INTEGER,            -- NULL = nothing to file (yet, or any more)
  search TEXT,                       -- JSON: how the look for an unknown one goes
  failure TEXT,                      -- JSON of FailureData
  ended_at INTEGER                   -- filed, or cancelled
) STRICT;
CREATE INDEX outbox_open ON outbox(id) WHERE ended_at IS NULL;
CREATE INDEX outbox_ended ON outbox(ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX outbox_by_blob ON outbox(raw_hash);

CREATE TABLE outbox_recipient (
  outbox_id INTEGER NOT NULL REFERENCES outbox(id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  address TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'accepted', 'refused', 'deferred')),
  server_words TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (outbox_id, position)
) STRICT, WITHOUT ROWID;
