-- +goose Up
-- Recommendations of committees, and undertakings given to them. Their numbers
-- rise with their references and with the days on which they were made.
CREATE TABLE recommendations (
	id             INTEGER PRIMARY KEY,
	ref            TEXT NOT NULL UNIQUE, -- "2012-004"
	year           BIGINT NOT NULL,      -- of the reference
	seq            BIGINT NOT NULL,      -- within the year, without gaps
	kind           TEXT NOT NULL,        -- recommendation, undertaking
	body           TEXT NOT NULL,        -- that it is put to
	committee      TEXT NOT NULL,        -- slug of the one that made it
	made           TEXT NOT NULL,        -- day
	acceptance     TEXT NOT NULL,
	implementation TEXT NOT NULL,
	priority       BOOLEAN NOT NULL,
	waits          TEXT NOT NULL,        -- for what: response, work, verdict, rejection; '' once it is closed
	due            TEXT NOT NULL,        -- day on which the body must next do something, '' while it owes nothing
	turn           BIGINT NOT NULL,      -- number of its events
	recommendation TEXT NOT NULL         -- canonical JSON of Recommendation
);
CREATE UNIQUE INDEX recommendations_year ON recommendations (year, seq);
CREATE INDEX recommendations_made ON recommendations (made, id);
CREATE INDEX recommendations_kind ON recommendations (kind, id);
CREATE INDEX recommendations_body ON recommendations (body, id);
CREATE INDEX recommendations_committee ON recommendations (committee, id);
CREATE INDEX recommendations_accepted ON recommendations (acceptance, implementation, id);
CREATE INDEX recommendations_done ON recommendations (implementation, id);
CREATE INDEX recommendations_owed ON recommendations (body, waits, due);
CREATE INDEX recommendations_waiting ON recommendations (committee, waits, id);
CREATE INDEX recommendations_priority ON recommendations (id) WHERE priority;

-- The words that one is found by.
CREATE TABLE recommendation_words (
	word           BYTETEXT NOT NULL, -- compared byte by byte on both engines
	recommendation BIGINT NOT NULL,
	PRIMARY KEY (word, recommendation)
);
CREATE INDEX recommendation_words_of ON recommendation_words (recommendation);

-- How many there are of each acceptance and implementation, in all and by the
-- month in which they were made, for each filter of body, committee, kind and
-- priority; and how many of those of a month are accepted in any form.
CREATE TABLE recommendation_counts (
	scope          TEXT NOT NULL, -- body|committee|kind|priority, each '' for any; with |accepted for the last
	made           TEXT NOT NULL, -- month, "2012-07"; '' is in all
	acceptance     TEXT NOT NULL,
	implementation TEXT NOT NULL,
	n              BIGINT NOT NULL,
	PRIMARY KEY (scope, made, acceptance, implementation)
);
