package decisions

import (
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"

	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/decisions"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/spend/report"
	"github.com/police-ict/handover/views/page"
	recordview "github.com/police-ict/handover/views/record"
)

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

func TestEveryStateAndActOfADecisionHasItsWords(t *testing.T) {
	for _, s := range decisions.States {
		if _, ok := decisionTones[s]; !ok {
			t.Errorf("the state %q has no words", s)
		}
	}
	for _, m := range decisions.Life {
		if decisionSteps[m.Act].Verb == "" && m.Act != decisions.ActVote && m.Act != decisions.ActGiveView || recordview.ActWords["decision."+string(m.Act)] == "" {
			t.Errorf("the act %s has no button or no heading", m.Act)
		}
	}
}

// contested is a poll of the board in which an interest counts.
func contested() decisions.Page {
	d := decisions.Page{Now: decisionNoon}
	d.Decision = decisions.Decision{ID: 7, Ref: "2013-007", Status: decisions.Refused, Body: office.TheCompany, Way: authority.ByPoll, ClosesAt: decisionNoon, Ended: "The poll was inquorate"}
	d.Paper = authority.Paper{Title: "Extend hosting"}
	d.Vote = authority.Tally{Who: authority.TheBoard, Rule: authority.Simple, Way: authority.ByPoll, Scheme: 1, Clause: "4.2", Total: 4, Excluded: 1, Counted: 3, For: 1, Against: 1, Quorum: 3,
		Electors: []authority.Elector{{Key: "seat 1", Votes: 1, Choice: authority.For}, {Key: "seat 2", Votes: 1, Choice: authority.Against}, {Key: "seat 3", Votes: 1}, {Key: "seat 4", Votes: 1, Excluded: "Alder Vale Hosting Ltd (sample)"}}}
	d.Tally = &d.Vote
	return d
}

func TestAnInterestThatChangedTheCountIsSaid(t *testing.T) {
	page := shown(t, office.Viewer{}, Decision(report.DecisionPage{Page: contested()}))
	for _, words := range []string{"An interest changed the count.", "1 vote is excluded of 4; 3 counted.", "Seat 4", "It is inquorate.", "2 of the 3 votes that make the quorum are present", "Against: Seat 2.", "Inquorate", "2 of 3"} {
		if !strings.Contains(page, words) {
			t.Errorf("the page does not say %q", words)
		}
	}
	d := contested()
	d.Ended, d.Vote.Electors[3].Excluded, d.Vote.Excluded, d.Vote.Counted, d.Vote.Quorum = "", "", 0, 4, 2
	if page := shown(t, office.Viewer{}, Decision(report.DecisionPage{Page: d})); strings.Contains(page, "changed the count") || strings.Contains(page, "inquorate.") {
		t.Error("the page tells of an interest or a quorum that is not so")
	}
}

func TestWhatIsEmptyOnPaperPrintsNothing(t *testing.T) {
	page := shown(t, office.Viewer{}, Decision(report.DecisionPage{Page: contested()}))
	for _, heading := range []string{"Supplier", "Contract reference", "Expected benefit", "Options considered", "Part 2", "What it lets somebody do", "Urgency", "Whole-life value", "Paid under its contract", "Would differ today", "Consents"} {
		if strings.Contains(page, ">"+heading+"<") {
			t.Errorf("the page has a heading %q with nothing in it", heading)
		}
	}
}

func TestAWithdrawnSignatureStaysShown(t *testing.T) {
	d := contested()
	d.Scheme.CallIn = authority.CallIn{Paragraph: "12", Days: 5, ClosesAt: "17:00", Signatories: []authority.CallInGroup{{Kinds: []office.Kind{office.Scrutineer}, Need: 3}}}
	d.Signatures = []authority.CallInSignature{{Office: office.Office{Title: "Member 1 (sample)"}, Reason: "No saving is shown.", At: decisionNoon, N: 8, WithdrawnAt: decisionNoon, WithdrawnN: 9}}
	page := shown(t, office.Viewer{}, Decision(report.DecisionPage{Page: d}))
	for _, words := range []string{"Member 1 (sample)", "No saving is shown.", "Withdrawn", "/record/9"} {
		if !strings.Contains(page, words) {
			t.Errorf("the page does not say %q", words)
		}
	}
}

func TestNamesOfPeopleAreForThoseSignedIn(t *testing.T) {
	d := contested()
	d.Standing = []authority.Authority{{May: true, Person: 3, Name: "Somebody", Office: office.Office{ID: 4, Body: "kent", Title: "Commissioner for Kent (sample)"}}}
	if page := shown(t, office.Viewer{}, Decision(report.DecisionPage{Page: d})); strings.Contains(page, "Somebody") || !strings.Contains(page, "Commissioner for Kent (sample)") {
		t.Error("a stranger reads the name of a person, or not the office")
	}
	if page := shown(t, office.Viewer{Person: 9}, Decision(report.DecisionPage{Page: d})); !strings.Contains(page, "Somebody") {
		t.Error("who is signed in does not read the name")
	}
}

func TestASentenceThatEndsInAnEventStandsApartFromTheNext(t *testing.T) {
	d := contested()
	d.Hearings = []decisions.Hearing{{Outcome: authority.NoFurtherAction, Reasons: "Nothing was left out", On: "2013-01-14", N: 700,
		Signed: []authority.CallInSignature{{Office: office.Office{Title: "Scrutineer"}}}}}
	if page := shown(t, office.Viewer{}, Decision(report.DecisionPage{Page: d})); !strings.Contains(page, "entry 700</a>. Signed by Scrutineer.") {
		t.Error("the event and the sentence after it run into one another")
	}
}
