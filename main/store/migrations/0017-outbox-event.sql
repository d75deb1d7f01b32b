-- What happened to a message of the outbox, in the words of plan/timeline.

CREATE TABLE outbox_event (
  outbox_id INTEGER NOT NULL REFERENCES outbox(id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  at INTEGER NOT NULL,
  what TEXT NOT NULL,
  stage TEXT NOT NULL,
  code TEXT,                         -- of shared/failure.ts
  words TEXT NOT NULL DEFAULT '',    -- of the server
  PRIMARY KEY (outbox_id, position)
) STRICT, WITHOUT ROWID;
