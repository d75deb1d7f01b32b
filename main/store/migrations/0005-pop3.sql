-- What was fetched by POP3, so that nothing is fetched twice. Lines stay when the message is gone, here or there: it may come back under another id.
CREATE TABLE pop3_message (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  account_id INTEGER NOT NULL REFERENCES account(id) ON DELETE CASCADE,
  uid TEXT,                          -- the server's unique id; NULL where those are worth nothing, or when it came to stand for something else
  size_bytes INTEGER NOT NULL,       -- as the server's LIST says
  header_hash TEXT NOT NULL,         -- SHA-256 of the header as TOP gives it
  raw_hash TEXT NOT NULL,            -- SHA-256 of all of it
  message_id INTEGER,                -- the message here, as long as there is one
  taken_at INTEGER NOT NULL,
  deleted_at INTEGER,                -- the user took it away for good here
  listed INTEGER NOT NULL DEFAULT 1, -- it stood in the last whole listing
  verified INTEGER NOT NULL DEFAULT 1  -- 0 = under this id only its header was looked at
) STRICT;
CREATE UNIQUE INDEX pop3_message_by_uid ON pop3_message(account_id, uid) WHERE uid IS NOT NULL;
CREATE INDEX pop3_message_by_hash ON pop3_message(account_id, raw_hash);
CREATE INDEX pop3_message_by_message ON pop3_message(message_id) WHERE message_id IS NOT NULL;
