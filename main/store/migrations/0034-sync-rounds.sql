-- Where the time of each synchronisation went, for seven days. Nothing of it is needed: what is lost is learnt anew.

CREATE TABLE sync_round (
  id INTEGER PRIMARY KEY,
  account_id INTEGER NOT NULL,
  ended_at INTEGER NOT NULL,         -- ms UTC
  notable INTEGER NOT NULL,          -- 1: something came, it was slow, or it did not come to its end
  facts TEXT NOT NULL                -- JSON of store/sync-rounds: how long, where, how much, and what would have been usual
) STRICT;

CREATE INDEX sync_round_of_account ON sync_round (account_id, ended_at);
CREATE INDEX sync_round_notable ON sync_round (id) WHERE notable = 1;
