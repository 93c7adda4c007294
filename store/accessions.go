package store

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
)

// AccessionStatus is how far a body is on its way towards membership.
type AccessionStatus string

// The statuses of an accession. Admitted is never stored: it is an entry in
// the register and nothing else.
const (
	NotInvited   AccessionStatus = "not_invited"
	Invited      AccessionStatus = "invited"
	Resolved     AccessionStatus = "resolved"
	DeedReceived AccessionStatus = "deed_received"
	BodyReady    AccessionStatus = "ready"
	Declined     AccessionStatus = "declined"
	Withdrawn    AccessionStatus = "withdrawn"
	IsAdmitted   AccessionStatus = "admitted"
)

// AccessionStatuses lists them in order.
var AccessionStatuses = []AccessionStatus{NotInvited, Invited, Resolved, DeedReceived, BodyReady, Declined, Withdrawn, IsAdmitted}

// The acts of an accession.
const (
	Invite   Act = "invite"
	Resolve  Act = "resolve"
	Deliver  Act = "deliver"
	Confirm  Act = "confirm"
	Return   Act = "return"
	Decline  Act = "decline"
	Withdraw Act = "withdraw"
)

// AccessionLife is every step of a body towards membership.
var AccessionLife = Life[AccessionStatus]{
	{NotInvited, Invite, Invited, InviteBodies},
	{Invited, Resolve, Resolved, TakeBodySteps},
	{Invited, Decline, Declined, TakeBodySteps},
	{Resolved, Deliver, DeedReceived, TakeBodySteps},
	{Resolved, Withdraw, Withdrawn, TakeBodySteps},
	{DeedReceived, Confirm, BodyReady, ConfirmDeeds},
	{DeedReceived, Return, Resolved, ConfirmDeeds},
	{DeedReceived, Withdraw, Withdrawn, TakeBodySteps},
	{BodyReady, Withdraw, Withdrawn, TakeBodySteps},
	{Declined, Invite, Invited, InviteBodies},
	{Withdrawn, Invite, Invited, InviteBodies},
}

// How a body decided to become a member.
const (
	ByBody      = "body"
	ByDelegate  = "delegated"
	ByPassingOn = "passed-on"
)

// Step is one step of an accession, as taken.
type Step struct {
	Act       Act    `json:"act"`
	Day       Day    `json:"day"`
	Person    int64  `json:"person"`
	Office    string `json:"office"`
	Document  int64  `json:"document,omitempty"`
	Reason    string `json:"reason,omitempty"`
	Reference string `json:"reference,omitempty"` // of the decision notice
	DecidedOn Day    `json:"decided_on,omitempty"`
	DecidedBy string `json:"decided_by,omitempty"` // ByBody, ByDelegate or ByPassingOn
	Decider   string `json:"decider,omitempty"`    // the office that decided, when delegated
	N         int64  `json:"event"`
}

// Accession is one body's way towards membership.
type Accession struct {
	Body     string          `json:"body"`
	Status   AccessionStatus `json:"status"`
	Steps    []Step          `json:"steps"`
	Admitted Day             `json:"-"` // from the register, "" while not a member
}

// Last finds the last step with an act.
func (a Accession) Last(act Act) (Step, bool) {
	for _, st := range slices.Backward(a.Steps) {
		if st.Act == act {
			return st, true
		}
	}
	return Step{}, false
}

// Since is the day of the last step, "" when there is none.
func (a Accession) Since() Day {
	if a.Admitted != "" {
		return a.Admitted
	}
	if len(a.Steps) == 0 {
		return ""
	}
	return a.Steps[len(a.Steps)-1].Day
}

// After is the status that an act by v leads to, or why v may not do it: the
// body's own office takes its body's steps, and the company secretary who
// confirms a deed is never someone who took one of them.
func (a Accession) After(act Act, v Viewer) (AccessionStatus, error) {
	if a.Status == IsAdmitted {
		return a.Status, Conflict.Errorf("%s is already a member.", ShortName(a.Body))
	}
	to, err := AccessionLife.After(a.Status, act, v)
	if err != nil {
		return a.Status, err
	}
	switch act {
	case Resolve, Deliver, Decline, Withdraw:
		if v.Office.Body != a.Body {
			return a.Status, Forbidden.Errorf("Only an office of %s takes this step.", ShortName(a.Body))
		}
	case Confirm:
		if slices.ContainsFunc(a.Steps, func(st Step) bool { return st.Act != Invite && st.Act != Return && st.Person == v.Person }) {
			return a.Status, Forbidden.Errorf("You took a step for %s yourself, so another person must confirm its deed.", ShortName(a.Body))
		}
	}
	return to, nil
}

