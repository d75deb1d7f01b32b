-- Folders that are made, renamed, moved and deleted here, also while offline.

ALTER TABLE folder ADD COLUMN on_server INTEGER NOT NULL DEFAULT 1;     -- 0 = made here, and the server has not heard of it: its path is a stand-in
ALTER TABLE folder ADD COLUMN mailbox_id TEXT;                          -- RFC 8474 MAILBOXID, which a rename does not change
ALTER TABLE folder ADD COLUMN rights TEXT;                              -- RFC 4314 letters of MYRIGHTS; NULL = not asked, or no ACL
ALTER TABLE folder ADD COLUMN read_only INTEGER NOT NULL DEFAULT 0;     -- a SELECT to change something was answered READ-ONLY
ALTER TABLE folder ADD COLUMN no_inferiors INTEGER NOT NULL DEFAULT 0;  -- nothing can be made in it
ALTER TABLE folder ADD COLUMN told_role TEXT NOT NULL DEFAULT 'none';   -- by the server or by its name; role is what counts
UPDATE folder SET told_role = role;

ALTER TABLE account ADD COLUMN folder_prefix TEXT NOT NULL DEFAULT '';  -- of the personal namespace, with its separator
ALTER TABLE account ADD COLUMN only_subscribed INTEGER NOT NULL DEFAULT 0;

-- Roles set by hand. folder_id NULL = no folder is to have it.
CREATE TABLE chosen_role (
  account_id INTEGER NOT NULL REFERENCES account(id) ON DELETE CASCADE,
  role TEXT NOT NULL,
  folder_id INTEGER REFERENCES folder(id) ON DELETE CASCADE,
  PRIMARY KEY (account_id, role)
) STRICT, WITHOUT ROWID;

CREATE INDEX operation_on_folder ON operation(account_id, id) WHERE folder_id IS NOT NULL AND state IN ('pending', 'attempted', 'parked');
