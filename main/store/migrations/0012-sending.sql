-- What outgoing servers allow: what they accepted in which hour of the last day, and what their answers taught.

CREATE TABLE sending_server (
  account_id INTEGER NOT NULL REFERENCES account(id) ON DELETE CASCADE,
  server TEXT NOT NULL,              -- host:port
  learnt TEXT NOT NULL,              -- JSON of plan/pace's LearntSending
  PRIMARY KEY (account_id, server)
) STRICT, WITHOUT ROWID;

CREATE TABLE sending_hour (
  account_id INTEGER NOT NULL REFERENCES account(id) ON DELETE CASCADE,
  server TEXT NOT NULL,
  hour INTEGER NOT NULL,             -- since 1970
  messages INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  PRIMARY KEY (account_id, server, hour)
) STRICT, WITHOUT ROWID;
