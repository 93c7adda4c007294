package authority

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/money"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/text"
)

// Deciders are who decides a matter.
type Deciders string

// Who may decide.
const (
	TheMembers Deciders = "members"
	TheBoard   Deciders = "board"
	AnOffice   Deciders = "office"
)

// Majority is what carries a matter.
type Majority string

// The majorities. A special resolution needs 75 per cent (Companies Act 2006,
// s.283), an ordinary one more than half (s.282).
const (
	Every   Majority = "every"
	Simple  Majority = "majority"
	Special Majority = "special"
	OneYes  Majority = "one"
)

// Way is how those who decide are asked.
type Way string

// The ways. Approvals are asked for one by one; a written resolution is
// circulated (Companies Act 2006, ss.288 to 297); a poll is taken at a meeting.
const (
	ByApproval   Way = "approval"
	ByResolution Way = "resolution"
	ByPoll       Way = "poll"
)

// ViewKind is a view that is given before those who decide are asked.
type ViewKind string

// The kinds of view.
const (
	FinanceView ViewKind = "finance"
	LegalView   ViewKind = "legal"
)

// EffectKind is what a decision may let somebody do, by name.
type EffectKind string

// The effects. Each is possible only under a decision that names it.
const (
	NewBaseline    EffectKind = "baseline"           // of milestone/3, to a day
	AcceptsItem    EffectKind = "exception"          // of item/4
	OverridesIt    EffectKind = "override"           // of condition/deeds
	AdoptsScheme   EffectKind = "scheme"             // scheme/2, by its hash
	WithdrawsALoad EffectKind = "withdraw-load"      // load/31
	WithdrawsIt    EffectKind = "withdraw-milestone" // milestone/1, of the handover
	CorrectsMember EffectKind = "member-entry"       // entry/17 of the register, struck out or corrected
)

// Scheme is one version of the scheme of authority: who may decide what, as
// data. Nothing in the program names a body.
type Scheme struct {
	Version         int64         `json:"version"`
	Title           string        `json:"title"`
	Note            string        `json:"note"`             // what of it is assumed
	Starts          civil.Day     `json:"starts,omitempty"` // first day, where it is a day
	OnCompletion    bool          `json:"on_completion,omitempty"`
	Proposers       []office.Kind `json:"proposers"`
	ProposersClause string        `json:"proposers_paragraph"`
	MemberOffices   []office.Kind `json:"member_offices"` // act for a member of the company
	MemberClause    string        `json:"member_paragraph"`
	Views           []ViewRule    `json:"views"`
	Matters         []Matter      `json:"matters"`
	CallIn          CallIn        `json:"call_in"`
	InterestMembers bool          `json:"interest_excludes_members"`
	InterestClause  string        `json:"interest_paragraph"`
	ResolutionDays  int           `json:"resolution_days"`     // period of a written resolution; 28 unless the articles say otherwise (s.297)
	RelatedMonths   int           `json:"related_months"`      // decisions of one contract or supplier count together for so long
	WithdrawLimit   money.Pence   `json:"withdraw_load_pence"` // a load of a larger sum is withdrawn only under a decision
}

// ViewRule says who gives a view.
type ViewRule struct {
	Kind      ViewKind      `json:"kind"`
	Offices   []office.Kind `json:"offices"`
	Paragraph string        `json:"paragraph"`
}

// Matter is a kind of matter.
type Matter struct {
	Key    string     `json:"key"`
	Title  string     `json:"title"`
	Effect EffectKind `json:"effect,omitempty"` // what a decision of this kind names
	Valued bool       `json:"valued,omitempty"` // has a whole-life value
	Bands  []Band     `json:"bands"`            // by value, rising
}

// Band says who decides a matter up to a whole-life value.
type Band struct {
	UpTo      money.Pence   `json:"up_to_pence,omitempty"` // included; 0 is any value
	Paragraph string        `json:"paragraph"`
	Who       Deciders      `json:"who"`
	Offices   []office.Kind `json:"offices,omitempty"` // that decide, where an office does
	Rule      Majority      `json:"rule"`
	Ways      []Way         `json:"ways"`
	Quorum    Fraction      `json:"quorum,omitzero"` // of a poll, of the votes that may be cast
	Consents  []string      `json:"consents,omitempty"`
	Views     []ViewKind    `json:"views,omitempty"`
	Key       bool          `json:"key_decision,omitempty"`
	CallIn    bool          `json:"call_in,omitempty"`
}

// Fraction is an exact part of a whole.
type Fraction struct {
	Num int64 `json:"num"`
	Den int64 `json:"den"`
}

