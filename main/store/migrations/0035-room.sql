-- How much of the mail lies on this computer, and how much of it may.

ALTER TABLE account ADD COLUMN keep_at_most_mb INTEGER;   -- MB of 1,000,000 bytes; NULL = no limit of its own

-- Bytes of the message files of each account; account 0: of all of them, where a file that several accounts share counts once.
CREATE TABLE kept_bytes (account_id INTEGER PRIMARY KEY, bytes INTEGER NOT NULL) STRICT;
INSERT INTO kept_bytes (account_id, bytes)
SELECT account_id, sum(size_bytes) FROM message WHERE bytes_here = 1 GROUP BY account_id;
INSERT INTO kept_bytes (account_id, bytes)
SELECT 0, coalesce(sum(size_bytes), 0) FROM (SELECT max(size_bytes) AS size_bytes FROM message WHERE bytes_here = 1 GROUP BY raw_hash);

-- Whoever writes a message's row, the sums follow: they are too large to be counted when they are asked for.
CREATE TRIGGER kept_came AFTER INSERT ON message WHEN new.bytes_here = 1 BEGIN
  INSERT INTO kept_bytes (account_id, bytes) VALUES (new.account_id, new.size_bytes)
    ON CONFLICT (account_id) DO UPDATE SET bytes = bytes + excluded.bytes;
  INSERT INTO kept_bytes (account_id, bytes)
    SELECT 0, new.size_bytes
    WHERE NOT EXISTS (SELECT 1 FROM message WHERE raw_hash = new.raw_hash AND bytes_here = 1 AND id <> new.id)
    ON CONFLICT (account_id) DO UPDATE SET bytes = bytes + excluded.bytes;
END;
CREATE TRIGGER kept_went AFTER DELETE ON message WHEN old.bytes_here = 1 BEGIN
  UPDATE kept_bytes SET bytes = bytes - old.size_bytes WHERE account_id = old.account_id;
  UPDATE kept_bytes SET bytes = bytes - old.size_bytes
    WHERE account_id = 0 AND NOT EXISTS (SELECT 1 FROM message WHERE raw_hash = old.raw_hash AND bytes_here = 1);
END;
CREATE TRIGGER kept_filled AFTER UPDATE OF bytes_here ON message WHEN new.bytes_here = 1 AND old.bytes_here = 0 BEGIN
  INSERT INTO kept_bytes (account_id, bytes) VALUES (new.account_id, new.size_bytes)
    ON CONFLICT (account_id) DO UPDATE SET bytes = bytes + excluded.bytes;
  INSERT INTO kept_bytes (account_id, bytes)
    SELECT 0, new.size_bytes
    WHERE NOT EXISTS (SELECT 1 FROM message WHERE raw_hash = new.raw_hash AND bytes_here = 1 AND id <> new.id)
    ON CONFLICT (account_id) DO UPDATE SET bytes = bytes + excluded.bytes;
END;
CREATE TRIGGER kept_emptied AFTER UPDATE OF bytes_here ON message WHEN new.bytes_here = 0 AND old.bytes_here = 1 BEGIN
  UPDATE kept_bytes SET bytes = bytes - old.size_bytes WHERE account_id = old.account_id;
  UPDATE kept_bytes SET bytes = bytes - old.size_bytes
    WHERE account_id = 0 AND NOT EXISTS (SELECT 1 FROM message WHERE raw_hash = old.raw_hash AND bytes_here = 1);
END;

-- What is given back is looked for from the oldest on.
CREATE INDEX message_kept ON message(account_id, received_at) WHERE bytes_here = 1;

-- Bodies that came because somebody opened them: they stay for a while, though the limit would leave them out.
CREATE TABLE opened_body (
  message_id INTEGER PRIMARY KEY REFERENCES message(id) ON DELETE CASCADE,
  opened_at INTEGER NOT NULL
) STRICT;
