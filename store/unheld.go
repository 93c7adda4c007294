package store

import "github.com/police-ict/handover/store/record"

// Unheld is all that verify does not hold to the record, with the reason for
// each: no event tells of it, so there is nothing to hold it to.
var Unheld = []record.Unheld{
	{Table: "sessions", Why: "who is signed in: it changes without an event and ends by itself"},
	{Table: "sign_in_tries", Why: "wrong passwords, kept for minutes to slow a guesser down"},
	{Table: "invitations", Why: "hashes of invitations that are still open; that one was made is an event"},
	{Table: "invitation_codes", Why: "hashes of the codes of invitations that wait for a second person; the request is an event"},
	{Table: "devices", Why: "browsers from which somebody signed in before: hashes, which slow nobody down"},
	{Table: "ended_sessions", Why: "whose a session was that has ended, for twelve hours"},
	{Table: "access_log", Why: "sign-ins and readings of restricted texts: a log of its own, kept for 400 days"},
	{Table: "sent", Why: "keys of forms that were sent, for a week, so that none is taken twice; what they did is an event"},
	{Table: "typed", Why: "what somebody typed and has not recorded yet"},
	{Table: "drafts", Why: "forms that somebody saved to send later, for 90 days: nothing of them is recorded until they are sent"},
	{Table: "people", Columns: "password", Why: "hashes of passwords; that one was changed is an event"},
	{Table: "follows", Why: "what people follow is personal and no part of the record"},
	{Table: "outbox", Why: "mail on its way: it is told of by what it is about"},
	{Table: "mail_state", Why: "how far mail was made"},
	{Table: "documents", Columns: "added_at", Why: "when a file was uploaded, before the event that attached it"},
	{Table: "documents", Columns: "name", Why: "of documents attached by a version that did not seal the file’s name; later names are held"},
	{Table: "documents", Columns: "*draft", Why: "files uploaded for a form that is not sent yet: held only to their own content"},
	{Table: "loads", Columns: "person, made_at, leased_to, checked_at", Why: "who uploaded a file and when, and which process reads it: its events name who confirmed it"},
	{Table: "loads", Columns: "done, preview, *draft", Why: "files that are not read to their end: nothing of them counts yet"},
	{Table: "spend_head", Columns: "lines", Why: "how many numbers of lines were given out: some are given to files that were stopped"},
	{Table: "spend_mappings", Why: "which column held what last time: a suggestion that is shown before a file is loaded"},
	{Table: "spend_totals", Columns: "moved, judged, *missing or behind their load", Why: "sums kept to save time: one that is behind is not read, and one that is read is held to its load"},
	{Table: "search_index", Why: "the index of words, made from search_docs, which is held; the engine checks its form"},
	{Table: "search_state", Columns: "*behind", Why: "where the portal was not started since its rules of search changed, what search finds is not checked, and that is said"},
	{Table: "goose_db_version", Columns: "id, tstamp", Why: "when each table was made"},
}

// CannotHold reports whether a column of a table, or with "" all of the table,
// is in Unheld.
func CannotHold(table, column string) bool { return record.CannotHold(Unheld, table, column) }
