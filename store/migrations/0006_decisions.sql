-- +goose Up
-- Versions of the scheme of authority. One is in force on a day: the latest
-- that is adopted and has begun.
CREATE TABLE schemes (
	version BIGINT PRIMARY KEY,
	scheme  TEXT NOT NULL -- canonical JSON of SchemeVersion
);

CREATE TABLE decisions (
	id         BIGINT PRIMARY KEY,
	ref        TEXT UNIQUE,      -- "2012-014"; NULL while a draft
	year       BIGINT NOT NULL,  -- of the reference, 0 while a draft
	seq        BIGINT NOT NULL,  -- within the year, without gaps
	status     TEXT NOT NULL,
	body       TEXT NOT NULL,    -- whose office proposed it
	office     TEXT NOT NULL,    -- kind of that office
	matter     TEXT NOT NULL,    -- key of a kind of matter of the scheme
	pence      BIGINT NOT NULL,  -- whole-life value
	contract   TEXT NOT NULL,    -- folded contract reference, '' where none
	closes_at  TEXT,             -- when voting closes or the resolution lapses; once published, when the call-in closes
	hold_until TEXT,             -- from when it may be implemented, as things stand; NULL while that cannot be told
	moved_at   TEXT NOT NULL,    -- of its last event
	turn       BIGINT NOT NULL,  -- number of its events
	decision   TEXT NOT NULL     -- canonical JSON of Decision
);
CREATE INDEX decisions_listed ON decisions (year, seq, id);
CREATE INDEX decisions_status ON decisions (status, year, seq, id);
CREATE INDEX decisions_matter ON decisions (matter, year, seq, id);
CREATE INDEX decisions_body ON decisions (body, year, seq, id);
CREATE INDEX decisions_office ON decisions (office, year, seq, id);
CREATE INDEX decisions_value ON decisions (pence);
CREATE INDEX decisions_contract ON decisions (contract);
CREATE INDEX decisions_closing ON decisions (status, closes_at);
CREATE INDEX decisions_hold ON decisions (status, hold_until);

-- Versions of papers. A draft's words are sealed in the event that added it.
CREATE TABLE papers (
	decision BIGINT NOT NULL REFERENCES decisions (id),
	version  BIGINT NOT NULL,
	n        BIGINT NOT NULL, -- the event that added it
	paper    TEXT NOT NULL,   -- canonical JSON of PaperVersion
	PRIMARY KEY (decision, version)
);

-- The words that a decision put forward is found by, and the company numbers
-- of its suppliers.
CREATE TABLE decision_words (
	word     BYTETEXT NOT NULL, -- compared byte by byte on both engines
	decision BIGINT NOT NULL,
	PRIMARY KEY (word, decision)
);
CREATE INDEX decision_words_of ON decision_words (decision);
CREATE TABLE decision_suppliers (
	company  TEXT NOT NULL,
	decision BIGINT NOT NULL,
	PRIMARY KEY (company, decision)
);

-- One vote, approval or consent each. Only those that are not void count.
CREATE TABLE ballots (
	id       BIGINT PRIMARY KEY,
	decision BIGINT NOT NULL REFERENCES decisions (id),
	elector  TEXT NOT NULL,   -- body that votes, or "seat 3"
	role     TEXT NOT NULL,   -- "vote", or "consent" with its matter
	person   BIGINT NOT NULL,
	cast_on  TEXT NOT NULL,   -- London day
	cast_n   BIGINT NOT NULL, -- its event
	void_n   BIGINT NOT NULL, -- event that voided it, 0 while it counts
	ballot   TEXT NOT NULL    -- canonical JSON of Ballot
);
CREATE INDEX ballots_person ON ballots (person, cast_on);
CREATE INDEX ballots_decision ON ballots (decision, id);
CREATE UNIQUE INDEX ballots_once ON ballots (decision, role, elector, void_n);
