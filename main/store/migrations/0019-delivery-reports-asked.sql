-- Whether the sending server is to report what becomes of it (RFC 3461): wanted, asked, not-offered; NULL = not wanted.

ALTER TABLE outbox ADD COLUMN report TEXT;
