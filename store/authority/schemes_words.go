package authority

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/text"
)

// Words says how many votes carry a matter.
func (m Majority) Words() string {
	switch m {
	case Every:
		return "everyone"
	case Special:
		return "75%"
	case OneYes:
		return "one approval"
	}
	return "more than half"
}

// Words says how those who decide are asked.
func (w Way) Words() string {
	switch w {
	case ByApproval:
		return "individual approvals"
	case ByResolution:
		return "a written resolution"
	}
	return "a poll at a meeting"
}

// WaysWords says in which ways those who decide can be asked.
func (b Band) WaysWords() string {
	words := make([]string, len(b.Ways))
	for i, w := range b.Ways {
		words[i] = w.Words()
	}
	return orList(words)
}

// Words is the fraction as people say it: half, two thirds, 3/5.
func (f Fraction) Words() string {
	switch f {
	case Fraction{1, 2}:
		return "half"
	case Fraction{1, 3}:
		return "a third"
	case Fraction{2, 3}:
		return "two thirds"
	case Fraction{3, 4}:
		return "three quarters"
	}
	return fmt.Sprintf("%d/%d", f.Num, f.Den)
}

// Span says up to which whole-life value the band decides.
func (b Band) Span() string {
	if b.UpTo == 0 {
		return "any value"
	}
	return "up to " + b.UpTo.String()
}

// First says what comes before those who decide are asked, and which consents
// a right in the register may ask for; "" for neither.
func (b Band) First() string {
	var words []string
	for _, v := range b.Views {
		words = append(words, fmt.Sprintf("the %s view", v))
	}
	for _, c := range b.Consents {
		words = append(words, fmt.Sprintf("consent to “%s” from whoever holds that right", c))
	}
	return strings.Join(words, "; ")
}

// Words is all that the band says, as one sentence.
func (b Band) Words() string {
	words := fmt.Sprintf("%s; decided by %s", b.Deciders(), b.WaysWords())
	if slices.Contains(b.Ways, ByPoll) && b.Quorum.Num > 0 {
		words += fmt.Sprintf("; quorum %s of the votes", b.Quorum.Words())
	}
	if first := b.First(); first != "" {
		words += "; needs " + first
	}
	if b.Key {
		words += "; a key decision"
	}
	if b.CallIn {
		words += "; can be called in"
	}
	return fmt.Sprintf("%s (paragraph %s).", words, b.Paragraph)
}

// orList joins words as people list what they choose from: a, b or c.
func orList(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " or " + words[len(words)-1]
}

func officeList(kinds []office.Kind) string {
	words := make([]string, len(kinds))
	for i, k := range kinds {
		words[i] = string(k)
	}
	return orList(words)
}

// anOffice is one of some types of role, with its article: An official or chair.
func anOffice(kinds []office.Kind) string {
	words := officeList(kinds)
	if strings.IndexAny(words, "aeiou") == 0 {
		return "An " + words
	}
	return "A " + words
}

// Clause is one thing that a version of the scheme says, in words.
type Clause struct {
	Key   string // by which two versions are compared
	What  string
	Words string
}

// General are the clauses for every type of decision.
func (s Scheme) General() []Clause {
	all := []Clause{
		{"proposers", "Who may propose", fmt.Sprintf("%s (paragraph %s).", anOffice(s.Proposers), s.ProposersClause)},
		{"members", "Who acts for a member", fmt.Sprintf("%s of the member, or a role with a delegation from one of them (paragraph %s).", anOffice(s.MemberOffices), s.MemberClause)},
	}
	for _, v := range s.Views {
		all = append(all, Clause{"view/" + string(v.Kind), fmt.Sprintf("Who gives the %s view", v.Kind), fmt.Sprintf("%s, where the scheme asks for it, before voting opens (paragraph %s).", anOffice(v.Offices), v.Paragraph)})
	}
	members := "Members may still vote"
	if s.InterestMembers {
		members = "This also applies to a person who votes for a member. Another office-holder of the member may act"
	}
	related := "Each decision is counted on its own."
	if s.RelatedMonths > 0 {
		related = fmt.Sprintf("The values of decisions for the same contract or supplier are added together for %s, so a contract cannot be split to avoid a limit.", text.Count(s.RelatedMonths, "month", "months"))
	}
	return append(all,
		Clause{"interest", "Interests", fmt.Sprintf("A person with an interest in the supplier (matched by company number), or who has declared one, may not decide, consent or give a view. %s (paragraph %s).", members, s.InterestClause)},
		Clause{"related", "Related decisions", related},
		Clause{"resolution", "Time to answer a written resolution", fmt.Sprintf("%s, including the day it is circulated (Companies Act 2006, section 297).", text.Count(s.ResolutionDays, "day", "days"))},
		Clause{"withdraw", "Withdrawing a source file", fmt.Sprintf("A source file of more than %s can only be withdrawn under a decision.", s.WithdrawLimit)},
	)
}

