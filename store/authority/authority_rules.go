package authority

import (
	"fmt"
	"slices"

	"github.com/police-ict/handover/store/money"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/register"
	"github.com/police-ict/handover/store/text"
)

// authorityRules are held to in order; the first that fails decides.
var authorityRules = []rule{
	{"scheme", said("A scheme of authority is in force"), nil, (*weighing).inScheme},
	{"matter", said("The scheme covers this type of decision"), nil, (*weighing).knownMatter},
	{"band", said("The whole-life value decides who may approve it"), nil, (*weighing).inBand},
	{"office", said("The person holds the role"), nil, (*weighing).holdsOffice},
	{"proposes", (*weighing).proposersWords, is(Proposes), (*weighing).mayPropose},
	{"view", (*weighing).viewWords, is(Views), (*weighing).mayView},
	{"member-office", (*weighing).memberWords, deciding(TheMembers), (*weighing).actsForMember},
	{"office-decides", (*weighing).officeWords, deciding(AnOffice), (*weighing).officeDecides},
	{"director", said("The person is a director in the register"), deciding(TheBoard), (*weighing).isDirector},
	{"consent-office", (*weighing).memberWords, is(Consents), (*weighing).actsForMember},
	{"forbidden", said("The delegate is not a constable, another commissioner, or a body that maintains a police force or its staff (Police Reform and Social Responsibility Act 2011, section 18)"), delegated, (*weighing).notForbidden},
	{"limit", said("The delegation covers the whole-life value"), delegated, (*weighing).withinLimit},
	{"member", said("The body is a member of the company"), func(w *weighing) bool { return w.q.Role == Consents || w.q.Role == Votes && w.band.Who == TheMembers }, (*weighing).isMember},
	{"right", said("The register gives the body the right to consent"), is(Consents), (*weighing).hasRight},
	{"interest", (*weighing).interestWords, is(Views, Votes, Consents), (*weighing).noInterest},
	{"proposer", said("The person is not the proposer"), func(w *weighing) bool {
		return w.q.Role == Views || w.q.Role == Consents || w.q.Role == Votes && w.q.Way != ByPoll && w.q.Way != ByResolution
	}, (*weighing).notProposer},
	{"once", said("The person has not already acted for another body"), is(Votes, Consents), (*weighing).actsOnce},
}

func (w *weighing) inScheme() (string, bool) {
	if w.Scheme.Version == 0 {
		return fmt.Sprintf("no scheme is in force on %s", w.On), false
	}
	return fmt.Sprintf("scheme %d, in force from %s", w.Scheme.Version, w.Scheme.From), true
}

func (w *weighing) knownMatter() (string, bool) {
	m, ok := w.Scheme.Matter(w.q.Matter)
	if !ok {
		return fmt.Sprintf("scheme %d does not cover “%s”", w.Scheme.Version, w.q.Matter), false
	}
	w.matter = m
	return m.Title, true
}

// Together is the value that the bands are held to: of the matter and of those
// related to it, so that splitting does not help.
func (q Case) Together() money.Pence {
	sum := q.Value
	for _, r := range q.Related {
		sum += r.Value
	}
	return sum
}

func (w *weighing) inBand() (string, bool) {
	value := w.q.Together()
	switch w.skip { // for tests
	case "splitting":
		value = w.q.Value
	case "band":
		value = 0
	}
	b, ok := w.matter.Band(value, w.q.Raised)
	if !ok {
		return "the scheme does not cover this value", false
	}
	w.band, w.out.Paragraph = b, b.Paragraph
	return bandFact(w.matter, b, w.q, value), true
}

func bandFact(m Matter, b Band, q Case, value money.Pence) string {
	words := fmt.Sprintf("paragraph %s: %s", b.Paragraph, text.Lower(b.Deciders()))
	if !m.Valued {
		return words
	}
	at := fmt.Sprintf("; %s", value)
	if n := len(q.Related); n > 0 {
		at += fmt.Sprintf(", together with %s for the same contract or supplier", text.Count(n, "decision", "decisions"))
	}
	if b.UpTo != 0 {
		at += fmt.Sprintf(" (this paragraph covers up to %s)", b.UpTo)
	}
	return words + at
}

