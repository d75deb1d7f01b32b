-- What can be read here of a message that is larger than its folder's limit: its header, its words and its smaller parts. Never the message itself.
CREATE TABLE outline (
  message_id INTEGER PRIMARY KEY REFERENCES message(id) ON DELETE CASCADE,
  hash TEXT NOT NULL,        -- SHA-256 of its file, which lies apart from the messages'
  left_json TEXT NOT NULL    -- numbers of the parts that are on the server only
) STRICT;
CREATE INDEX outline_by_hash ON outline(hash);

-- Files that no outline needs any more.
CREATE TABLE loose_outline (hash TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
CREATE TRIGGER outline_went AFTER DELETE ON outline BEGIN
  INSERT OR IGNORE INTO loose_outline (hash) VALUES (old.hash);
END;
CREATE TRIGGER outline_changed AFTER UPDATE OF hash ON outline WHEN new.hash <> old.hash BEGIN
  INSERT OR IGNORE INTO loose_outline (hash) VALUES (old.hash);
END;
-- The whole message takes its place, by whatever way it came.
CREATE TRIGGER outline_replaced AFTER UPDATE OF bytes_here ON message WHEN new.bytes_here = 1 BEGIN
  DELETE FROM outline WHERE message_id = new.id;
END;

-- Which large messages have none yet is asked whenever there is nothing else to do.
ALTER TABLE missing_body ADD COLUMN outlined INTEGER NOT NULL DEFAULT 0;
CREATE INDEX missing_outline ON missing_body(folder_id, received_at, placement_id) WHERE outlined = 0 AND size_bytes > 1000000;
ALTER TABLE folder_month ADD COLUMN outlined INTEGER NOT NULL DEFAULT 0;
