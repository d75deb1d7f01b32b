-- What is known of a sending host's own copies in Sent, and why our copy of a message could not be filed.

CREATE TABLE sent_copy (
  account_id INTEGER NOT NULL REFERENCES account(id) ON DELETE CASCADE,
  server TEXT NOT NULL,              -- host:port the mail leaves by
  knowledge TEXT NOT NULL,           -- JSON of plan/sent-copy's SentKnowledge
  PRIMARY KEY (account_id, server)
) STRICT, WITHOUT ROWID;

ALTER TABLE outbox ADD COLUMN filing_failure TEXT;  -- JSON of FailureData: what the last try to file it met