// NeedsDocument reports whether a step with the act needs its document.
func NeedsDocument(act Act) bool {
	return act == Invite || act == Resolve || act == Deliver || act == Confirm
}

// documentTitles name the document of each step.
var documentTitles = map[Act]string{
	Invite: "Invitation", Resolve: "Decision notice", Deliver: "Deed of adherence", Confirm: "Deed of adherence, countersigned",
}

// check holds the fields of a step to its act.
func (a Accession) check(st Step, today Day) error {
	var f Faults
	b, _ := BodyOf(a.Body)
	if !b.Exists(today) {
		f.Add("", "%s exists from %s: it can take no step before.", b.Name, b.First)
	}
	if NeedsDocument(st.Act) && st.Document == 0 {
		f.Add("file", "Choose the document: a PDF, an image or a text file, 20 MB at most.")
	}
	switch st.Act {
	case Resolve:
		a.checkResolution(&f, st, b, today)
	case Decline, Withdraw, Return:
		text(&f, "reason", "the reason", st.Reason, true, 500)
	}
	return f.Err()
}

func (a Accession) checkResolution(f *Faults, st Step, b Body, today Day) {
	text(f, "reference", "the reference of the decision notice", st.Reference, true, 60)
	for _, old := range a.Steps {
		if old.Act == Resolve && Fold(old.Reference) == Fold(st.Reference) {
			f.Add("reference", "The reference is already used by %s for another notice.", b.Short)
		}
	}
	switch {
	case st.DecidedOn == "":
		f.Add("decided", "Give the day of the decision.")
	case st.DecidedOn > today:
		f.Add("decided", "The day of the resolution must be today or earlier. Today is %s.", today)
	case b.First != "" && st.DecidedOn < b.First:
		f.Add("decided", "%s exists from %s: it cannot have decided before.", b.Name, b.First)
	}
	switch st.DecidedBy {
	case ByBody:
	case ByDelegate, ByPassingOn:
		text(f, "decider", "the office that decided", st.Decider, true, 120)
	default:
		f.Add("by", "Say who decided.")
	}
	text(f, "reason", "the conditions", st.Reason, false, 500)
}

func scanAccession(r row) (a Accession, err error) {
	var step string
	if err := r.Scan(&step); err != nil {
		return a, err
	}
	return a, json.Unmarshal([]byte(step), &a)
}

// Accessions reads where each transferee stands at a moment, by name. Who is
// admitted comes from the register.
func (s *Store) Accessions(ctx context.Context, m Moment) (all []Accession, err error) {
	err = s.read(ctx, func(s *Store) error {
		p, err := s.Programme(ctx, m)
		if err != nil {
			return err
		}
		r, err := s.registerAt(ctx, m)
		if err != nil {
			return err
		}
		all, err = s.accessions(ctx, m, p, r)
		return err
	})
	return all, err
}

// registerAt is the register at a moment, as known then.
func (s *Store) registerAt(ctx context.Context, m Moment) (Register, error) {
	w := When{Day: m.Day}
	if m.Past {
		w.Event = m.Event
		if w.Event == 0 {
			w.Event = -1
		}
	}
	return s.Register(ctx, w)
}

func (s *Store) accessions(ctx context.Context, m Moment, p Programme, r Register) (all []Accession, err error) {
	var begun []Accession
	if m.Past {
		begun, err = pastRows[Accession](ctx, s, "accession", m.Event)
	} else {
		begun, err = list(ctx, s, scanAccession, `SELECT step FROM accessions ORDER BY body`)
	}
	for _, body := range p.Transferees {
		a := Accession{Body: body, Status: NotInvited}
		for _, b := range begun {
			if b.Body == body {
				a = b
			}
		}
		if member, ok := r.Member(body); ok {
			a.Status, a.Admitted = IsAdmitted, member.Admitted
		}
		all = append(all, a)
	}
	return all, err
}

