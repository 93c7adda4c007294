-- +goose Up
-- Scrutiny committees, with their mandates and seats.
CREATE TABLE committees (
	slug      TEXT PRIMARY KEY,
	turn      BIGINT NOT NULL, -- number of its changes
	committee TEXT NOT NULL    -- canonical JSON of Committee
);

-- Whose work each matter of scrutiny is, open or closed.
CREATE TABLE charges (
	kind      TEXT NOT NULL,    -- question, recommendation, undertaking
	ref       TEXT NOT NULL,    -- "2012-031"
	title     TEXT NOT NULL,
	body      TEXT NOT NULL,    -- that it is put to
	committee TEXT NOT NULL,    -- slug, '' is of no committee
	heir      TEXT NOT NULL,    -- slug of the committee that accepted it, '' is none
	since     TEXT NOT NULL,    -- day
	due       TEXT NOT NULL,    -- day on which the body must next do something, '' while it owes nothing
	open      BOOLEAN NOT NULL,
	PRIMARY KEY (kind, ref)
);
CREATE INDEX charges_committee ON charges (committee, open, since, kind, ref);
CREATE INDEX charges_heir ON charges (heir, open, since, kind, ref);
CREATE INDEX charges_body ON charges (body, open, due, kind, ref);
