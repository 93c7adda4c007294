-- +goose Up
-- Rejected rows of which the text is withheld one by one. The row itself stays
-- where it is in the kept file.
CREATE TABLE spend_rejected_withheld (
	load   BIGINT NOT NULL,
	sheet  BIGINT NOT NULL,
	record BIGINT NOT NULL,
	state  TEXT NOT NULL,          -- canonical JSON of RejectedWithholding
	PRIMARY KEY (load, sheet, record)
);
