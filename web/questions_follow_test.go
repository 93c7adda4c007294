package web

import (
	"strings"
	"testing"

	"github.com/police-ict/handover/store"
	"github.com/police-ict/handover/store/storetest"
)

// Before a question is sent, those that are like it are shown: one may follow
// one of them instead, or go on and ask.
func TestAskingShowsWhatWasAskedAlready(t *testing.T) {
	s, st := mailing(t)
	chair := as(t, s, storetest.Holder(t, st, store.Chair, store.TheAssociation))
	v := storetest.Holder(t, st, store.Clerk, store.TheAssociation)
	clerk := as(t, s, v)
	if page := chair.do(200, "POST", "/questions/new", asksWhy()...).Body.String(); strings.Contains(page, "Was it asked already?") {
		t.Error("the first question is like another")
	}
	chair.do(303, "POST", "/questions/new", sure(asksWhy())...)
	again := asksWhy("title", "Hosting in Kent", "text", "What does it cost?")
	says(t, clerk.do(200, "POST", "/questions/new", again...), "Was it asked already?", `<a href="/questions/2013-001">Why did hosting rise?</a>`, "Question 2013-001, put to Police ICT Company on 14 January 2013",
		"Due", `value="question/2013-001"`, "Follow by mail", "Ask it")
	goes(t, clerk.do(303, "POST", "/follow", "subject", "question/2013-001"), "/questions/2013-001")
	says(t, clerk.do(200, "GET", "/questions/2013-001"), "You follow this by mail")
	says(t, clerk.do(200, "POST", "/questions/new", again...), "You follow question 2013-001 by mail.", "Ask it")
	goes(t, clerk.do(303, "POST", "/questions/new", sure(again)...), "/questions/2013-002")
	other := asksWhy("title", "Zebras", "text", "Zebras?")
	if page := chair.do(200, "POST", "/questions/new", other...).Body.String(); strings.Contains(page, "Was it asked already?") {
		t.Error("a question that shares no word is like another")
	}
}
