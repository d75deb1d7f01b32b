-- What fills the sentence of an event's failure, as JSON: the sentence stays true when the message meets another failure, or none any more.
ALTER TABLE outbox_event ADD COLUMN params TEXT NOT NULL DEFAULT '{}';
