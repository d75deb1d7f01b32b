-- What is brought to this computer unasked, and how much of it is here.

ALTER TABLE account ADD COLUMN offline TEXT;   -- JSON of OfflinePolicy; NULL = everything
ALTER TABLE folder ADD COLUMN offline TEXT;    -- NULL = as its account

-- Messages whose bytes are not here, by the folder that shows them: what to fetch next is read from its end.
CREATE TABLE missing_body (
  folder_id INTEGER NOT NULL,
  received_at INTEGER NOT NULL,
  placement_id INTEGER NOT NULL,
  size_bytes INTEGER NOT NULL,
  PRIMARY KEY (folder_id, received_at, placement_id)
) STRICT, WITHOUT ROWID;
INSERT INTO missing_body (folder_id, received_at, placement_id, size_bytes)
SELECT placement.shown_folder_id, placement.received_at, placement.id, message.size_bytes
FROM placement JOIN message ON message.id = placement.message_id
WHERE placement.shown_folder_id IS NOT NULL AND message.bytes_here = 0;
DROP INDEX message_missing;

-- How much of a folder is here, by months since year 0 and by how many of the limits that a policy can name the messages exceed.
CREATE TABLE folder_month (
  folder_id INTEGER NOT NULL,
  month INTEGER NOT NULL,
  size_class INTEGER NOT NULL,
  total INTEGER NOT NULL,
  here INTEGER NOT NULL,
  bytes_missing INTEGER NOT NULL,
  PRIMARY KEY (folder_id, month, size_class)
) STRICT, WITHOUT ROWID;
INSERT INTO folder_month (folder_id, month, size_class, total, here, bytes_missing)
SELECT placement.shown_folder_id,
  coalesce(strftime('%Y', placement.received_at / 1000, 'unixepoch') * 12 + strftime('%m', placement.received_at / 1000, 'unixepoch') - 1, 0),
  (message.size_bytes > 1000000) + (message.size_bytes > 5000000) + (message.size_bytes > 10000000) + (message.size_bytes > 20000000)
    + (message.size_bytes > 50000000),
  count(*), sum(message.bytes_here), sum((1 - message.bytes_here) * message.size_bytes)
FROM placement JOIN message ON message.id = placement.message_id
WHERE placement.shown_folder_id IS NOT NULL
GROUP BY 1, 2, 3;
