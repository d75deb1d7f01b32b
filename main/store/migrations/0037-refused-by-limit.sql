-- What a mailbox takes at most (RFC 7889), where a message was too large for it; null for every other operation.
ALTER TABLE operation ADD COLUMN limit_bytes INTEGER;
