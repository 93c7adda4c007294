-- +goose Up
-- Mail on its way. A row is made with what it tells of, and sent afterwards.
CREATE TABLE outbox (
	id        INTEGER PRIMARY KEY,
	key       TEXT NOT NULL UNIQUE,  -- what makes it one mail: "news/412/7" is event 412 to person 7
	kind      TEXT NOT NULL,         -- invitation, reminder, news
	person    BIGINT NOT NULL,       -- whose address it goes to, as it is when it is sent
	act       TEXT NOT NULL,         -- of the event that news tells of, '' otherwise
	title     TEXT NOT NULL,
	words     TEXT NOT NULL,         -- '' once it is sent
	href      TEXT NOT NULL,         -- path of the page; '' once it is sent, as it may hold an invitation
	why       TEXT NOT NULL,         -- why this person gets it
	stop      TEXT NOT NULL,         -- path that ends a follow, '' where there is none
	status    TEXT NOT NULL,         -- waiting, sent, given_up
	tries     BIGINT NOT NULL,       -- that failed
	made_at   TEXT NOT NULL,
	due_at    TEXT NOT NULL,         -- not tried before
	until     TEXT,                  -- not worth sending after
	leased_to TEXT,                  -- a process is sending it, until then
	sent_at   TEXT,
	fault     TEXT NOT NULL          -- of the last try, '' is none
);
CREATE INDEX outbox_due ON outbox (status, due_at, id);
CREATE INDEX outbox_person ON outbox (person);

-- What people follow. It is personal: it is not in the record, and erased with
-- the person.
CREATE TABLE follows (
	id      INTEGER PRIMARY KEY,
	person  BIGINT NOT NULL,
	subject TEXT NOT NULL,           -- "decision/2012-014", "body/kent", or the address of a list
	list    TEXT NOT NULL,           -- "/decisions" where things of a list are followed, '' otherwise
	filter  TEXT NOT NULL,           -- JSON of what the list is asked for
	title   TEXT NOT NULL,
	href    TEXT NOT NULL,
	token   TEXT NOT NULL UNIQUE,    -- ends it without signing in; it stands in every mail
	since   BIGINT NOT NULL,         -- the last event when it began
	made_at TEXT NOT NULL,
	UNIQUE (person, subject)
);
CREATE INDEX follows_subject ON follows (subject);
CREATE INDEX follows_list ON follows (list);

-- How far news has been told.
CREATE TABLE mail_state (
	id       BIGINT PRIMARY KEY,     -- 1
	event    BIGINT NOT NULL,        -- the last that was told of; -1 while mail is off
	reminded TEXT NOT NULL           -- the last day on which reminders were made
);
INSERT INTO mail_state (id, event, reminded) VALUES (1, -1, '');
CREATE INDEX charges_due ON charges (open, due);