func (w *weighing) holdsOffice() (string, bool) {
	if w.held == nil {
		return fmt.Sprintf("no role was held on %s", w.On), false
	}
	a := *w.held
	words := fmt.Sprintf("%s, %s, from %s", a.Office.Title, office.ShortName(a.Office.Body), a.From)
	if a.To != "" {
		words += fmt.Sprintf(" to %s", a.To)
	}
	if a.Acting {
		words += ", acting"
	}
	return words, true
}

func (w *weighing) proposersWords() string {
	return fmt.Sprintf("The role may propose decisions (scheme %d, paragraph %s)", w.Scheme.Version, w.Scheme.ProposersClause)
}

func (w *weighing) mayPropose() (string, bool) {
	return w.kindFact(), slices.Contains(w.Scheme.Proposers, w.kind())
}

func (w *weighing) kind() office.Kind {
	if w.held == nil {
		return ""
	}
	return w.held.Office.Kind
}

func (w *weighing) kindFact() string {
	if w.kind() == "" {
		return "the person holds no role"
	}
	return "the role is " + string(w.kind())
}

func (w *weighing) viewWords() string {
	v, _ := w.Scheme.View(w.q.View)
	return fmt.Sprintf("The role gives the %s view (scheme %d, paragraph %s)", w.q.View, w.Scheme.Version, v.Paragraph)
}

func (w *weighing) mayView() (string, bool) {
	v, ok := w.Scheme.View(w.q.View)
	if !ok {
		return "the scheme does not ask for this view", false
	}
	w.out.Paragraph = v.Paragraph
	return w.asOrFor(FunctionView, v.Offices)
}

func (w *weighing) memberWords() string {
	return fmt.Sprintf("The role acts for a member, or has a delegation from one that does (scheme %d, paragraph %s)", w.Scheme.Version, w.Scheme.MemberClause)
}

func (w *weighing) actsForMember() (string, bool) {
	function := FunctionVote
	if w.q.Role == Consents {
		function = FunctionConsent
	}
	fact, ok := w.asOrFor(function, w.Scheme.MemberOffices)
	w.out.Elector = w.body
	return fact, ok
}

func (w *weighing) officeWords() string {
	return fmt.Sprintf("The role decides this, or has a delegation from one that does (scheme %d, paragraph %s)", w.Scheme.Version, w.band.Paragraph)
}

func (w *weighing) officeDecides() (string, bool) {
	fact, ok := w.asOrFor(FunctionDecide, w.band.Offices)
	w.out.Elector = w.body
	return fact, ok
}

// asOrFor finds whether the office is one of some kinds, or acts for one of
// them by a delegation that is in force.
func (w *weighing) asOrFor(function string, kinds []office.Kind) (string, bool) {
	if slices.Contains(kinds, w.kind()) {
		return w.kindFact(), true
	}
	none := fmt.Sprintf("%s and no delegation covers this", w.kindFact())
	if w.held == nil {
		return none, false
	}
	var idle *Delegation // the last that would cover it, and has no force on the day
	for _, d := range w.Index().to[w.held.Office.ID] {
		principal := w.principal(d)
		if d.Function != function || !slices.Contains(kinds, principal.Kind) || d.Matter != "" && d.Matter != w.q.Matter {
			continue
		}
		if !d.InForce(w.On) || d.PassedOn != 0 && Chain(w.Delegations, d, w.On) != nil {
			idle = &d
			continue
		}
		w.via, w.body = &d, principal.Body
		w.out.Delegation = d.ID
		return fmt.Sprintf("delegation %d, by the %s of %s, %s", d.ID, d.From.Title, office.ShortName(d.From.Body), d.span()), true
	}
	switch {
	case idle == nil:
		return none, false
	case !idle.InForce(w.On):
		return fmt.Sprintf("delegation %d was in force %s", idle.ID, idle.span()), false
	}
	return Chain(w.Delegations, *idle, w.On).Error(), false
}

// principal is the office that a delegation, or the one that it was passed on
// from, acts for in the end.
func (f Facts) principal(d Delegation) office.Office {
	for range len(f.Delegations) {
		if d.PassedOn == 0 {
			break
		}
		i := slices.IndexFunc(f.Delegations, func(p Delegation) bool { return p.ID == d.PassedOn })
		if i < 0 {
			break
		}
		d = f.Delegations[i]
	}
	return d.From
}