// Of is the least whole number that is at least the fraction of n.
func (f Fraction) Of(n int64) int64 {
	if f.Den == 0 {
		return 0
	}
	return (n*f.Num + f.Den - 1) / f.Den
}

// Matter finds a kind of matter by its key.
func (s Scheme) Matter(key string) (Matter, bool) {
	i := slices.IndexFunc(s.Matters, func(m Matter) bool { return m.Key == key })
	if i < 0 {
		return Matter{}, false
	}
	return s.Matters[i], true
}

// View finds who gives a view.
func (s Scheme) View(kind ViewKind) (ViewRule, bool) {
	i := slices.IndexFunc(s.Views, func(v ViewRule) bool { return v.Kind == kind })
	if i < 0 {
		return ViewRule{}, false
	}
	return s.Views[i], true
}

// Band finds who decides the matter at a value. A matter that was referred to
// the members is decided by its highest band that they decide.
func (m Matter) Band(value money.Pence, raised bool) (Band, bool) {
	if raised {
		for _, b := range slices.Backward(m.Bands) {
			if b.Who == TheMembers {
				return b, true
			}
		}
	}
	for _, b := range m.Bands {
		if b.UpTo == 0 || value <= b.UpTo {
			return b, true
		}
	}
	return Band{}, false
}

// Deciders says in words who decides, and by what majority.
func (b Band) Deciders() string {
	switch {
	case b.Who == TheMembers && b.Rule == Every:
		return "Every member of the company"
	case b.Who == TheMembers && b.Rule == Special:
		return "The members of the company, by 75%"
	case b.Who == TheMembers:
		return "The members of the company, by a simple majority"
	case b.Who == TheBoard && b.Rule == Special:
		return "The board, by 75%"
	case b.Who == TheBoard:
		return "The board, by a simple majority"
	}
	words := "The " + kindList(b.Offices)
	if strings.HasPrefix(words, "The company ") {
		return words
	}
	return words + " of the company"
}

func kindList(kinds []office.Kind) string {
	words := make([]string, len(kinds))
	for i, k := range kinds {
		words[i] = string(k)
	}
	return strings.Join(words, " or ")
}

// MatterKey is the form of the key of a kind of matter.
var MatterKey = regexp.MustCompile(`^[a-z0-9-]{1,40}$`)

// Check says what is wrong with a version of the scheme.
func (s Scheme) Check() error {
	var f fault.Faults
	text.Tidy(&f, "scheme", "the title", s.Title, true, 120)
	text.Tidy(&f, "scheme", "the note on what is assumed", s.Note, true, 1000)
	switch {
	case len(s.Matters) == 0:
		f.Add("scheme", "Name at least one type of decision.")
	case len(s.Proposers) == 0 || len(s.MemberOffices) == 0:
		f.Add("scheme", "Say who may propose decisions and who acts for a member.")
	case !slices.ContainsFunc(s.Matters, func(m Matter) bool { return m.Effect == AdoptsScheme }):
		f.Add("scheme", "At least one type of decision must have the effect “%s”. Without it, the scheme could not be changed.", AdoptsScheme)
	case s.OnCompletion == (s.Starts != ""):
		f.Add("scheme", "Say whether the scheme starts on a date or on completion of the handover.")
	case s.ResolutionDays < 1 || s.ResolutionDays > 366:
		f.Add("scheme", "The time to answer a written resolution must be from 1 to 366 days.")
	case s.RelatedMonths < 0 || s.RelatedMonths > 120:
		f.Add("scheme", "Related decisions can be added together for 0 to 120 months.")
	case s.WithdrawLimit < 0:
		f.Add("scheme", "The limit for withdrawing a source file must be £0 or more.")
	}
	s.checkKinds(&f)
	s.checkClauses(&f)
	seen := map[string]bool{}
	for _, m := range s.Matters {
		if seen[m.Key] {
			f.Add("scheme", "The type of decision “%s” is named twice.", m.Key)
		}
		seen[m.Key] = true
		m.check(&f, s)
	}
	if err := f.Take("scheme", s.CallIn.Check()); err != nil {
		return err
	}
	return f.Err()
}

// checkKinds holds every kind of office that the scheme names to those that are.
func (s Scheme) checkKinds(f *fault.Faults) {
	kinds := slices.Concat(s.Proposers, s.MemberOffices)
	for _, v := range s.Views {
		kinds = append(kinds, v.Offices...)
	}
	for _, m := range s.Matters {
		for _, b := range m.Bands {
			kinds = append(kinds, b.Offices...)
		}
	}
	for _, k := range kinds {
		if !slices.Contains(office.Kinds, k) {
			f.Add("scheme", "There is no type of role “%s”.", text.Short(string(k)))
			return
		}
	}
}

