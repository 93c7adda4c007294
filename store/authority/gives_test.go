package authority

import (
	"slices"
	"strings"
	"testing"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/office"
)

func TestADelegationSaysWhatAuthorityWouldSay(t *testing.T) {
	var norfolkPCC, kentPCC, chief office.Office
	for _, a := range appointments() {
		switch a.Person {
		case norfolk:
			norfolkPCC = a.Office
		case kent:
			kentPCC = a.Office
		case kentChief:
			chief = a.Office
		}
	}
	for name, k := range map[string]struct {
		on   civil.Day
		d    Delegation
		says string // "" where somebody may act
	}{
		"a member’s commissioner delegates the vote": {"2013-04-02", Delegation{From: kentPCC, To: chief, Function: FunctionVote, First: "2013-01-01"}, ""},
		"before the body is a member":                {"2013-03-31", Delegation{From: kentPCC, To: chief, Function: FunctionVote, First: "2013-01-01"}, "was not a member of the company"},
		"a body that never is one":                   {"2013-04-02", Delegation{From: norfolkPCC, To: chief, Function: FunctionVote, First: "2013-01-01"}, "may not delegate to"},
		"what members decide is all above the limit": {"2013-04-02", Delegation{From: kentPCC, To: chief, Function: FunctionVote, Matter: "contract", Limited: true, Limit: 1_00, First: "2013-01-01"}, "limit is £1.00"},
		"a matter that the scheme does not know":     {"2013-04-02", Delegation{From: kentPCC, To: chief, Function: FunctionVote, Matter: "weather", First: "2013-01-01"}, "has no decisions that this delegation covers"},
		"a decision that no commissioner makes":      {"2013-04-02", Delegation{From: kentPCC, To: chief, Function: FunctionDecide, First: "2013-01-01"}, "no delegation covers this"},
		"before any scheme":                          {"2012-07-15", Delegation{From: kentPCC, To: chief, Function: FunctionVote, First: "2012-01-01"}, "Nobody held the role"},
		"to an office that nobody holds":             {"2013-04-02", Delegation{From: kentPCC, To: office.Office{ID: 777, Title: "Deputy"}, Function: FunctionVote, First: "2013-01-01"}, "Nobody held the role of Deputy"},
	} {
		f := factsOn(t, k.on)
		k.d.ID = 99
		f.Delegations = append(slices.Clone(f.Delegations), k.d)
		if got := f.Gives(k.d); got == "" != (k.says == "") || !strings.Contains(got, k.says) {
			t.Errorf("%s: %q, want %q", name, got, k.says)
		}
	}
	// Whatever a delegation is said to give, somebody gets from it, and the other
	// way about.
	for _, on := range []civil.Day{"2012-08-15", "2013-01-15", "2013-04-02", "2013-06-10"} {
		f := factsOn(t, on)
		for _, d := range f.Delegations {
			if Chain(f.Delegations, d, on) != nil {
				continue
			}
			may := false
			for _, q := range f.cases(d) {
				for _, a := range f.Index().office[d.To.ID] {
					got := f.Authority(q, a.Person, a.Office.ID)
					may = may || got.May && got.Delegation == d.ID
				}
			}
			if says := f.Gives(d); (says == "") != may {
				t.Errorf("on %s delegation %d gives %v, and it is said: %q", on, d.ID, may, says)
			}
		}
	}
}
