-- +goose Up
ALTER TABLE offices ADD COLUMN seat BIGINT NOT NULL DEFAULT 0; -- of a director, 0 for every other office

-- An office that lets another act for it.
CREATE TABLE delegations (
	id          BIGINT PRIMARY KEY,
	from_office BIGINT NOT NULL REFERENCES offices (id),
	to_office   BIGINT NOT NULL REFERENCES offices (id),
	function    TEXT NOT NULL CHECK (function IN ('vote', 'decide', 'consent', 'view')),
	matter      TEXT NOT NULL,    -- key of a kind of matter, '' is every kind
	limited     BOOLEAN NOT NULL,
	most        BIGINT NOT NULL,  -- pence of whole-life value, where limited
	first_day   TEXT NOT NULL,
	last_day    TEXT NOT NULL,    -- '' while none is set
	may_pass_on BOOLEAN NOT NULL,
	passed_on   BIGINT NOT NULL,  -- delegation that it passes on, 0 is none
	made_by     BIGINT NOT NULL,  -- person
	n           BIGINT NOT NULL,  -- event that made it
	ended_by    BIGINT NOT NULL   -- person, 0 while nobody set the last day afterwards
);

-- Entries of the registers of interests.
CREATE TABLE interests (
	id          BIGINT PRIMARY KEY,
	person      BIGINT NOT NULL REFERENCES people (id),
	company     TEXT NOT NULL,    -- company number, '' where none was given
	name        TEXT NOT NULL,
	nature      TEXT NOT NULL,
	first_day   TEXT NOT NULL,
	last_day    TEXT NOT NULL,    -- '' while none is set
	decision    TEXT NOT NULL,    -- the one matter that it was declared for, '' is every matter
	declared_on TEXT NOT NULL,
	declared_by BIGINT NOT NULL,  -- person
	n           BIGINT NOT NULL,  -- event that declared it
	ended_by    BIGINT NOT NULL   -- person, 0 while nobody set the last day afterwards
);
CREATE INDEX interests_person ON interests (person);
