-- +goose Up
-- The second half of an invitation that two people agreed to: the administrator
-- who asked for it has the code, whoever agreed has the link, and neither takes
-- the account without the other.
ALTER TABLE invitations ADD COLUMN code TEXT NOT NULL DEFAULT ''; -- hash of it, '' where the link is enough
CREATE TABLE invitation_codes (
	request BIGINT PRIMARY KEY REFERENCES people_requests (id),
	hash    TEXT NOT NULL
);

-- Bank holidays that one administrator asks to add or to remove. They move
-- deadlines, so they take effect when a second administrator confirms them.
CREATE TABLE bank_holiday_proposals (
	id       BIGINT PRIMARY KEY,
	day      TEXT NOT NULL,
	status   TEXT NOT NULL,
	proposal TEXT NOT NULL -- canonical JSON of Proposal
);
CREATE UNIQUE INDEX bank_holiday_proposals_day ON bank_holiday_proposals (day) WHERE status = 'proposed';
