-- +goose Up
-- The schedule of the handover: what passes from whom to whom.
CREATE TABLE items (
	id                    INTEGER PRIMARY KEY,
	kind                  TEXT NOT NULL,
	title                 TEXT NOT NULL,
	holder_before         TEXT NOT NULL,   -- slug of a body
	holder_after          TEXT NOT NULL,   -- slug of a body, '' while there is no receiver
	pence                 BIGINT NOT NULL, -- 0 where not valued
	valued                BOOLEAN NOT NULL,
	evidence              TEXT NOT NULL,   -- names the document that proves the transfer, '' while there is none
	status                TEXT NOT NULL CHECK (status IN ('proposed', 'agreed', 'accepted', 'exception_proposed', 'exception_agreed', 'excepted', 'withdrawn')),
	reason                TEXT NOT NULL,   -- of an exception or a withdrawal
	proposed_by           BIGINT NOT NULL,
	changed_by            TEXT NOT NULL,   -- JSON list of the people who changed it since
	agreed_by             BIGINT NOT NULL, -- 0 is nobody, here and below
	accepted_by           BIGINT NOT NULL,
	exception_by          BIGINT NOT NULL,
	exception_agreed_by   BIGINT NOT NULL,
	exception_accepted_by BIGINT NOT NULL,
	version               BIGINT NOT NULL, -- number of changes of its content, adding included
	folded                TEXT NOT NULL    -- the words it is found by
);
CREATE INDEX items_status ON items (status, id);
CREATE INDEX items_kind ON items (kind, id);
CREATE INDEX items_before ON items (holder_before, id);
CREATE INDEX items_after ON items (holder_after, id);
