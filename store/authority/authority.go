// Package authority works out who may act in a matter, what carries it and
// when it may be implemented, from the facts of a day. It is pure: no database,
// no clock.
package authority

import (
	"slices"
	"strings"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/money"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/register"
	"github.com/police-ict/handover/store/text"
)

// Role is what a person would do in a matter.
type Role string

// The roles.
const (
	Proposes Role = "propose"
	Views    Role = "view"
	Votes    Role = "vote" // an approval or a vote
	Consents Role = "consent"
)

// Case is what authority is asked about. It is kept with each act, so that
// it can be asked again.
type Case struct {
	Role       Role        `json:"role"`
	View       ViewKind    `json:"view,omitempty"`
	Consent    string      `json:"consent,omitempty"` // matter of the right that consents
	Matter     string      `json:"matter"`
	Value      money.Pence `json:"value_pence,omitempty"` // whole-life, extensions included
	Related    []Related   `json:"related,omitempty"`     // decisions that count together with it
	Raised     bool        `json:"raised,omitempty"`      // referred to the members
	Way        Way         `json:"way,omitempty"`
	Decision   string      `json:"decision,omitempty"`  // reference
	Companies  []string    `json:"companies,omitempty"` // company numbers of suppliers
	Proposer   int64       `json:"proposer,omitempty"`  // person
	Acted      []Acted     `json:"acted,omitempty"`     // who acted in it already, for whom
	Circulated civil.Day   `json:"circulated,omitempty"`
	Electors   []string    `json:"electors,omitempty"` // fixed at circulation (Companies Act 2006, s.289)
}

// Related is another decision of the same contract or supplier.
type Related struct {
	Ref   string      `json:"ref"`
	Value money.Pence `json:"value_pence"`
}

// Acted is who acted for an elector.
type Acted struct {
	Person  int64  `json:"person"`
	Elector string `json:"elector"`
}

// Applied is one rule with the fact that it was held to.
type Applied struct {
	Name string `json:"name"` // of the rule: "member"
	Rule string `json:"rule"` // in words
	Fact string `json:"fact"`
	OK   bool   `json:"ok"`
}

// Authority is whether a person may act in a matter on a day, and how that was
// worked out.
type Authority struct {
	May        bool          `json:"may"`
	Person     int64         `json:"person"`
	Office     office.Office `json:"office"`
	Elector    string        `json:"elector,omitempty"` // whom it acts for: a body, or "seat 3"
	Delegation int64         `json:"delegation,omitempty"`
	Paragraph  string        `json:"paragraph,omitempty"` // of the scheme
	Since      civil.Day     `json:"since,omitempty"`     // member, director or right holder
	Interest   string        `json:"interest,omitempty"`  // that excludes the person
	On         civil.Day     `json:"on"`
	Known      int64         `json:"known"` // the last event it was worked out from
	Scheme     int64         `json:"scheme"`
	Findings   []Applied     `json:"findings"`
	Name       string        `json:"-"` // of the person
}

// Why is the last finding: what decided it.
func (a Authority) Why() Applied {
	if len(a.Findings) == 0 {
		return Applied{}
	}
	return a.Findings[len(a.Findings)-1]
}

// Refusal is why the person may not, as an error for them.
func (a Authority) Refusal() error {
	if a.May {
		return nil
	}
	w := a.Why()
	return fault.Forbidden.Errorf("You cannot do this because %s. The rule: %s.", toYou.Replace(strings.TrimSuffix(w.Fact, ".")), text.Lower(strings.TrimSuffix(w.Rule, ".")))
}

// toYou says a fact about a person to that person.
var toYou = strings.NewReplacer("the person has ", "you have ", "the person holds ", "you hold ", "the person ", "you ", "the role is ", "your role is ")

// weighing is one person in one office held to the rules.
type weighing struct {
	Facts
	q      Case
	person int64
	held   *office.Appointment // nil when the person holds no office on the day
	skip   string              // name of a rule that is switched off, for tests
	matter Matter
	band   Band
	via    *Delegation
	body   string // acted for
	out    *Authority
}

