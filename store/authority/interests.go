package authority

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/text"
)

// Interest is one entry of an office-holder’s register of interests. It is
// never rewritten: a correction is a new entry, and an end of the old one. Its
// JSON is its public row, which names people by their numbers only.
type Interest struct {
	ID         int64     `json:"id"`
	Person     int64     `json:"person"`
	Company    string    `json:"company_number,omitempty"` // as CompanyNumber writes it
	Name       string    `json:"company"`
	Nature     string    `json:"nature"`
	First      civil.Day `json:"from"`
	Last       civil.Day `json:"to,omitempty"`       // "" while none is set
	Decision   string    `json:"decision,omitempty"` // reference or key of the one decision that it was declared for
	DeclaredOn civil.Day `json:"declared_on"`
	DeclaredBy int64     `json:"declared_by"`        // person
	N          int64     `json:"event"`              // that declared it
	EndedBy    int64     `json:"ended_by,omitempty"` // who set the last day afterwards, 0 is nobody
}

// InForce reports whether the interest is held on a day.
func (i Interest) InForce(on civil.Day) bool { return i.First <= on && (i.Last == "" || on <= i.Last) }

// Late reports whether the interest began before the day on which it was declared.
func (i Interest) Late() bool { return i.First < i.DeclaredOn }

// State is the interest’s state on a day, in a word or two.
func (i Interest) State(on civil.Day) string {
	switch {
	case on < i.First:
		return "begins later"
	case !i.InForce(on):
		return "ended"
	}
	return "in force"
}

// Matches reports whether the interest, on a day, is in one of some companies:
// by company number, never by name. One declared for a single decision matches
// no other.
func (i Interest) Matches(numbers []string, on civil.Day) bool {
	return i.Company != "" && i.Decision == "" && i.InForce(on) && slices.ContainsFunc(numbers, func(n string) bool {
		n, ok := text.CompanyNumber(n)
		return ok && n == i.Company
	})
}

var decisionNamed = regexp.MustCompile(`^[A-Za-z0-9-]{0,40}$`)

// Check tidies an interest to be declared on a day and says what is wrong with it.
func (i Interest) Check(today civil.Day) (Interest, error) {
	var f fault.Faults
	i.Name, i.Nature, i.Decision, i.Company = text.OneLine(i.Name), text.OneLine(i.Nature), strings.TrimSpace(i.Decision), strings.TrimSpace(i.Company)
	switch number, ok := text.CompanyNumber(i.Company); {
	case i.Company == "" && i.Decision == "":
		f.Add("number", "Enter the company number. Without one, you can declare an interest for one decision only.")
	case i.Company != "" && !ok:
		f.Add("number", "Enter a company number like 01234567 or SC123456.")
	default:
		i.Company = number
	}
	if !decisionNamed.MatchString(i.Decision) {
		f.Add("decision", "Enter the reference of the decision, like 2012-014.")
	}
	if i.Decision != "" && i.First == "" {
		i.First = today
	}
	text.Tidy(&f, "company", "the name of the company", i.Name, i.Decision == "" || i.Company != "", 160)
	text.Tidy(&f, "nature", "the nature of the interest", i.Nature, true, 300)
	civil.CheckDay(&f, "from", "the date the interest began", i.First)
	civil.CheckLast(&f, i.First, i.Last)
	return i, f.Err()
}

// Terms is what the interest says, whoever recorded it and when.
func (i Interest) Terms() Interest {
	i.ID, i.DeclaredOn, i.DeclaredBy, i.N, i.EndedBy = 0, "", 0, 0, 0
	return i
}

// Subject names the interest in the record.
func (i Interest) Subject() string { return fmt.Sprintf("interest/%d", i.ID) }
