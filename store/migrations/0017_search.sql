-- +goose Up
-- What search finds. All of it follows from the public rows of the record, from
-- the built-in bodies and from the loads that stand: it can be made again.
CREATE TABLE search_docs (
	id    INTEGER PRIMARY KEY,
	thing TEXT NOT NULL UNIQUE,  -- what it tells of: "decision/3"
	kind  TEXT NOT NULL,
	ref   TEXT NOT NULL,         -- as it is shown
	key   TEXT NOT NULL,         -- the reference, folded
	title TEXT NOT NULL,
	text  TEXT NOT NULL,
	href  TEXT NOT NULL,
	year  BIGINT NOT NULL,       -- 0 where it has none
	day   TEXT NOT NULL,         -- '' where it has none
	hash  TEXT NOT NULL,         -- of all the above
	shown BOOLEAN NOT NULL       -- whether it is found: words of a load are not before it stands
);
CREATE INDEX search_docs_key ON search_docs (key);

-- The words of each, by its number. The engines differ in this alone.
-- sqlite: CREATE VIRTUAL TABLE search_index USING fts5(title, text, facets, content='', contentless_delete=1, tokenize='ascii', prefix='3 4 5 6 7');
-- postgres: CREATE TABLE search_index (rowid BIGINT PRIMARY KEY, v TSVECTOR NOT NULL);
-- postgres: CREATE INDEX search_index_v ON search_index USING GIN (v);

-- Which loads show which names and purposes.
CREATE TABLE search_spend (
	load BIGINT NOT NULL,
	doc  BIGINT NOT NULL,
	PRIMARY KEY (load, doc)
);
CREATE INDEX search_spend_doc ON search_spend (doc, load);

CREATE TABLE search_state (
	id   BIGINT PRIMARY KEY CHECK (id = 1),
	made BIGINT NOT NULL         -- by which version of the rules all that was there already is in it
);
INSERT INTO search_state (id, made) VALUES (1, 0);
