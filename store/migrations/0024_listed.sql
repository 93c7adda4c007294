-- +goose Up
-- The day by which a decision is listed: on which it was made, put forward or,
-- while a draft, last changed; and who decides it by the scheme that was in
-- force at its opening, '' until then. What was there before is filled in when
-- the portal starts.
ALTER TABLE decisions ADD COLUMN dated TEXT NOT NULL DEFAULT '';
ALTER TABLE decisions ADD COLUMN maker TEXT NOT NULL DEFAULT '';
CREATE INDEX decisions_dated ON decisions (dated, year, seq, id);
CREATE INDEX decisions_maker ON decisions (maker, year, seq, id);