// A rule has a name, the role it is for and a test, which tells the fact used.
type rule struct {
	name  string
	words func(*weighing) string
	when  func(*weighing) bool
	test  func(*weighing) (fact string, ok bool)
}

// Authority works out whether a person may act in a matter. With no office
// given it takes the one of theirs that may, or the one that came furthest.
func (f Facts) Authority(q Case, person, office int64) Authority {
	return f.authority(q, person, office, "")
}

func (f Facts) authority(q Case, person, office int64, skip string) Authority {
	var best *Authority
	for _, a := range f.held(person) {
		if office != 0 && a.Office.ID != office {
			continue
		}
		got := f.weigh(q, person, &a, skip)
		if best == nil || got.May && !best.May || got.May == best.May && len(got.Findings) > len(best.Findings) {
			best = &got
		}
	}
	if best == nil {
		got := f.weigh(q, person, nil, skip)
		best = &got
	}
	return *best
}

func (f Facts) weigh(q Case, person int64, held *office.Appointment, skip string) Authority {
	out := Authority{Person: person, On: f.On, Known: f.Known, Scheme: f.Scheme.Version}
	w := &weighing{Facts: f, q: q, person: person, held: held, skip: skip, out: &out}
	if held != nil {
		out.Office, out.Name, w.body = held.Office, held.Name, held.Office.Body
	}
	for _, r := range authorityRules {
		if r.when != nil && !r.when(w) {
			continue
		}
		fact, ok := r.test(w)
		if !ok && r.name == skip {
			continue
		}
		out.Findings = append(out.Findings, Applied{r.name, r.words(w), fact, ok})
		if !ok {
			return out
		}
	}
	out.May = true
	return out
}

func said(words string) func(*weighing) string { return func(*weighing) string { return words } }

func is(roles ...Role) func(*weighing) bool {
	return func(w *weighing) bool { return slices.Contains(roles, w.q.Role) }
}

func deciding(who Deciders) func(*weighing) bool {
	return func(w *weighing) bool { return w.q.Role == Votes && w.band.Who == who }
}

func delegated(w *weighing) bool { return w.via != nil }

// electorName names an elector: a body by its name, a seat as it is.
func electorName(n register.Names, elector string) string {
	if strings.HasPrefix(elector, "seat ") {
		return elector
	}
	return n.Of(elector)
}

// Holding lists the rights in force by which a consent to a matter is asked for.
func (f Facts) Holding(consent string) (all []register.Right) {
	for _, r := range f.Register.Rights {
		if r.Kind == register.Consent && r.Matter == consent {
			all = append(all, r)
		}
	}
	return all
}

// CouldBe lists the appointments to offices of some kinds, and to those that a
// delegation of a function which is in force names.
func (f Facts) CouldBe(kinds []office.Kind, function string) []office.Appointment {
	return slices.DeleteFunc(slices.Clone(f.Appointments), func(a office.Appointment) bool {
		return !slices.Contains(kinds, a.Office.Kind) && (function == "" || !slices.ContainsFunc(f.Delegations, func(d Delegation) bool {
			return d.Function == function && d.To.ID == a.Office.ID && d.InForce(f.On) && slices.Contains(kinds, f.principal(d).Kind)
		}))
	})
}

// CouldAct lists the people who could act for any elector, each once.
func (f Facts) CouldAct(q Case, b Band) (people []int64) {
	for _, e := range f.Entitled(b) {
		for _, a := range f.ActsFor(e.Key, q, b) {
			if !slices.Contains(people, a.Person) {
				people = append(people, a.Person)
			}
		}
	}
	return people
}

// Key tells votes from consents, and consents from each other.
func (b Ballot) Key() string {
	if b.Consent == "" {
		return string(b.Role)
	}
	return string(b.Role) + " " + b.Consent
}
