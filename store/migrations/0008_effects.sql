-- +goose Up
ALTER TABLE items ADD COLUMN decision TEXT NOT NULL DEFAULT ''; -- reference, under which its exception was accepted

-- Conditions of the handover that a decision overrides.
CREATE TABLE overrides (
	condition TEXT PRIMARY KEY,
	decision  TEXT NOT NULL,   -- reference
	n         BIGINT NOT NULL, -- the event that made it
	override  TEXT NOT NULL    -- canonical JSON of Override
);
