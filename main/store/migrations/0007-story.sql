-- What happened to a message, as far as it is not in other tables: what other devices and the server did, and what was done here longer ago
-- than the journal reaches. A message that was never touched has no row.

CREATE TABLE story (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  message_id INTEGER NOT NULL,
  at INTEGER NOT NULL,
  kind TEXT NOT NULL,
  detail TEXT NOT NULL DEFAULT '{}'  -- JSON
) STRICT;
CREATE INDEX story_of_message ON story(message_id, id);

-- What was sent from here, for the story of its copy in Sent.
CREATE INDEX outbox_by_message_id ON outbox(message_id_header);
