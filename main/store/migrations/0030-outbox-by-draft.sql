-- A draft that has served is removed when its message is delivered, and SQLite looks for those that name it (ON DELETE SET NULL): without
-- this through the whole outbox, for each one.
CREATE INDEX outbox_by_draft ON outbox(draft_id) WHERE draft_id IS NOT NULL;
