-- Messages that vanished from the server. Their placements stay, in folder 0, which is nowhere; this says where they came from.

CREATE TABLE safety_net (
  placement_id INTEGER PRIMARY KEY REFERENCES placement(id) ON DELETE CASCADE,
  account_id INTEGER NOT NULL,
  folder_id INTEGER NOT NULL,        -- where it lay; the folder may be gone as well
  folder_name TEXT NOT NULL,
  vanished_at INTEGER NOT NULL,
  words TEXT NOT NULL,               -- subject, senders and their addresses in lower case, to look for
  -- to know it again, should it turn up elsewhere: a move by another program is first seen as a loss
  message_id_header TEXT,
  size_bytes INTEGER NOT NULL,
  received_at INTEGER NOT NULL
) STRICT;
CREATE INDEX safety_net_page ON safety_net(vanished_at DESC, placement_id DESC);
CREATE INDEX safety_net_by_header ON safety_net(account_id, message_id_header);
