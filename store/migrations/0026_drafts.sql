-- +goose Up
-- What somebody typed in a form and saved to send later. It belongs to one
-- person in one role, and is deleted when it is sent or after 90 days.
CREATE TABLE drafts (
	id       TEXT PRIMARY KEY,
	person   BIGINT NOT NULL,
	office   BIGINT NOT NULL,   -- the role that it was saved in
	path     TEXT NOT NULL,     -- the address of its form
	title    TEXT NOT NULL,     -- as lists show it
	once     TEXT NOT NULL,     -- the key of the form that it was first saved from
	fields   TEXT NOT NULL,     -- JSON of the fields of the form
	version  BIGINT NOT NULL,
	saved_at TEXT NOT NULL
);
CREATE INDEX drafts_person ON drafts (person, office, saved_at);
CREATE INDEX drafts_saved ON drafts (saved_at);
