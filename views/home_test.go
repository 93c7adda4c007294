package views

import (
	"testing"

	"github.com/police-ict/handover/store/record"
	recordview "github.com/police-ict/handover/views/record"
)

func TestADraftEventLeadsNowhereAndALaterOneToItsDecision(t *testing.T) {
	draft := record.Event{Act: "decision.draft", Subject: "decision/5", Payload: `{"now":{"decision/5":{"id":5,"status":"draft"}}}`}
	put := record.Event{Act: "decision.put-forward", Subject: "decision/5", Payload: `{"now":{"decision/5":{"id":5,"ref":"2013-002","title":"Extend hosting"}}}`}
	vote := record.Event{Act: "decision.vote", Subject: "decision/5", Payload: `{"now":{"ballot/1":{"id":1,"asked":{"decision":"2013-002"}}}}`}
	closed := record.Event{Act: "decision.close", Subject: "decision/5", Payload: `{}`}
	for _, c := range []struct {
		event       record.Event
		words, href string
	}{{draft, "Draft 5", ""}, {put, "Decision 2013-002", "/decisions/2013-002"}, {vote, "Decision 2013-002", "/decisions/2013-002"}, {closed, "Decision 5", "/decisions/draft-5"}} {
		if words, href := recordview.SubjectWords(c.event), recordview.SubjectHref(c.event); words != c.words || href != c.href {
			t.Errorf("%s: %q leads to %q", c.event.Act, words, href)
		}
	}
	if got := newsTitle(put); got != "Decision proposed: 2013‑002: Extend hosting" {
		t.Errorf("the news say %q", got)
	}
}
