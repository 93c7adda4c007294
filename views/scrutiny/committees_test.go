package scrutiny

import (
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"

	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/scrutiny"
	"github.com/police-ict/handover/views/page"
)

// ending is a committee whose mandate ends, with one matter accepted, one not,
// and one that it accepted itself.
func ending() scrutiny.CommitteePage {
	first := scrutiny.Committee{Slug: "first", Name: "First", Terms: "To hold it to account.", Body: office.TheAssociation, First: "2012-01-01", Last: "2013-03-31", Successor: "next"}
	next := scrutiny.Committee{Slug: "next", Name: "Next", First: "2013-04-01", Seats: []scrutiny.Seat{{Office: office.Office{ID: 7, Title: "Chair elect", Body: office.TheAssociation, Kind: office.Chair}, Role: scrutiny.SeatChair, First: "2013-04-01"}}}
	old := scrutiny.Committee{Slug: "old", Name: "Old", First: "2011-01-01", Last: "2013-02-01", Successor: "first"}
	one := scrutiny.Charge{Kind: scrutiny.ChargeQuestion, Ref: "2012-031", Title: "A question", Body: office.TheCompany, Committee: "first", Since: "2012-11-01", Due: "2013-01-10", Open: true}
	two, three := one, one
	two.Kind, two.Ref, two.Heir, two.Due = scrutiny.ChargeUndertaking, "2012-004", "next", ""
	three.Ref, three.Committee, three.Heir, three.Due = "2012-032", "old", "first", "2013-02-10"
	return scrutiny.CommitteePage{CommitteeListed: scrutiny.CommitteeListed{Committee: first, Open: 2, Overdue: 1, Accepted: 1, Orphans: 1}, All: scrutiny.Committees{"first": first, "next": next, "old": old},
		Charges: []scrutiny.Charge{one, two, three}, Now: decisionNoon}
}

func has(t *testing.T, page string, words ...string) {
	t.Helper()
	for _, w := range words {
		if !strings.Contains(strings.ReplaceAll(page, "\u2011", "-"), w) {
			t.Errorf("the page lacks %q", w)
		}
	}
}

func TestACommitteeSaysWhoHasItsWork(t *testing.T) {
	p := ending()
	stranger := shown(t, office.Viewer{}, Committee(p))
	has(t, stranger, "2 open items, 1 overdue", "1 of 2 open items accepted by the successor", "Not yet accepted by a committee", "Accepted by the Next", "Passes from the Old when its mandate ends",
		"10 January 2013, overdue", "Committee to consider the reply", `href="/questions/2012-031"`, `href="/recommendations/2012-004"`, "Successor to")
	heir := office.Viewer{Person: 1, Office: office.Office{ID: 7, Kind: office.Chair, Body: "elsewhere"}}
	if strings.Contains(stranger, "/accept") || !strings.Contains(shown(t, heir, Committee(p)), "/committees/first/accept") {
		t.Error("the way to accept lies")
	}
	form := shown(t, heir, AcceptForm(p))
	has(t, form, `value="question/2012-031"`, `id="ref"`, "Accept all 1", "Addressed to Police ICT Company. Due: 10 January 2013, overdue.")
	if strings.Contains(form, "undertaking/2012-004") || strings.Contains(form, "question/2012-032") {
		t.Error("what is accepted, or not held, is offered")
	}
	check := shown(t, heir, AcceptCheck(p, []string{"question/2012-031"}, false))
	has(t, check, "<li>Question 2012-031: A question</li>", "on the day after 31 March 2013", "Nothing has been recorded yet")
}

// shown is a page or a part of one as a viewer gets it.
func shown(t *testing.T, v office.Viewer, c templ.Component) string {
	t.Helper()
	var b strings.Builder
	if err := c.Render(page.With(t.Context(), page.Chrome{Viewer: v, Now: decisionNoon}), &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

var decisionNoon = time.Date(2013, 1, 14, 12, 0, 0, 0, time.UTC)
