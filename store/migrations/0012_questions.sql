-- +goose Up
-- Questions of scrutiny. The columns beside the row are what it is listed,
-- filtered and counted by.
CREATE TABLE questions (
	ref        TEXT PRIMARY KEY, -- "2012-031"
	year       BIGINT NOT NULL,
	seq        BIGINT NOT NULL,
	body       TEXT NOT NULL,    -- that it is put to
	from_body  TEXT NOT NULL,    -- of the office that asked
	office     BIGINT NOT NULL,  -- that asked
	committee  TEXT NOT NULL,    -- slug, '' is of no committee
	heir       TEXT NOT NULL DEFAULT '', -- that accepted it, as its charge says
	about_kind TEXT NOT NULL,    -- of the reference, '' is about nothing in particular
	about      TEXT NOT NULL,    -- reference
	stage      TEXT NOT NULL,    -- owed, in_review, answered, refused, withdrawn, closed
	due        TEXT NOT NULL,    -- last day for the answer, of the newest clock
	long_day   TEXT NOT NULL,    -- after it, it is long overdue
	replied    BOOLEAN NOT NULL, -- an answer or a refusal was given
	took       BIGINT NOT NULL,  -- working days to the first, -1 where there is none or it cannot be told
	late       BOOLEAN NOT NULL, -- one of them came after its due day
	viewed     BOOLEAN NOT NULL, -- scrutiny gave its view of the newest answer
	turn       BIGINT NOT NULL,  -- number of its changes
	question   TEXT NOT NULL     -- canonical JSON of Question
);
CREATE UNIQUE INDEX questions_number ON questions (year, seq);
CREATE INDEX questions_stage ON questions (stage, year, seq);
CREATE INDEX questions_body ON questions (body, year, seq);
CREATE INDEX questions_owed ON questions (body, stage, due, year, seq);
CREATE INDEX questions_from ON questions (from_body, year, seq);
CREATE INDEX questions_office ON questions (office, year, seq) WHERE stage = 'answered' AND viewed = FALSE;
CREATE INDEX questions_committee ON questions (committee, year, seq);
CREATE INDEX questions_heir ON questions (heir, year, seq);
CREATE INDEX questions_about_kind ON questions (about_kind, year, seq);
CREATE INDEX questions_about ON questions (about, year, seq);
CREATE INDEX questions_overdue ON questions (stage, due, body, replied, late);
CREATE INDEX questions_view ON questions (committee, year, seq) WHERE stage = 'answered' AND viewed = FALSE;

-- How many questions each body replied to in how many working days: the counts
-- of the rows above, kept with them.
CREATE TABLE question_times (
	body TEXT NOT NULL,
	took BIGINT NOT NULL,
	late BOOLEAN NOT NULL,
	n    BIGINT NOT NULL,
	PRIMARY KEY (body, took, late)
);

-- What was said on each question, in order.
CREATE TABLE said (
	question TEXT NOT NULL,
	seq      BIGINT NOT NULL,
	said     TEXT NOT NULL, -- canonical JSON of Said
	PRIMARY KEY (question, seq)
);

-- The words that each question is found by.
CREATE TABLE question_words (
	word     TEXT NOT NULL,
	question TEXT NOT NULL,
	PRIMARY KEY (word, question)
);
CREATE INDEX question_words_of ON question_words (question, word);
