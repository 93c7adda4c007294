-- +goose Up
-- What an administrator asks for and a second person must agree to: the end of
-- an appointment that binds, a new invitation for someone who holds one.
CREATE TABLE people_requests (
	id          INTEGER PRIMARY KEY,
	kind        TEXT NOT NULL,    -- end, invitation
	person      BIGINT NOT NULL REFERENCES people (id),
	appointment BIGINT NOT NULL,  -- that is to end, 0 for an invitation
	last_day    TEXT NOT NULL,    -- of the appointment, '' for an invitation
	status      TEXT NOT NULL,    -- proposed, agreed, refused
	made_by     BIGINT NOT NULL,
	made_at     TEXT NOT NULL,
	decided_by  BIGINT NOT NULL,  -- 0 while it waits
	decided_at  TEXT,
	reason      TEXT NOT NULL     -- why it was refused
);
CREATE INDEX people_requests_status ON people_requests (status, id);

-- The second person who agreed to an invitation, 0 where none had to.
ALTER TABLE invitations ADD COLUMN agreed_by BIGINT NOT NULL DEFAULT 0;

-- Browsers from which a person signed in before. The cookie holds the token.
CREATE TABLE devices (
	hash    TEXT PRIMARY KEY,     -- of the token
	person  BIGINT NOT NULL REFERENCES people (id),
	seen_at TEXT NOT NULL
);
CREATE INDEX devices_person ON devices (person, seen_at);

-- Sign-ins and readings of restricted texts. It is no part of the record.
CREATE TABLE access_log (
	id      INTEGER PRIMARY KEY,
	at      TEXT NOT NULL,
	act     TEXT NOT NULL,        -- signed in, sign-in failed, signed out, password changed, read
	person  BIGINT NOT NULL,      -- 0 where no account was meant
	address TEXT NOT NULL,        -- where the request came from
	request TEXT NOT NULL,        -- its id in the program's log
	what    TEXT NOT NULL         -- what was read, or the browser
);
CREATE INDEX access_log_person ON access_log (person, id);
CREATE INDEX access_log_act ON access_log (act, id);
CREATE INDEX access_log_at ON access_log (at);