// checkClauses holds the parts that are the same for every matter to what a
// page can say of them.
func (s Scheme) checkClauses(f *fault.Faults) {
	if s.Starts != "" {
		civil.CheckDay(f, "scheme", "the first day", s.Starts)
	}
	clauses := []string{s.ProposersClause, s.MemberClause, s.InterestClause}
	seen := map[ViewKind]bool{}
	for _, v := range s.Views {
		clauses = append(clauses, v.Paragraph)
		if seen[v.Kind] || !MatterKey.MatchString(string(v.Kind)) || len(v.Offices) == 0 {
			f.Add("scheme", "The view “%s” needs its own name in lower-case letters and a role that gives it.", text.Short(string(v.Kind)))
		}
		seen[v.Kind] = true
	}
	for _, c := range clauses {
		text.Tidy(f, "scheme", "each paragraph", c, true, 40)
	}
	for _, key := range s.CallIn.Exempt {
		if _, ok := s.Matter(key); !ok {
			f.Add("scheme", "The call-in exempts “%s”, which is not a type of decision in the scheme.", text.Short(key))
		}
	}
	for _, g := range s.CallIn.Signatories {
		for _, k := range g.At {
			if !slices.ContainsFunc(office.Bodies(), func(b office.Body) bool { return b.Kind == k }) {
				f.Add("scheme", "There is no type of body “%s”.", text.Short(string(k)))
			}
		}
	}
}

func (m Matter) check(f *fault.Faults, s Scheme) {
	name := m.Key
	text.Tidy(f, "scheme", "the title of each type of decision", m.Title, true, 120)
	if len(m.Bands) > 1 && !m.Valued {
		f.Add("scheme", "“%s” has value bands but is not marked as having a value.", name)
	}
	if !MatterKey.MatchString(m.Key) {
		f.Add("scheme", "Enter the key of a type of decision in lower-case letters, digits and hyphens, not “%s”.", text.Short(m.Key))
	}
	if m.Effect != "" && effectSubjects[m.Effect] == "" {
		f.Add("scheme", "“%s” has an unknown effect: “%s”.", name, text.Short(string(m.Effect)))
	}
	if len(m.Bands) == 0 || m.Bands[len(m.Bands)-1].UpTo != 0 {
		f.Add("scheme", "The last band of “%s” must be for any value.", name)
	}
	var last money.Pence
	for i, b := range m.Bands {
		if b.UpTo != 0 && b.UpTo <= last || b.UpTo == 0 && i < len(m.Bands)-1 {
			f.Add("scheme", "The bands of “%s” must be in rising order.", name)
		}
		last = b.UpTo
		if msg := b.fault(s); msg != "" {
			f.Add("scheme", "A band of “%s” %s.", name, msg)
		}
	}
}

// fault is what is wrong with a band, in the words that follow its name.
func (b Band) fault(s Scheme) string {
	rules := map[Deciders][]Majority{TheMembers: {Every, Simple, Special}, TheBoard: {Simple, Special}, AnOffice: {OneYes}}
	ways := map[Deciders][]Way{TheMembers: {ByApproval, ByResolution, ByPoll}, TheBoard: {ByPoll}, AnOffice: {ByApproval}}
	switch {
	case rules[b.Who] == nil:
		return fmt.Sprintf("is decided by “%s”. Enter members, board or office", text.Short(string(b.Who)))
	case !slices.Contains(rules[b.Who], b.Rule):
		return fmt.Sprintf("has the majority “%s”, which %s cannot have", text.Short(string(b.Rule)), b.Who)
	case len(b.Ways) == 0 || slices.ContainsFunc(b.Ways, func(w Way) bool { return !slices.Contains(ways[b.Who], w) }):
		return "names no way of deciding, or one that is not possible"
	case slices.Contains(b.Ways, ByApproval) && b.Rule != Every && b.Rule != OneYes:
		return "is decided by approvals, which need everyone or one role"
	case b.Who == AnOffice && len(b.Offices) == 0:
		return "names no role that decides it"
	case b.Quorum.Num < 0 || b.Quorum.Den > 1000 || b.Quorum.Num > b.Quorum.Den:
		return "needs a quorum between 0 and 1, to the nearest thousandth"
	case strings.TrimSpace(b.Paragraph) == "" || len(b.Paragraph) > 40:
		return "needs a paragraph of up to 40 characters"
	case slices.ContainsFunc(b.Consents, func(c string) bool { return strings.TrimSpace(c) == "" || len(c) > 200 }):
		return "asks for a consent that needs a name of up to 200 characters"
	}
	for _, v := range b.Views {
		if _, ok := s.View(v); !ok {
			return fmt.Sprintf("asks for the %s view, but the scheme does not say who gives it", v)
		}
	}
	return ""
}
