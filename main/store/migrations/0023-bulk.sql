-- One message to each of many: what was prepared, and where each recipient's message is.

CREATE TABLE bulk (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  account_id INTEGER NOT NULL REFERENCES account(id) ON DELETE CASCADE,
  draft_id INTEGER REFERENCES draft(id) ON DELETE SET NULL,
  state TEXT NOT NULL CHECK (state IN ('reading', 'preparing', 'running', 'paused', 'ended')),
  subject TEXT NOT NULL DEFAULT '',
  file_name TEXT,                    -- NULL = the addresses of To
  columns TEXT NOT NULL,             -- JSON: names
  address_column INTEGER,
  name_column INTEGER,
  options TEXT NOT NULL,             -- JSON of BulkOptions
  failure TEXT,                      -- JSON of FailureData: why it was paused without the user
  copy_item INTEGER,                 -- the item of the outbox whose copy is the one for Sent, where only one is wanted
  created_at INTEGER NOT NULL,
  started_at INTEGER,
  ended_at INTEGER
) STRICT;
CREATE INDEX bulk_by_draft ON bulk(draft_id) WHERE draft_id IS NOT NULL;

CREATE TABLE bulk_recipient (
  bulk_id INTEGER NOT NULL REFERENCES bulk(id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  cells TEXT NOT NULL,               -- JSON: values, one for each column
  address TEXT NOT NULL DEFAULT '',
  name TEXT NOT NULL DEFAULT '',
  state TEXT NOT NULL DEFAULT 'waiting'
    CHECK (state IN ('waiting', 'queued', 'accepted', 'held', 'unknown', 'cancelled', 'left-out')),
  outbox_id INTEGER,                 -- while the outbox has its message
  message_id_header TEXT,            -- without angle brackets; kept for every later try
  failure TEXT,                      -- JSON of FailureData
  changed_at INTEGER,
  PRIMARY KEY (bulk_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX bulk_recipient_by_state ON bulk_recipient(bulk_id, state, position);
CREATE UNIQUE INDEX bulk_recipient_by_item ON bulk_recipient(outbox_id) WHERE outbox_id IS NOT NULL;

-- Whose message it is: one of many, or NULL.
ALTER TABLE outbox ADD COLUMN bulk_id INTEGER;
CREATE INDEX outbox_by_bulk ON outbox(bulk_id) WHERE bulk_id IS NOT NULL;

-- Set from the start of a bulk to its end: the draft is not among the drafts then.
ALTER TABLE draft ADD COLUMN bulk_id INTEGER;
