package scrutiny_test

import (
	"testing"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/scrutiny"
	"github.com/police-ict/handover/store/storetest"
)

// A committee's list holds what it asked or took up and what it accepted of
// another; page after page, and counted once.
func TestAcceptedQuestionsAreListedForTheirSuccessor(t *testing.T) {
	h := hear(t)
	next := storetest.Holder(t, h.Tx, office.Chair, office.TheAssociation)
	storetest.AddCommittee(t, h.Tx, "next", civil.DayOf(h.clock.Now()), "", next, office.Viewer{}, h.clerk)
	var refs []string
	for i := range 6 {
		by, slug := h.chair, "scrutiny"
		if i%2 == 1 {
			by, slug = next, "next"
		}
		refs = append(refs, h.asks(by, slug))
	}
	all, err := scrutiny.AllCommittees(t.Context(), h.Tx)
	h.must(err)
	c := all["scrutiny"]
	c.Last, c.Successor = civil.DayOf(h.clock.Now()).Add(10), "next"
	h.must(scrutiny.ChangeCommittee(t.Context(), h.Tx, h.clerk, c))
	h.must(scrutiny.AcceptCharges(t.Context(), h.Tx, next, "scrutiny", []string{"question/" + refs[0], "question/" + refs[4]}))
	for slug, want := range map[string][]string{"next": {refs[5], refs[4], refs[3], refs[1], refs[0]}, "scrutiny": {refs[4], refs[2], refs[0]}} {
		var got []string
		f := scrutiny.QuestionFilter{Committee: slug}
		for {
			p, err := scrutiny.Questions(t.Context(), h.Tx, f, 2)
			h.must(err)
			if p.Count != int64(len(want)) {
				t.Errorf("%s: %d counted, want %d", slug, p.Count, len(want))
			}
			for _, q := range p.All {
				got = append(got, q.Ref)
			}
			if f.Before = p.Next; p.Next == "" {
				break
			}
		}
		if len(got) != len(want) {
			t.Fatalf("%s: %v, want %v", slug, got, want)
		}
		for i := range want {
			if got[i] != want[i] {
				t.Errorf("%s: %v, want %v", slug, got, want)
			}
		}
	}
}
