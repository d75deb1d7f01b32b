-- Outgoing servers of an account besides that of its settings, in the order in which they are taken. Their secrets lie in the vault under the id,
-- which is therefore never given twice.
CREATE TABLE outgoing_server (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  account_id INTEGER NOT NULL REFERENCES account(id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  settings TEXT NOT NULL             -- JSON of ServerSettings; no secret
) STRICT;
CREATE INDEX outgoing_server_of_account ON outgoing_server (account_id, position);

-- What the user has agreed to: none; unreachable = the next takes over from one that cannot be reached; limits = also from one that takes no more.
ALTER TABLE account ADD COLUMN fallback TEXT NOT NULL DEFAULT 'none';

-- host:port of the attempt under way or the last one, and of the server that took the message first.
ALTER TABLE outbox ADD COLUMN server TEXT;
ALTER TABLE outbox ADD COLUMN sent_by TEXT;

-- host:port of the attempt, and of the server in whose place it was.
ALTER TABLE outbox_event ADD COLUMN server TEXT;
ALTER TABLE outbox_event ADD COLUMN instead_of TEXT;
