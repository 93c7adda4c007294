-- +goose Up
-- The ballots that stand are found without passing those that gave way.
CREATE INDEX ballots_standing_elector ON ballots (decision, elector) WHERE void_n = 0;
CREATE INDEX ballots_standing_person ON ballots (decision, person) WHERE void_n = 0;
