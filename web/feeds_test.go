package web

import (
	"strings"
	"testing"
)

// What a feed tells of moves in it: an answer, and a day that passes.
func TestAFeedMovesWithWhatItTellsOf(t *testing.T) {
	q := inquire(t)
	q.chair.do(303, "POST", "/questions/new", sure(asksWhy())...)
	q.clock.Day("2013-01-15")
	q.back(t)
	q.chair.do(303, "POST", "/questions/new", sure(asksWhy("title", "Who approved it?"))...)
	first := func(want string) {
		t.Helper()
		body := q.stranger.do(200, "GET", "/questions.atom").Body.String()
		if _, entry, _ := strings.Cut(body, "<entry>"); !strings.Contains(entry[:min(len(entry), 400)], want) {
			t.Errorf("the first entry is not %q:\n%s", want, body)
		}
	}
	first("2013-002")
	q.clock.Day("2013-01-17")
	q.back(t)
	answer := []string{"turn", field(t, q.officer.do(200, "GET", firstQuestion+"/answer"), "turn"), "judgement", "answered", "text", "More was stored."}
	q.officer.do(303, "POST", firstQuestion+"/answer", sure(answer)...)
	first("2013-001: Why did hosting rise? (Answered)")
	says(t, q.stranger.do(200, "GET", "/questions.atom"), "<updated>2013-01-17T12:00:00Z</updated>", `rel="first"`)
	q.clock.Day("2013-02-25")
	first("2013-002")
	says(t, q.stranger.do(200, "GET", "/questions.atom"), "(Overdue)")
}

// Every list but search can be followed.
func TestListsCanBeFollowed(t *testing.T) {
	q := inquire(t)
	for _, path := range []string{"/bodies", "/ownership", "/handover", "/handover/milestones", "/handover/schedule", "/suppliers", "/suppliers/changes", "/spend/publication", "/committees",
		"/committees/scrutiny", "/committees/scrutiny/decisions", "/interests", "/authority/delegations", "/authority/schemes", "/authority", "/questions", "/decisions", "/recommendations", "/inquiries", "/spend/loads", "/record"} {
		says(t, q.stranger.do(200, "GET", path+".atom"), "<feed", `rel="self"`, `rel="first"`)
	}
	q.stranger.do(404, "GET", "/search.atom")
}
