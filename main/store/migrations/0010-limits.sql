-- What providers allow: how much came in which hour of the last day, and what their refusals taught.

CREATE TABLE hour_use (
  account_id INTEGER NOT NULL,
  hour INTEGER NOT NULL,             -- since 1970
  bytes INTEGER NOT NULL,
  PRIMARY KEY (account_id, hour)
) STRICT, WITHOUT ROWID;
ALTER TABLE account ADD COLUMN learnt TEXT;   -- JSON of plan/limits' Learnt; NULL = nothing
