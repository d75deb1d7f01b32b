-- How Satchel was, hour by hour, for seven days. Nothing of it is needed: a row that is lost is a gap in a curve.

CREATE TABLE account_hour (
  account_id INTEGER NOT NULL,
  hour INTEGER NOT NULL,             -- since 1970
  connected INTEGER NOT NULL,        -- lines that were opened
  failed INTEGER NOT NULL,           -- tries that ended in a failure
  lag_ms INTEGER NOT NULL,           -- the longest time in which it was not compared with its server
  waiting INTEGER NOT NULL,          -- the most that waited for the server at once
  PRIMARY KEY (account_id, hour)
) STRICT, WITHOUT ROWID;

CREATE TABLE program_hour (
  hour INTEGER PRIMARY KEY,          -- since 1970
  memory_bytes INTEGER NOT NULL,     -- the most at once
  database_bytes INTEGER NOT NULL,
  waiting INTEGER NOT NULL,          -- the most messages that were to be sent at once
  requests TEXT NOT NULL,            -- JSON of shared/durations: how long the window waited
  pauses TEXT NOT NULL               -- JSON, by thread: how long it did not listen
) STRICT;
