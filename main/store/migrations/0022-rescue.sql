-- Message files that no row named when a damaged or lost store was put in order: mail that is here, and that nothing else knows of. A line
-- goes when a message has the file again; until then nobody may remove the file.
CREATE TABLE stray_file (
  hash TEXT PRIMARY KEY,
  noted_at INTEGER NOT NULL,
  size_bytes INTEGER,                -- NULL until the file was read
  message_id_header TEXT,            -- without angle brackets
  sent_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX stray_file_unread ON stray_file(hash) WHERE size_bytes IS NULL;
CREATE INDEX stray_file_by_header ON stray_file(message_id_header, size_bytes) WHERE message_id_header IS NOT NULL;
