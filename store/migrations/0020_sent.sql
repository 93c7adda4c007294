-- +goose Up
-- What was sent once, so that it is not done twice. A row is written in the
-- transaction of the act; where it led is added when the answer is made. Rows
-- are forgotten after a week.
CREATE TABLE sent (
	key         TEXT PRIMARY KEY,  -- SHA-256 of the person, the address and the form's own key
	person      BIGINT NOT NULL,
	content     TEXT NOT NULL,     -- SHA-256 of person, office, address and fields
	first_event BIGINT NOT NULL,   -- that the act recorded; 0 is none
	last_event  BIGINT NOT NULL,
	led_to      TEXT NOT NULL,     -- the address it led to; '' until it is known
	notice      TEXT NOT NULL,     -- what the next page said
	made_at     TEXT NOT NULL
);
CREATE INDEX sent_content ON sent (content, made_at);
CREATE INDEX sent_made ON sent (made_at);

-- What somebody typed and has not recorded: a form that waits to be confirmed,
-- or that met the end of a session. No password and no file is ever in it.
CREATE TABLE typed (
	key     TEXT PRIMARY KEY,      -- SHA-256 of what the address holds
	person  BIGINT NOT NULL,       -- whose it is: nobody else is shown it
	path    TEXT NOT NULL,
	purpose TEXT NOT NULL,         -- check, again
	form    TEXT NOT NULL,         -- JSON of the fields, and of what was wrong with them
	made_at TEXT NOT NULL
);
CREATE INDEX typed_person ON typed (person, made_at);

-- Whose a session was that has ended, so that what was typed in it is given
-- back to the same person. Rows are forgotten after twelve hours.
CREATE TABLE ended_sessions (
	hash     TEXT PRIMARY KEY,
	person   BIGINT NOT NULL,
	ended_at TEXT NOT NULL
);
