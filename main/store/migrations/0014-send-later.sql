-- Send later: the moment that the user chose, ms UTC; NULL = as soon as possible.

ALTER TABLE outbox ADD COLUMN send_at INTEGER;
