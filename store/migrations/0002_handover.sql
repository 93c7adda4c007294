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

-- Opening balances as prepared: the last one counts.
CREATE TABLE balances (
	version     BIGINT PRIMARY KEY,
	content     TEXT NOT NULL,    -- canonical JSON of BalanceContent
	hash        TEXT NOT NULL,
	prepared_by BIGINT NOT NULL,
	prepared_at TEXT NOT NULL,
	n           BIGINT NOT NULL
);

CREATE TABLE certificates (
	id        INTEGER PRIMARY KEY,
	what      TEXT NOT NULL CHECK (what IN ('statement', 'balance')),
	hash      TEXT NOT NULL,      -- of exactly what was certified
	body      TEXT NOT NULL,      -- the transferor
	person    BIGINT NOT NULL,
	office    BIGINT NOT NULL,
	at        TEXT NOT NULL,
	void_n    BIGINT NOT NULL,    -- the event that voided it, 0 while it stands
	voided_at TEXT,
	reason    TEXT NOT NULL       -- why it was voided
);
CREATE INDEX certificates_standing ON certificates (what, body, void_n);

-- Statements as certified or completed, by hash, so that an old one can be read again.
CREATE TABLE statements (
	hash    TEXT PRIMARY KEY,
	version BIGINT NOT NULL UNIQUE,
	content TEXT NOT NULL         -- canonical JSON of StatementContent
);
