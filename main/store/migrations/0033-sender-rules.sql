-- Whose mail goes to Junk on arrival and whose never does, by the user's word; and by which rule an operation was done, where the user did not do it.

CREATE TABLE sender_rule (
  scope TEXT NOT NULL CHECK (scope IN ('sender', 'domain')),
  value TEXT NOT NULL,               -- lower case
  verdict TEXT NOT NULL CHECK (verdict IN ('block', 'allow')),
  since INTEGER NOT NULL,            -- ms UTC; mail from before it stays where it is
  PRIMARY KEY (scope, value)
) STRICT, WITHOUT ROWID;

ALTER TABLE operation ADD COLUMN because TEXT;                      -- JSON of scope and value of the rule
