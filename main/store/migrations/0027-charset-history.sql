-- Which charsets a sender's text turned out to be in where no label said so: surely recognised, or chosen by the user. `sender` is an address in
-- small letters, or @ and a domain.
CREATE TABLE charset_history (
  sender TEXT NOT NULL,
  charset TEXT NOT NULL,             -- WHATWG name
  count INTEGER NOT NULL,
  PRIMARY KEY (sender, charset)
) STRICT, WITHOUT ROWID;

-- Messages whose text fits several charsets and was read in the one that the sender is known for.
CREATE TABLE charset_vote (
  message_id INTEGER PRIMARY KEY REFERENCES message(id) ON DELETE CASCADE,
  charset TEXT NOT NULL
) STRICT;
