-- +goose Up
-- Meetings of committees, with their agendas, attendance and published minutes.
-- Minutes that are not published are sealed in the event that keeps them.
CREATE TABLE meetings (
	id        BIGINT PRIMARY KEY,
	committee TEXT NOT NULL,   -- slug
	held_on   TEXT NOT NULL,   -- day
	status    TEXT NOT NULL,
	turn      BIGINT NOT NULL, -- number of its changes
	meeting   TEXT NOT NULL    -- canonical JSON of Meeting
);
CREATE INDEX meetings_committee ON meetings (committee, held_on, id);
CREATE INDEX meetings_status ON meetings (status, held_on, id);
