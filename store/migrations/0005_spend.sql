-- +goose Up
-- Published spend. Its lines are kept in blocks, a row for up to 256 of them,
-- so that a load of ten million is neither large nor slow; store/spend_block.go
-- says how a block is written.

-- What every page of spend depends on.
CREATE TABLE spend_head (
	id      BIGINT PRIMARY KEY CHECK (id = 1),
	version BIGINT NOT NULL,       -- number of the last event that changed what is shown of spend
	lines   BIGINT NOT NULL        -- numbers of lines given out so far
);
INSERT INTO spend_head (id, version, lines) VALUES (1, 0, 0);

CREATE TABLE loads (
	id         INTEGER PRIMARY KEY,
	body       TEXT NOT NULL,
	status     TEXT NOT NULL,
	hash       TEXT NOT NULL,      -- hex SHA-256 of the file
	first_line BIGINT NOT NULL,    -- number of its first line, 0 before there is one
	lines      BIGINT NOT NULL,
	done       BIGINT NOT NULL,    -- lines staged so far
	person     BIGINT NOT NULL,    -- who sent the file, 0 on the command line
	made_at    TEXT NOT NULL,
	leased_to  TEXT,               -- until when a process works on it
	checked_at TEXT,               -- when its lines were last added up again
	differs    BOOLEAN NOT NULL,   -- they did not agree then
	moved      BIGINT NOT NULL,    -- the spend version that last changed it, 0 before the first
	n          BIGINT NOT NULL,    -- the event that told of it first, 0 for a draft
	load       TEXT NOT NULL,      -- canonical JSON of Load
	preview    TEXT NOT NULL       -- JSON of what the file would do, while it is a draft
);
CREATE INDEX loads_moved ON loads (moved);
CREATE INDEX loads_hash ON loads (hash);
CREATE INDEX loads_body ON loads (body, id);
CREATE INDEX loads_status ON loads (status, id);

-- A published file, kept once, compressed in parts.
CREATE TABLE spend_files (
	hash  TEXT NOT NULL,           -- of the file; or "rows of load 12", a workbook's rows as text
	part  BIGINT NOT NULL,
	start BIGINT NOT NULL,         -- offset of its first byte
	size  BIGINT NOT NULL,         -- bytes before compression
	data  BLOB NOT NULL,
	PRIMARY KEY (hash, part)
);

-- Words as published, each once, and the combinations that they stand in: many
-- to a row, numbered on from the first of the row.
CREATE TABLE spend_texts (
	first BIGINT PRIMARY KEY,
	data  BLOB NOT NULL            -- length and text, one after another
);
CREATE TABLE spend_combos (
	first BIGINT PRIMARY KEY,
	data  BLOB NOT NULL            -- supplier, company number, category, cost centre and purpose: numbers of texts, 0 is blank;
	                               -- 1 where it stands for lines whose supplier and purpose are withheld here
);

CREATE TABLE spend_blocks (
	first BIGINT PRIMARY KEY,      -- number of its first line
	load  BIGINT NOT NULL,
	lines BIGINT NOT NULL,
	hot   BLOB NOT NULL,           -- when, which combination, how much
	cold  BLOB NOT NULL            -- where in the file, and the rest as published
);
CREATE INDEX spend_blocks_load ON spend_blocks (load, first);

-- The roll-ups of a load, and the directory of its blocks.
CREATE TABLE spend_cells (
	load BIGINT NOT NULL,
	part BIGINT NOT NULL,
	data BLOB NOT NULL,
	PRIMARY KEY (load, part)
);

CREATE TABLE spend_rejected (
	load   BIGINT NOT NULL,
	sheet  BIGINT NOT NULL,
	record BIGINT NOT NULL,
	start  BIGINT NOT NULL,        -- of its text in the kept file, -1 where not kept
	size   BIGINT NOT NULL,
	reason TEXT NOT NULL,
	PRIMARY KEY (load, sheet, record)
);

-- Lines whose supplier, purpose and raw text are withheld here. What stood in
-- the block stands here meanwhile.
CREATE TABLE spend_withheld (
	line  BIGINT PRIMARY KEY,
	load  BIGINT NOT NULL,
	paid  BIGINT NOT NULL,
	pence BIGINT NOT NULL,
	was   BIGINT NOT NULL,         -- combination
	combo BIGINT NOT NULL,         -- that stands in its place
	rest  TEXT NOT NULL,
	state TEXT NOT NULL            -- canonical JSON of Withholding
);
CREATE INDEX spend_withheld_load ON spend_withheld (load);

CREATE TABLE spend_flags (
	line   BIGINT NOT NULL,
	method TEXT NOT NULL,
	load   BIGINT NOT NULL,
	mark   BIGINT NOT NULL,        -- the same for all lines of one finding
	pence  BIGINT NOT NULL,
	PRIMARY KEY (line, method)
);
CREATE INDEX spend_flags_load ON spend_flags (load);
CREATE INDEX spend_flags_mark ON spend_flags (mark);

CREATE TABLE spend_rules (
	id   BIGINT PRIMARY KEY,
	rule TEXT NOT NULL             -- canonical JSON of Rule
);

CREATE TABLE suppliers (
	id     INTEGER PRIMARY KEY,
	key    TEXT NOT NULL UNIQUE,   -- by which a published name is known: c:01234567 or n:name
	slug   TEXT NOT NULL UNIQUE,
	name   TEXT NOT NULL,          -- as first published
	number TEXT NOT NULL           -- of the company, '' where not known
);

-- Merges and renames, each of which can be undone.
CREATE TABLE supplier_changes (
	id     BIGINT PRIMARY KEY,
	change TEXT NOT NULL           -- canonical JSON of SupplierChange
);

CREATE TABLE spend_notes (
	id      BIGINT PRIMARY KEY,
	subject TEXT NOT NULL,         -- "line/12", "bar/kent?…", "cell/kent/2012-03"
	body    TEXT NOT NULL,
	note    TEXT NOT NULL          -- canonical JSON of Explanation
);
CREATE INDEX spend_notes_subject ON spend_notes (subject);

-- Which column of a publisher's table holds what, as an officer said once.
CREATE TABLE spend_mappings (
	body     TEXT NOT NULL,
	headings TEXT NOT NULL,        -- fingerprint of the headings
	mapping  TEXT NOT NULL,        -- JSON: field -> column
	load     BIGINT NOT NULL,      -- with which it was said
	PRIMARY KEY (body, headings)
);