func (d Delegation) span() string {
	if d.Last == "" {
		return "from " + d.First.String()
	}
	return fmt.Sprintf("from %s to %s", d.First, d.Last)
}

func (w *weighing) notForbidden() (string, bool) {
	if err := ForbiddenDelegate(w.principal(*w.via), w.held.Office, w.offices(w.person)); err != nil {
		return err.Error(), false
	}
	return "the delegate is not one of these", true
}

func (w *weighing) withinLimit() (string, bool) {
	switch d := w.via; {
	case !d.Limited:
		return "the delegation has no limit", true
	case w.q.Together() > d.Limit:
		return fmt.Sprintf("the limit is %s and the value is %s", d.Limit, w.q.Together()), false
	default:
		return fmt.Sprintf("the limit is %s", d.Limit), true
	}
}

func (w *weighing) isMember() (string, bool) {
	if w.q.Electors != nil {
		if !slices.Contains(w.q.Electors, w.body) {
			return fmt.Sprintf("%s was not a member when the resolution was circulated, on %s", w.Register.Names.Of(w.body), w.q.Circulated), false
		}
		return fmt.Sprintf("a member when the resolution was circulated, on %s", w.q.Circulated), true
	}
	m, ok := w.Register.Member(w.body)
	if ok {
		w.out.Since = m.Admitted
		return fmt.Sprintf("%s has been a member since %s", m.Name, m.Admitted), true
	}
	for _, m := range w.Register.Former {
		if m.Body == w.body {
			return fmt.Sprintf("%s ceased to be a member on %s", w.Register.Names.Of(w.body), m.Ceased), false
		}
	}
	return fmt.Sprintf("%s was not a member of the company on %s", w.Register.Names.Of(w.body), w.On), false
}

func (w *weighing) hasRight() (string, bool) {
	for _, r := range w.Register.Rights {
		if r.Kind == register.Consent && r.Body == w.body && r.Matter == w.q.Consent {
			w.out.Since = r.From
			return fmt.Sprintf("“%s”, clause %s, from %s", r.Matter, r.Clause, r.From), true
		}
	}
	return fmt.Sprintf("%s had no right to consent to “%s” on %s", w.Register.Names.Of(w.body), w.q.Consent, w.On), false
}

func (w *weighing) isDirector() (string, bool) {
	if w.kind() != office.DirectorOffice {
		return w.kindFact(), false
	}
	seat := w.held.Office.Seat
	w.out.Elector = seatKey(seat)
	for _, d := range w.Register.Directors {
		if d.Seat == seat {
			w.out.Since = d.From
			return fmt.Sprintf("seat %d, filled from %s", seat, d.From), true
		}
	}
	return fmt.Sprintf("seat %d was vacant on %s", seat, w.On), false
}

func seatKey(seat int64) string { return fmt.Sprintf("seat %d", seat) }

func (w *weighing) interestWords() string {
	return fmt.Sprintf("The person has no interest in this decision or its supplier (scheme %d, paragraph %s)", w.Scheme.Version, w.Scheme.InterestClause)
}

func (w *weighing) noInterest() (string, bool) {
	i, found := w.Excluded(w.person, w.q)
	switch {
	case !found:
		return "no interest is declared", true
	case w.q.Role == Votes && w.band.Who == TheMembers && !w.Scheme.InterestMembers:
		return "an interest is declared (" + i.fact() + "), but this scheme lets members vote", true
	}
	w.out.Interest = i.fact()
	return i.fact(), false
}

func (w *weighing) notProposer() (string, bool) {
	switch w.q.Proposer {
	case 0:
		return "it has not been proposed yet", true
	case w.person:
		return "the person proposed it", false
	}
	return "another person proposed it", true
}

func (w *weighing) actsOnce() (string, bool) {
	for _, a := range w.q.Acted {
		if a.Person == w.person && a.Elector != w.out.Elector {
			return fmt.Sprintf("the person has already acted for %s", electorName(w.Register.Names, a.Elector)), false
		}
	}
	return "the person has not acted for another body", true
}
