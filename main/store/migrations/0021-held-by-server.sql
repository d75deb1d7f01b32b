-- Who keeps a later message until its moment: NULL = this computer; wanted, asked, not-offered, too-far of its server (RFC 4865).
ALTER TABLE outbox ADD COLUMN hold TEXT;
-- 1 = over encrypted lines only, or not at all (RFC 8689).
ALTER TABLE outbox ADD COLUMN require_tls INTEGER NOT NULL DEFAULT 0;

-- What outgoing servers offered when they were reached last: JSON of plan/hold's Offers.
CREATE TABLE sending_offer (
  account_id INTEGER NOT NULL REFERENCES account(id) ON DELETE CASCADE,
  server TEXT NOT NULL,              -- host:port
  offers TEXT NOT NULL,
  PRIMARY KEY (account_id, server)
) STRICT, WITHOUT ROWID;
