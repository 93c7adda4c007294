-- +goose Up
-- Written for SQLite; store/engine.go turns ids and blobs into PostgreSQL's words.
-- Instants are ISO text in UTC, days ISO text in London, money whole pence.

CREATE TABLE record_head (
	id         BIGINT PRIMARY KEY CHECK (id = 1),
	size       BIGINT NOT NULL,   -- number of events
	at         TEXT,              -- instant of the last one
	origin     TEXT NOT NULL,     -- first line of every checkpoint
	key        TEXT NOT NULL,     -- public key that checkpoints are signed for
	checkpoint TEXT NOT NULL,     -- the latest, signed
	demo       BOOLEAN NOT NULL   -- made by "handover demo"
);
INSERT INTO record_head (id, size, at, origin, key, checkpoint, demo) VALUES (1, 0, NULL, '', '', '', FALSE);

CREATE TABLE events (
	n       BIGINT PRIMARY KEY,
	at      TEXT NOT NULL,
	act     TEXT NOT NULL,
	topic   TEXT NOT NULL,        -- subject up to its slash
	subject TEXT NOT NULL,
	about   TEXT NOT NULL,        -- the body the matter is about, or ''
	person  BIGINT NOT NULL,      -- 0 when no person acted
	office  BIGINT NOT NULL,
	body    TEXT NOT NULL,        -- the body the office is at, or ''
	payload TEXT NOT NULL         -- canonical JSON of the whole event; its hash is the leaf
);
CREATE INDEX events_at ON events (at);
CREATE INDEX events_topic ON events (topic, n);
CREATE INDEX events_subject ON events (subject, n);
CREATE INDEX events_body ON events (body, n);
CREATE INDEX events_about ON events (about, n);
CREATE INDEX events_office ON events (office, n);

-- Which events say how a thing stands: the last one up to any event does.
CREATE TABLE event_rows (
	topic TEXT NOT NULL,
	thing TEXT NOT NULL,          -- "accession/kent"
	n     BIGINT NOT NULL REFERENCES events (n),
	PRIMARY KEY (topic, thing, n)
);
CREATE INDEX event_rows_thing ON event_rows (thing, n);

CREATE TABLE record_hashes (
	i BIGINT PRIMARY KEY,
	h BLOB NOT NULL
);

-- Restricted parts of events. Erasing one leaves every proof standing.
CREATE TABLE sealed (
	n    BIGINT NOT NULL REFERENCES events (n),
	name TEXT NOT NULL,
	salt BLOB NOT NULL,
	text BLOB NOT NULL,
	PRIMARY KEY (n, name)
);

CREATE TABLE people (
	id         INTEGER PRIMARY KEY,
	name       TEXT NOT NULL,     -- '' once erased
	email      TEXT NOT NULL,
	email_key  TEXT NOT NULL UNIQUE, -- folded; unique even when erased
	name_key   TEXT NOT NULL,
	password   TEXT NOT NULL,     -- argon2id, '' until the invitation is taken up
	added_at   TEXT NOT NULL,
	added_n    BIGINT NOT NULL    -- the event that added the person
);
CREATE INDEX people_name ON people (name_key, id);

CREATE TABLE invitations (
	hash       TEXT PRIMARY KEY,  -- of the token
	person     BIGINT NOT NULL REFERENCES people (id),
	made_by    BIGINT NOT NULL,   -- 0 is the command line
	expires_at TEXT NOT NULL
);
CREATE INDEX invitations_person ON invitations (person);

CREATE TABLE sign_in_tries (
	id     INTEGER PRIMARY KEY,
	source TEXT NOT NULL,         -- hash of "account …" or "address …"
	at     TEXT NOT NULL
);
CREATE INDEX sign_in_tries_source ON sign_in_tries (source, at);

CREATE TABLE sessions (
	hash       TEXT PRIMARY KEY,  -- of the token in the cookie
	person     BIGINT NOT NULL REFERENCES people (id),
	office     BIGINT NOT NULL,   -- acted in; 0 is the first held
	agent      TEXT NOT NULL,     -- the browser, in words
	notice     TEXT NOT NULL,     -- told on the next page
	started_at TEXT NOT NULL,
	seen_at    TEXT NOT NULL
);
CREATE INDEX sessions_person ON sessions (person);

CREATE TABLE offices (
	id    INTEGER PRIMARY KEY,
	body  TEXT NOT NULL,
	kind  TEXT NOT NULL,
	title TEXT NOT NULL,
	UNIQUE (body, kind, title)
);

CREATE TABLE appointments (
	id           INTEGER PRIMARY KEY,
	office       BIGINT NOT NULL REFERENCES offices (id),
	person       BIGINT NOT NULL REFERENCES people (id),
	from_day     TEXT NOT NULL,
	to_day       TEXT NOT NULL,   -- last day, '' while none is set
	acting       BOOLEAN NOT NULL,
	status       TEXT NOT NULL CHECK (status IN ('proposed', 'confirmed', 'refused')),
	made_by      BIGINT NOT NULL, -- 0 is the command line
	made_at      TEXT NOT NULL,
	confirmed_by BIGINT NOT NULL,
	confirmed_at TEXT,
	reason       TEXT NOT NULL
);
CREATE INDEX appointments_person ON appointments (person);
CREATE INDEX appointments_office ON appointments (office);

-- The register of members: rows are added, never changed.
CREATE TABLE register (
	n          BIGINT PRIMARY KEY REFERENCES events (n),
	kind       TEXT NOT NULL,
	registered TEXT NOT NULL,
	entry      TEXT NOT NULL      -- canonical JSON of the Entry
);
