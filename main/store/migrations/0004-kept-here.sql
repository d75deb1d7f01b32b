-- Keywords that the user set and the server's folder does not keep: they stand here only, as long as the message does.
ALTER TABLE placement ADD COLUMN local_flags INTEGER NOT NULL DEFAULT 0;

-- Bodies that broke the line again and again: left alone for a while, and the message says so.
CREATE TABLE body_trouble (
  message_id INTEGER PRIMARY KEY REFERENCES message(id) ON DELETE CASCADE,
  times INTEGER NOT NULL,            -- how often it was given up
  retry_at INTEGER NOT NULL          -- ms UTC
) STRICT;