// About are the clauses that say what the version is.
func (s Scheme) About() []Clause {
	begins := "When the handover is completed, or when it is adopted if that is later."
	if !s.OnCompletion {
		begins = fmt.Sprintf("On %s, or when it is adopted if that is later.", s.Starts)
	}
	return []Clause{{"title", "Title", s.Title}, {"note", "What is assumed", s.Note}, {"begins", "Begins", begins}}
}

// Kinds are the clauses of every kind of matter, band by band.
func (s Scheme) Kinds() (all []Clause) {
	for _, m := range s.Matters {
		names := "This type of decision needs no whole-life value."
		if m.Valued {
			names = "By whole-life value, including every possible extension."
		}
		if m.Effect != "" {
			names += fmt.Sprintf(" It refers to %s.", EffectNamed[m.Effect])
		}
		key := "matter/" + m.Key
		all = append(all, Clause{key, m.Title, names})
		for _, b := range m.Bands {
			all = append(all, Clause{fmt.Sprintf("%s/%d", key, b.UpTo), m.Title + ", " + b.Span(), b.Words()})
		}
	}
	return all
}

// CallInClauses say how scrutiny may stop a decision.
func (s Scheme) CallInClauses() []Clause {
	c := s.CallIn
	if c.Days == 0 {
		return []Clause{{"call-in/window", "Call-in", "No decision can be called in."}}
	}
	all := []Clause{
		{"call-in/window", "Call-in", fmt.Sprintf("%s (paragraph %s).", c.Window(), c.Paragraph)},
		{"call-in/who", "Who may call in", c.whoWords()},
		{"call-in/grounds", "Grounds for a call-in", "Any ground, with a reason."},
		{"call-in/urgency", "Urgency", "An urgent decision can still be called in."},
	}
	if len(c.Grounds) > 0 {
		all[2].Words = strings.Join(c.Grounds, "; ") + "."
	}
	if c.Urgency {
		all[3].Words = "If a decision is urgent, the chair of a committee that calls decisions in can agree that there is no call-in."
	}
	add := func(key, what, words string) { all = append(all, Clause{"call-in/" + key, what, words}) }
	if len(c.Exempt) > 0 {
		var titles []string
		for _, key := range c.Exempt {
			m, _ := s.Matter(key)
			titles = append(titles, cmp.Or(m.Title, key))
		}
		add("exempt", "Cannot be called in", strings.Join(titles, "; ")+".")
	}
	add("hearing", "Hearing of a call-in", c.hearingWords())
	if c.LeastDays > 0 {
		add("least", "How long a called-in decision stays on hold", fmt.Sprintf("At least %s, whatever the hearing decides.", text.Count(c.LeastDays, "working day", "working days")))
	}
	if c.Reconsider > 0 {
		add("reconsider", "Reconsideration", fmt.Sprintf("Within %s of being referred back. A reconsidered decision cannot be called in again.", text.Count(c.Reconsider, "working day", "working days")))
	}
	return all
}

// whoWords says how many persons of which offices make a call-in valid.
func (c CallIn) whoWords() string {
	groups := make([]string, len(c.Signatories))
	for i, g := range c.Signatories {
		groups[i] = fmt.Sprintf("%s, each a %s", text.Count(g.Need, "person", "different people"), officeList(g.Kinds))
		if len(g.At) > 0 {
			at := make([]string, len(g.At))
			for j, k := range g.At {
				at[j] = k.String()
			}
			groups[i] += fmt.Sprintf(" at a %s", orList(at))
		}
	}
	return "Signatures from " + strings.Join(groups, "; or from ") + "."
}

