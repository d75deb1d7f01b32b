-- Senders whose mail is shown in its own colours in the dark as well, by the user's word.

CREATE TABLE original_colours (
  address TEXT PRIMARY KEY           -- lower case
) STRICT, WITHOUT ROWID;
