-- +goose Up
-- Inquiries of committees, the evidence they took in, and what they reported.
CREATE TABLE inquiries (
	slug      TEXT PRIMARY KEY,
	seq       BIGINT NOT NULL UNIQUE, -- in the order in which they were opened
	committee TEXT NOT NULL,          -- slug
	status    TEXT NOT NULL,          -- called, reported, abandoned
	closes    TEXT NOT NULL,          -- last day for evidence
	turn      BIGINT NOT NULL,        -- number of its changes
	inquiry   TEXT NOT NULL           -- canonical JSON of Inquiry
);
CREATE INDEX inquiries_committee ON inquiries (committee, seq);
CREATE INDEX inquiries_status ON inquiries (status, closes, seq);

-- The words that an inquiry is found by.
CREATE TABLE inquiry_words (
	word TEXT NOT NULL,
	seq  BIGINT NOT NULL,
	PRIMARY KEY (word, seq)
);
CREATE INDEX inquiry_words_seq ON inquiry_words (seq, word);

-- Evidence, in the order in which it was taken in.
CREATE TABLE evidence (
	inquiry  TEXT NOT NULL,   -- slug
	number   BIGINT NOT NULL, -- from 1 within the inquiry
	status   TEXT NOT NULL,   -- confidential, published, withdrawn
	review   TEXT NOT NULL,   -- day on which confidence is looked at again, '' where it is not kept
	turn     BIGINT NOT NULL, -- number of its changes
	evidence TEXT NOT NULL,   -- canonical JSON of Submission
	PRIMARY KEY (inquiry, number)
);
CREATE INDEX evidence_review ON evidence (status, review, inquiry, number);

-- The words of published evidence.
CREATE TABLE evidence_texts (
	inquiry TEXT NOT NULL,
	number  BIGINT NOT NULL,
	text    TEXT NOT NULL, -- canonical JSON of EvidenceText
	PRIMARY KEY (inquiry, number)
);

-- The report of each inquiry: a draft's words are sealed in the record.
CREATE TABLE reports (
	inquiry TEXT PRIMARY KEY, -- slug
	status  TEXT NOT NULL,    -- draft, published
	version BIGINT NOT NULL,  -- of the draft
	report  TEXT NOT NULL     -- canonical JSON of Report
);
