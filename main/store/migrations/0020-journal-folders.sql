-- What was done to folders is in the journal too.

DROP INDEX operation_in_state;
CREATE INDEX operation_in_state ON operation(state, id);
-- Why a folder was refused without a word of the server stood where the server's words belong.
UPDATE operation SET reason = CASE server_words WHEN 'gone' THEN 'folder-gone' ELSE server_words END, server_words = NULL
WHERE folder_id IS NOT NULL AND server_words IN ('gone', 'folder-gone', 'folder-taken', 'folder-not-empty', 'folder-has-new-mail');
