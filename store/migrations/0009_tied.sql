-- +goose Up
-- How each decision stood when a file with payments under it was taken in.
CREATE TABLE load_decisions (
	load     BIGINT NOT NULL,
	decision BIGINT NOT NULL,
	held     BOOLEAN NOT NULL, -- it might not be implemented then
	under    TEXT NOT NULL,    -- canonical JSON of Under
	PRIMARY KEY (load, decision)
);

-- Payments under a decision, by their contract reference or by an officer.
CREATE TABLE spend_decisions (
	line     BIGINT NOT NULL,
	decision BIGINT NOT NULL,
	load     BIGINT NOT NULL,
	how      TEXT NOT NULL,    -- contract or officer
	paid     BIGINT NOT NULL,
	pence    BIGINT NOT NULL,
	stands   BOOLEAN NOT NULL, -- no officer untied it
	tie      TEXT NOT NULL,    -- canonical JSON of Tie, '' where no officer acted on it
	PRIMARY KEY (line, decision)
);
CREATE INDEX spend_decisions_load ON spend_decisions (load, line);
CREATE INDEX spend_decisions_of ON spend_decisions (decision, paid, line);
