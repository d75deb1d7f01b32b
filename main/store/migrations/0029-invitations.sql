-- What calendars in mail said of events, one row for each event and message, so that an invitation can tell what changed since the one
-- before and that it no longer counts. Rows outlive their message: an update is compared with an invitation that was deleted.

CREATE TABLE invitation (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  account_id INTEGER NOT NULL REFERENCES account(id) ON DELETE CASCADE,
  message_id INTEGER REFERENCES message(id) ON DELETE SET NULL,
  uid TEXT NOT NULL,
  occurrence TEXT NOT NULL,          -- the date of a series that it is about; '' the whole
  method TEXT NOT NULL,
  sequence INTEGER NOT NULL,
  stamp_at INTEGER,
  organiser TEXT NOT NULL,           -- lower case; ''
  sender TEXT NOT NULL,              -- who the message is from; lower case
  facts TEXT NOT NULL                -- JSON of plan/invitations
) STRICT;
CREATE INDEX invitation_of_uid ON invitation(uid);
CREATE UNIQUE INDEX invitation_of_message ON invitation(message_id, uid, occurrence) WHERE message_id IS NOT NULL;

-- What the user answered. One that was taken back out of the outbox is deleted.
CREATE TABLE invitation_answer (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  account_id INTEGER NOT NULL REFERENCES account(id) ON DELETE CASCADE,
  uid TEXT NOT NULL,
  occurrence TEXT NOT NULL,
  address TEXT NOT NULL,             -- the user's, lower case
  answer TEXT NOT NULL CHECK (answer IN ('accepted', 'tentative', 'declined')),
  comment TEXT NOT NULL,
  sequence INTEGER NOT NULL,         -- of what was answered
  at INTEGER NOT NULL,
  outbox_id INTEGER NOT NULL
) STRICT;
CREATE INDEX invitation_answer_to ON invitation_answer(uid);
CREATE INDEX invitation_answer_sent ON invitation_answer(outbox_id);
