-- +goose Up
CREATE TABLE milestones (
	id        BIGINT PRIMARY KEY,
	key       TEXT UNIQUE,     -- by which a page finds it: "handover"; NULL for most
	version   BIGINT NOT NULL, -- number of changes, adding included
	milestone TEXT NOT NULL    -- canonical JSON of Milestone
);