// hearingWords says when a valid call-in is heard, and how that may end.
func (c CallIn) hearingWords() string {
	words := "At any time"
	if c.HearingDays > 0 {
		words = fmt.Sprintf("Within %s of the last signature", civil.Days(c.HearingDays, c.HearingCalendar))
	}
	if c.Lapses {
		words += ", or it lapses"
	}
	return words + ". The hearing can take no further action, refer the decision back once, or refer it to the members."
}

// Diff lists in what the scheme differs from an older version: each clause that
// was added, taken away or changed, kinds of matter band by band.
func (s Scheme) Diff(old Scheme) (all []Difference) {
	is, was := s.clauses(), old.clauses()
	order := slices.Clone(is)
	for i, o := range was {
		if clauseOf(is, o.Key) >= 0 {
			continue
		}
		at := 0
		if i > 0 {
			at = clauseOf(order, was[i-1].Key) + 1
		}
		order = slices.Insert(order, at, o)
	}
	words := func(in []Clause, key string) string {
		if i := clauseOf(in, key); i >= 0 {
			return in[i].Words
		}
		return ""
	}
	for _, c := range order {
		if d := (Difference{c.What, words(was, c.Key), words(is, c.Key)}); d.Old != d.New {
			all = append(all, d)
		}
	}
	return all
}

func (s Scheme) clauses() []Clause {
	return slices.Concat(s.About(), s.Kinds(), s.General(), s.CallInClauses())
}

func clauseOf(in []Clause, key string) int {
	return slices.IndexFunc(in, func(c Clause) bool { return c.Key == key })
}

const schemeMost = 200_000 // characters of a version as it is sent

// ParseScheme reads a version of the scheme from JSON. Its number is given when
// it is put in.
func ParseScheme(words string) (sc Scheme, err error) {
	if len(words) > schemeMost {
		return sc, fault.Field("scheme", "Shorten the scheme to %s characters or fewer.", text.Thousands(schemeMost))
	}
	if err := text.Strictly([]byte(words), &sc); err != nil {
		return sc, fault.Field("scheme", "%s", schemeFault(words, err))
	}
	return sc, sc.Check()
}

// schemeFault says in one sentence why a text is not a scheme.
func schemeFault(words string, err error) string {
	line := func(offset int64) int {
		return 1 + strings.Count(words[:min(max(offset-1, 0), int64(len(words)))], "\n")
	}
	if e, ok := errors.AsType[*json.SyntaxError](err); ok {
		if strings.Contains(e.Error(), `'\n' in string`) || strings.Contains(e.Error(), `'\r' in string`) {
			return fmt.Sprintf("Line %d is not JSON. Close the quotation mark.", line(e.Offset))
		}
		return fmt.Sprintf("Line %d is not JSON: there is an %s.", line(e.Offset), strings.TrimPrefix(e.Error(), "json: "))
	}
	if e, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		if e.Field == "" {
			return "A scheme must be one JSON object, from { to }."
		}
		return fmt.Sprintf("Line %d: “%s” must be %s.", line(e.Offset), e.Field, jsonKind(e.Type))
	}
	name, unknown := strings.CutPrefix(err.Error(), "json: unknown field ")
	switch {
	case unknown:
		return fmt.Sprintf("A scheme has no field “%s”. Remove it or check the spelling.", text.Short(strings.Trim(name, `"`)))
	case errors.Is(err, io.EOF):
		return "Enter the scheme as JSON."
	case errors.Is(err, io.ErrUnexpectedEOF):
		return "The text ends too early. Close every bracket and quotation mark."
	case errors.Is(err, text.ErrMoreFollows):
		return "Remove the text after the end of the scheme."
	}
	return "This is not a scheme in JSON."
}

func jsonKind(t reflect.Type) string {
	switch t.Kind() {
	case reflect.String:
		return "text in quotation marks"
	case reflect.Bool:
		return "true or false"
	case reflect.Slice:
		return "a list in [ ]"
	case reflect.Struct:
		return "an object in { }"
	}
	return "a whole number"
}
