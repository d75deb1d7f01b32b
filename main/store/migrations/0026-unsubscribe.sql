-- Requests to leave a list, one for each message and way. Rows outlive their message: its list is known to have been told.

CREATE TABLE unsubscribe (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  account_id INTEGER NOT NULL REFERENCES account(id) ON DELETE CASCADE,
  message_id INTEGER NOT NULL,
  way TEXT NOT NULL CHECK (way IN ('post', 'mail')),
  list TEXT NOT NULL,                -- List-Id, else the sender's address
  target TEXT NOT NULL,              -- the server's name, or the address written to
  url TEXT NOT NULL,                 -- '' for a mail
  raw_hash TEXT NOT NULL,            -- the message, for its signature
  received_at INTEGER NOT NULL,
  -- telling: something may have been sent. As the contract's states otherwise.
  state TEXT NOT NULL CHECK (state IN ('waiting', 'telling', 'told', 'refused', 'unknown', 'unsigned', 'lost')),
  attempts INTEGER NOT NULL,
  next_at INTEGER NOT NULL,
  asked_at INTEGER NOT NULL,
  status INTEGER,
  words TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX unsubscribe_once ON unsubscribe(message_id, way);
CREATE INDEX unsubscribe_of_list ON unsubscribe(account_id, list, asked_at DESC);
CREATE INDEX unsubscribe_open ON unsubscribe(next_at) WHERE state = 'waiting';
