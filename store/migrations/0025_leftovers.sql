-- +goose Up
-- The second half of an invitation that two people agreed to: the administrator
-- who asked for it has the code, whoever agreed has the link, and neither takes
-- the account without the other.
ALTER TABLE invitations ADD COLUMN code TEXT NOT NULL DEFAULT ''; -- hash of it, '' where the link is enough
CREATE TABLE invitation_codes (
	request BIGINT PRIMARY KEY REFERENCES people_requests (id),
	hash    TEXT NOT NULL
);
