package scrutiny_test

import (
	"testing"

	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/scrutiny"
	"github.com/police-ict/handover/store/storetest"
)

func TestWhatScrutinySaidOfADecision(t *testing.T) {
	h := hear(t)
	ref := storetest.Published(t, h.Tx, "override", authority.Effect{Kind: authority.OverridesIt, Subject: "condition/schedule"})
	read := func(ref string) scrutiny.OfDecision {
		t.Helper()
		o, err := scrutiny.ReadOfDecision(t.Context(), h.Tx, ref)
		h.must(err)
		return o
	}
	if o := read(ref); !o.None() {
		t.Errorf("nothing was said: %+v", o)
	}
	asked, err := scrutiny.AskQuestion(t.Context(), h.Tx, h.chair, scrutiny.QuestionForm{Title: "Why this one?", Text: "Who asked for it?", To: office.TheCompany, Committee: "scrutiny", About: "decision/" + ref})
	h.must(err)
	h.asks(h.chair, "scrutiny") // about nothing in particular
	o := read(ref)
	if o.None() || len(o.Questions) != 1 || o.Questions[0].Ref != asked || len(o.Findings)+len(o.Recommendations) != 0 {
		t.Errorf("one question was asked: %+v", o)
	}
	if o := read(ref[:len(ref)-1]); !o.None() {
		t.Errorf("of another reference: %+v", o)
	}
}
