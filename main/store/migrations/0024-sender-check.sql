-- Who answers for the sender's address, as it was found out once. settled 0 = DNS did not answer, to be asked again.

CREATE TABLE sender_check (
  message_id INTEGER PRIMARY KEY REFERENCES message(id) ON DELETE CASCADE,
  account_id INTEGER NOT NULL,
  vouching TEXT NOT NULL,            -- JSON of shared/contract/vouching
  server TEXT NOT NULL,              -- of the topmost Authentication-Results, "" without one
  settled INTEGER NOT NULL
) STRICT;
CREATE INDEX sender_check_of_account ON sender_check(account_id, message_id DESC);
