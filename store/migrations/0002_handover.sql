-- +goose Up
CREATE TABLE programmes (
	id           BIGINT PRIMARY KEY,
	terms        TEXT NOT NULL,   -- canonical JSON of Programme
	completed_on TEXT NOT NULL,   -- '' until completion
	completed_n  BIGINT NOT NULL  -- event of the completion, 0 until then
);

CREATE TABLE accessions (
	body        TEXT PRIMARY KEY,
	status      TEXT NOT NULL,
	step        TEXT NOT NULL     -- canonical JSON of Accession
);

-- Documents by the hash of their content; each use of one is a paper.
CREATE TABLE contents (
	hash    TEXT PRIMARY KEY,     -- hex SHA-256
	content BLOB NOT NULL
);

CREATE TABLE documents (
	id          INTEGER PRIMARY KEY,
	hash        TEXT NOT NULL,    -- of its content
	name        TEXT NOT NULL,    -- the file's name
	type        TEXT NOT NULL,    -- as found in its content
	size        BIGINT NOT NULL,  -- bytes
	title       TEXT NOT NULL,    -- what it is
	subject     TEXT NOT NULL,    -- '' while it is a draft of a form
	body        TEXT NOT NULL,    -- whose office gave it in
	person      BIGINT NOT NULL,
	added_at    TEXT NOT NULL,
	added_n     BIGINT NOT NULL,  -- the event that commits to it, 0 for a draft
	published_n BIGINT NOT NULL   -- the event that published it, 0 while restricted
);
CREATE INDEX documents_subject ON documents (subject, id);
CREATE INDEX documents_hash ON documents (hash);

-- Statements and opening balances as prepared, to be certified. The last
-- version counts; earlier ones can be read for ever.
CREATE TABLE prepared (
	what        TEXT NOT NULL CHECK (what IN ('statement', 'balance')),
	version     BIGINT NOT NULL,
	content     TEXT NOT NULL,    -- canonical JSON
	hash        TEXT NOT NULL,    -- hex SHA-256 of content
	prepared_by BIGINT NOT NULL,
	prepared_at TEXT NOT NULL,
	n           BIGINT NOT NULL,
	PRIMARY KEY (what, version)
);

CREATE TABLE certificates (
	id      INTEGER PRIMARY KEY,
	what    TEXT NOT NULL CHECK (what IN ('statement', 'balance')),
	version BIGINT NOT NULL,
	body    TEXT NOT NULL,        -- the transferor
	void_n  BIGINT NOT NULL,      -- the event that voided it, 0 while it stands
	terms   TEXT NOT NULL         -- canonical JSON of Certificate
);
CREATE INDEX certificates_standing ON certificates (what, void_n);
