-- What others report of messages: handed on, delayed, not delivered, read. One row for each report that came, one for each recipient
-- it speaks of. Rows outlive the report's own message: what became of a sent message is known though the bounce was deleted.

CREATE TABLE report (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  account_id INTEGER NOT NULL,       -- where it came
  message_id INTEGER,                -- the report itself; NULL once that is gone
  kind TEXT NOT NULL CHECK (kind IN ('delivery', 'receipt')),
  at INTEGER NOT NULL,               -- when it came
  reporting_host TEXT NOT NULL,
  subject TEXT NOT NULL,             -- of what it is about, as far as it tells
  base_subject TEXT NOT NULL,
  to_json TEXT NOT NULL,             -- JSON array of addresses
  about_sent_at INTEGER,
  -- The sent message that it is about, by account and Message-ID; NULL: not found, or it proves nothing
  sent_account_id INTEGER,
  sent_id TEXT
) STRICT;
CREATE INDEX report_of_message ON report(message_id);
CREATE INDEX report_of_sent ON report(sent_account_id, sent_id);
CREATE INDEX report_waiting ON report(base_subject) WHERE sent_id IS NULL;

CREATE TABLE report_recipient (
  report_id INTEGER NOT NULL REFERENCES report(id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  address TEXT NOT NULL,
  final_address TEXT NOT NULL,
  action TEXT NOT NULL,
  reason TEXT,
  status TEXT NOT NULL,
  words TEXT NOT NULL,
  host TEXT NOT NULL,
  retry_until INTEGER,
  PRIMARY KEY (report_id, position)
) STRICT, WITHOUT ROWID;

-- Message-IDs that a report may be about, for originals that come later than it.
CREATE TABLE report_candidate (
  reference TEXT NOT NULL,
  report_id INTEGER NOT NULL REFERENCES report(id) ON DELETE CASCADE,
  position INTEGER NOT NULL,         -- the surest first
  PRIMARY KEY (reference, report_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX candidate_of_report ON report_candidate(report_id, position);

-- How a sent message fares, for the lists: 0 nothing bad is known, 1 delayed, 2 somebody did not get it.
ALTER TABLE message ADD COLUMN delivery INTEGER NOT NULL DEFAULT 0;
-- Who wants to be told that it was read; '' nobody.
ALTER TABLE message ADD COLUMN receipt_to TEXT NOT NULL DEFAULT '';

-- What the user decided about a request for a receipt, once for each message.
CREATE TABLE receipt_answer (
  message_id INTEGER PRIMARY KEY,
  answer TEXT NOT NULL CHECK (answer IN ('sent', 'ignored')),
  at INTEGER NOT NULL
) STRICT;

-- Senders who never get one; lower case.
CREATE TABLE receipt_never (address TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
