-- Charsets that the user chose where a message lies about its own: for messages that are here, and for whatever a sender writes later.

CREATE TABLE sender_charset (
  address TEXT PRIMARY KEY,          -- lower case
  charset TEXT NOT NULL              -- WHATWG name
) STRICT, WITHOUT ROWID;

CREATE TABLE read_as (
  message_id INTEGER PRIMARY KEY REFERENCES message(id) ON DELETE CASCADE,
  charset TEXT NOT NULL
) STRICT;
