package web

import (
	"testing"

	"github.com/police-ict/handover/store/people"
)

// A person is told what others did since they were last here, which is not what
// they did themselves.
func TestTheHomePageSaysWhatChangedSince(t *testing.T) {
	t.Parallel()
	q := inquire(t)
	goes(t, q.clerk.do(303, "POST", "/questions/new", append(asksWhy(), "confirmed", "yes")...), firstQuestion)
	if err := people.LogAccess(t.Context(), q.st, people.SignedIn, q.people[2].Person, people.From{}, "a browser"); err != nil {
		t.Fatal(err)
	}
	says(t, q.officer.do(200, "GET", "/"), "You have 1 task", "Answer 2013-001", "Why you have been asked:", "Recent changes", "Question asked")
	q.clock.Day("2013-01-15")
	q.back(t)
	says(t, q.officer.do(200, "GET", "/"), "Changed since you were last here, on 14 January 2013", "Nothing has changed.")
	goes(t, q.clerk.do(303, "POST", "/questions/new", append(replaced(asksWhy(), "title", "What else changed?"), "confirmed", "yes")...), "/questions/2013-002")
	says(t, q.officer.do(200, "GET", "/"), "Question asked: 2013-002: What else changed?")
}

// The home page names the answers that are overdue, the longest first.
func TestTheHomePageNamesOverdueAnswers(t *testing.T) {
	t.Parallel()
	q := inquire(t)
	goes(t, q.clerk.do(303, "POST", "/questions/new", append(asksWhy(), "confirmed", "yes")...), firstQuestion)
	says(t, q.stranger.do(200, "GET", "/"), "No answer is overdue.")
	q.clock.Day("2013-02-14")
	says(t, q.stranger.do(200, "GET", "/"), "Overdue answers", "11 February 2013", "3 days", firstQuestion)
}
