-- +goose Up
-- Bank holidays that an administrator added to those of the program. One that
-- was removed before it came no longer stands.
CREATE TABLE bank_holidays (
	id      BIGINT PRIMARY KEY,
	day     TEXT NOT NULL,
	stands  BOOLEAN NOT NULL,
	holiday TEXT NOT NULL -- canonical JSON of Holiday
);
CREATE UNIQUE INDEX bank_holidays_day ON bank_holidays (day) WHERE stands = TRUE;