// Accession reads where one transferee stands at a moment.
func (s *Store) Accession(ctx context.Context, m Moment, body string) (Accession, error) {
	all, err := s.Accessions(ctx, m)
	for _, a := range all {
		if a.Body == body {
			return a, err
		}
	}
	if err == nil {
		err = NotFound.Errorf("There is no such body in the handover.")
	}
	return Accession{}, err
}

// TryStep tells where a step would lead, or why it cannot be taken.
func (s *Store) TryStep(ctx context.Context, by Viewer, body string, st Step) (before, after Accession, err error) {
	err = s.read(ctx, func(s *Store) error { before, after, err = s.tryStep(ctx, by, body, st); return err })
	return before, after, err
}

func (s *Store) tryStep(ctx context.Context, by Viewer, body string, st Step) (before, after Accession, err error) {
	if before, err = s.Accession(ctx, Moment{Day: DayOf(s.Now())}, body); err != nil {
		return before, after, err
	}
	after = before
	if after.Status, err = before.After(st.Act, by); err != nil {
		return before, after, err
	}
	if err = before.check(st, DayOf(s.Now())); err != nil {
		return before, after, err
	}
	st.Day, st.Person, st.Office = DayOf(s.Now()), by.Person, by.Office.Title
	st.Reason, st.Reference, st.Decider = strings.TrimSpace(st.Reason), strings.TrimSpace(st.Reference), strings.TrimSpace(st.Decider)
	if st.DecidedBy == ByBody {
		st.Decider = ""
	}
	after.Steps = append(slices.Clone(before.Steps), st)
	return before, after, nil
}

// TakeStep takes one step of a body's accession.
func (s *Store) TakeStep(ctx context.Context, by Viewer, body string, st Step) error {
	return s.write(ctx, func(s *Store) error {
		before, after, err := s.tryStep(ctx, by, body, st)
		if err != nil {
			return err
		}
		subject := "accession/" + body
		last := &after.Steps[len(after.Steps)-1]
		last.N = s.nextEvent()
		var parts []part
		if last.Document != 0 {
			if _, parts, err = s.attach(ctx, by, last.Document, documentTitles[st.Act], subject); err != nil {
				return err
			}
		}
		if err := s.saveAccession(ctx, before, after); err != nil {
			return err
		}
		n, err := s.record(ctx, by, "accession."+string(st.Act), subject, append(parts, about(body), now(subject, after))...)
		if err != nil {
			return err
		}
		return s.statementMoved(ctx, ShortName(body)+" is now "+Plain(string(after.Status))+" (event "+Thousands(n)+")")
	})
}

func (s *Store) saveAccession(ctx context.Context, before, after Accession) error {
	text, err := canonical(after)
	if err != nil {
		return err
	}
	if len(before.Steps) == 0 {
		return s.change(ctx, `INSERT INTO accessions (body, status, step) VALUES ($1, $2, $3)`, after.Body, after.Status, string(text))
	}
	return s.change(ctx, `UPDATE accessions SET status = $1, step = $2 WHERE body = $3 AND status = $4`, after.Status, string(text), after.Body, before.Status)
}

var accessionLedger = ledger{"accession", func(ctx context.Context, s *Store) (map[string]any, error) {
	return rowsOf(ctx, s, scanAccession, `SELECT step FROM accessions`, func(a Accession) (string, any) { return "accession/" + a.Body, a })
}}

// AccessionPage is all that the page of one body's way says.
type AccessionPage struct {
	Accession Accession
	Body      Body
	Handover  Handover
	Documents []Document // as they are now
}

// AccessionPage reads one body's way at a moment.
func (s *Store) AccessionPage(ctx context.Context, m Moment, body string) (p AccessionPage, err error) {
	err = s.read(ctx, func(s *Store) error {
		if p.Handover, err = s.Handover(ctx, m); err != nil {
			return err
		}
		i := slices.IndexFunc(p.Handover.Accessions, func(a Accession) bool { return a.Body == body })
		if i < 0 {
			return NotFound.Errorf("There is no such body in the handover.")
		}
		p.Accession = p.Handover.Accessions[i]
		p.Body, _ = BodyOf(body)
		p.Documents, err = s.Documents(ctx, "accession/"+body)
		return err
	})
	return p, err
}
