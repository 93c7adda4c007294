-- +goose Up
-- What the first page after a start needs of each load that stands. All of it
-- follows from the cells of the load and from the rules: it can be made again,
-- and a row that is behind its load or the rules is not read.
CREATE TABLE spend_totals (
	load   BIGINT PRIMARY KEY,
	moved  BIGINT NOT NULL,      -- as the load was when they were added up
	judged TEXT NOT NULL,        -- hash of the rules that judged
	data   BLOB NOT NULL         -- what it comes to by period, class, category and kind of payee
);
