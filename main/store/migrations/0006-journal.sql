-- The journal: every operation by its state, what it was about after the message has gone, and how often it was tried in vain.

ALTER TABLE operation ADD COLUMN tries INTEGER NOT NULL DEFAULT 0;  -- commands that broke the line or failed without being refused
ALTER TABLE operation ADD COLUMN reason TEXT;                       -- why it ended or waits, where it was not the server's own no: see JournalReason
ALTER TABLE operation ADD COLUMN about TEXT;                        -- JSON of subject and from, written when the message goes
CREATE INDEX operation_in_state ON operation(state, id) WHERE folder_id IS NULL;
CREATE INDEX operation_ended ON operation(ended_at) WHERE ended_at IS NOT NULL;
DROP INDEX operation_by_placement;
CREATE INDEX operation_by_placement ON operation(placement_id, id);
