-- Gmail: a folder may only show a label of the messages that lie in All Mail.

ALTER TABLE folder ADD COLUMN label TEXT;            -- what X-GM-LABELS calls it; \All = All Mail itself; NULL = an ordinary mailbox

-- A placement under a label has no number of its own: home_id is the one in All Mail, whose flags and operations count for it.
ALTER TABLE placement ADD COLUMN home_id INTEGER;
-- Of such a placement: the server has the label too. 0 = only put on here, and not sent yet.
ALTER TABLE placement ADD COLUMN label_on_server INTEGER NOT NULL DEFAULT 0;
CREATE INDEX placement_labelled ON placement(folder_id) WHERE label_on_server = 1;
CREATE INDEX placement_by_home ON placement(home_id) WHERE home_id IS NOT NULL;
