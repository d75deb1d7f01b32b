-- Who is known by a name: looked up for each message that is opened.

CREATE INDEX contact_written_by_name ON contact(name COLLATE NOCASE) WHERE written_to > 0;
