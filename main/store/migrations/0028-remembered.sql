-- Messages whose rows were lost and on which something hangs that only this computer knew: what the user did, a story, a place in a local folder. They get
-- their old numbers again when they turn up (decision 0023).
CREATE TABLE remembered (
  placement_id INTEGER PRIMARY KEY,
  message_id INTEGER NOT NULL,
  account_id INTEGER NOT NULL REFERENCES account(id) ON DELETE CASCADE,
  folder_id INTEGER NOT NULL,
  uid_validity INTEGER,
  uid INTEGER,
  flags INTEGER NOT NULL,
  local_flags INTEGER NOT NULL,
  received_at INTEGER NOT NULL,
  raw_hash TEXT,
  message_id_header TEXT,
  size_bytes INTEGER NOT NULL
) STRICT;
CREATE INDEX remembered_by_uid ON remembered(folder_id, uid_validity, uid);
CREATE INDEX remembered_by_header ON remembered(folder_id, message_id_header);
CREATE INDEX remembered_by_hash ON remembered(raw_hash) WHERE raw_hash IS NOT NULL;
CREATE INDEX remembered_of_account ON remembered(account_id);

-- Keywords that only stand here are few, and kept twice.
CREATE INDEX placement_kept_here ON placement(id) WHERE local_flags <> 0;
