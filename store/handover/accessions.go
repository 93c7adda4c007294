package handover

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/documents"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/register"
	"github.com/police-ict/handover/store/text"
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
	ActInvite   office.Act = "invite"
	ActResolve  office.Act = "resolve"
	ActDeliver  office.Act = "deliver"
	ActConfirm  office.Act = "confirm"
	ActReturn   office.Act = "return"
	ActDecline  office.Act = "decline"
	ActWithdraw office.Act = "withdraw"
)

// AccessionLife is every step of a body towards membership.
var AccessionLife = office.Life[AccessionStatus]{
	{From: NotInvited, Act: ActInvite, To: Invited, Need: office.InviteBodies},
	{From: Invited, Act: ActResolve, To: Resolved, Need: office.TakeBodySteps},
	{From: Invited, Act: ActDecline, To: Declined, Need: office.TakeBodySteps},
	{From: Resolved, Act: ActDeliver, To: DeedReceived, Need: office.TakeBodySteps},
	{From: Resolved, Act: ActWithdraw, To: Withdrawn, Need: office.TakeBodySteps},
	{From: DeedReceived, Act: ActConfirm, To: BodyReady, Need: office.ConfirmDeeds},
	{From: DeedReceived, Act: ActReturn, To: Resolved, Need: office.ConfirmDeeds},
	{From: DeedReceived, Act: ActWithdraw, To: Withdrawn, Need: office.TakeBodySteps},
	{From: BodyReady, Act: ActWithdraw, To: Withdrawn, Need: office.TakeBodySteps},
	{From: Declined, Act: ActInvite, To: Invited, Need: office.InviteBodies},
	{From: Withdrawn, Act: ActInvite, To: Invited, Need: office.InviteBodies},
}

// How a body decided to become a member.
const (
	ByBody      = "body"
	ByDelegate  = "delegated"
	ByPassingOn = "passed-on"
)

// Step is one step of an accession, as taken.
type Step struct {
	Act       office.Act `json:"act"`
	Day       civil.Day  `json:"day"`
	Person    int64      `json:"person"`
	Office    string     `json:"office"`
	Document  int64      `json:"document,omitempty"`
	Reason    string     `json:"reason,omitempty"`
	Reference string     `json:"reference,omitempty"` // of the decision notice
	DecidedOn civil.Day  `json:"decided_on,omitempty"`
	DecidedBy string     `json:"decided_by,omitempty"` // ByBody, ByDelegate or ByPassingOn
	Decider   string     `json:"decider,omitempty"`    // the office that decided, when delegated
	N         int64      `json:"event"`
}

// Accession is one body's way towards membership.
type Accession struct {
	Body     string          `json:"body"`
	Status   AccessionStatus `json:"status"`
	Steps    []Step          `json:"steps"`
	Admitted civil.Day       `json:"-"` // from the register, "" while not a member
}

// Last finds the last step with an act.
func (a Accession) Last(act office.Act) (Step, bool) {
	for _, st := range slices.Backward(a.Steps) {
		if st.Act == act {
			return st, true
		}
	}
	return Step{}, false
}

// Since is the day of the last step, "" when there is none.
func (a Accession) Since() civil.Day {
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
func (a Accession) After(act office.Act, v office.Viewer) (AccessionStatus, error) {
	if a.Status == IsAdmitted {
		return a.Status, fault.Conflict.Errorf("%s is already a member.", office.ShortName(a.Body))
	}
	to, err := AccessionLife.After(a.Status, act, v)
	if err != nil {
		return a.Status, err
	}
	switch act {
	case ActResolve, ActDeliver, ActDecline, ActWithdraw:
		if v.Office.Body != a.Body {
			return a.Status, fault.Forbidden.Errorf("Only someone with a role at %s can take this step.", office.ShortName(a.Body))
		}
	case ActConfirm:
		if slices.ContainsFunc(a.Steps, func(st Step) bool { return st.Act != ActInvite && st.Act != ActReturn && st.Person == v.Person }) {
			return a.Status, fault.Forbidden.Errorf("You took a step for %s, so another person must confirm its deed.", office.ShortName(a.Body))
		}
	}
	return to, nil
}

// NeedsDocument reports whether a step with the act needs its document.
func NeedsDocument(act office.Act) bool {
	return act == ActInvite || act == ActResolve || act == ActDeliver || act == ActConfirm
}

// documentTitles name the document of each step.
var documentTitles = map[office.Act]string{
	ActInvite: "Invitation", ActResolve: "Decision notice", ActDeliver: "Deed of adherence", ActConfirm: "Deed of adherence, countersigned",
}

// check holds the fields of a step to its act.
func (a Accession) check(st Step, today civil.Day) error {
	var f fault.Faults
	b, _ := office.BodyOf(a.Body)
	if !b.Exists(today) {
		f.Add("", "%s exists from %s. It cannot take a step before then.", b.Name, b.First)
	}
	if NeedsDocument(st.Act) && st.Document == 0 {
		f.Add("file", "Choose the document: a PDF, an image or a text file, 20 MB at most.")
	}
	switch st.Act {
	case ActResolve:
		a.checkResolution(&f, st, b, today)
	case ActDecline, ActWithdraw, ActReturn:
		text.Tidy(&f, "reason", "the reason", st.Reason, true, 500)
	}
	return f.Err()
}

func (a Accession) checkResolution(f *fault.Faults, st Step, b office.Body, today civil.Day) {
	text.Tidy(f, "reference", "the reference of the decision notice", st.Reference, true, 60)
	for _, old := range a.Steps {
		if old.Act == ActResolve && text.Fold(old.Reference) == text.Fold(st.Reference) {
			f.Add("reference", "%s has already used this reference for another notice. Enter a different one.", b.Short)
		}
	}
	switch {
	case st.DecidedOn == "":
		f.Add("decided", "Enter the date of the decision.")
	case st.DecidedOn > today:
		f.Add("decided", "The date of the decision must be today, %s, or earlier.", today)
	case b.First != "" && st.DecidedOn < b.First:
		f.Add("decided", "%s exists from %s. It cannot have decided before then.", b.Name, b.First)
	}
	switch st.DecidedBy {
	case ByBody:
	case ByDelegate, ByPassingOn:
		text.Tidy(f, "decider", "the role that decided", st.Decider, true, 120)
	default:
		f.Add("by", "Choose who decided.")
	}
	text.Tidy(f, "reason", "the conditions", st.Reason, false, 500)
}

func scanAccession(r db.Row) (a Accession, err error) {
	var step string
	if err := r.Scan(&step); err != nil {
		return a, err
	}
	return a, json.Unmarshal([]byte(step), &a)
}

// Accessions reads where each transferee stands at a moment, by name. Who is
// admitted comes from the register.
func Accessions(ctx context.Context, tx *db.Tx, m record.Moment) (all []Accession, err error) {
	err = tx.Read(ctx, func(tx *db.Tx) error {
		p, err := register.ReadProgramme(ctx, tx, m)
		if err != nil {
			return err
		}
		r, err := registerAt(ctx, tx, m)
		if err != nil {
			return err
		}
		all, err = accessions(ctx, tx, m, p, r)
		return err
	})
	return all, err
}

// registerAt is the register at a moment, as known then.
func registerAt(ctx context.Context, tx *db.Tx, m record.Moment) (register.Register, error) {
	w := record.When{Day: m.Day}
	if m.Past {
		w.Event = m.Event
		if w.Event == 0 {
			w.Event = -1
		}
	}
	return register.Read(ctx, tx, w)
}

func accessions(ctx context.Context, tx *db.Tx, m record.Moment, p register.Programme, r register.Register) (all []Accession, err error) {
	var begun []Accession
	if m.Past {
		begun, err = record.PastRows[Accession](ctx, tx, "accession", m.Event)
	} else {
		begun, err = db.List(ctx, tx, scanAccession, `SELECT step FROM accessions ORDER BY body`)
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

// FindAccession reads where one transferee stands at a moment.
func FindAccession(ctx context.Context, tx *db.Tx, m record.Moment, body string) (Accession, error) {
	all, err := Accessions(ctx, tx, m)
	for _, a := range all {
		if a.Body == body {
			return a, err
		}
	}
	if err == nil {
		err = fault.NotFound.Errorf("There is no such body in the handover.")
	}
	return Accession{}, err
}

// TryStep tells where a step would lead, or why it cannot be taken.
func TryStep(ctx context.Context, tx *db.Tx, by office.Viewer, body string, st Step) (before, after Accession, err error) {
	err = tx.Read(ctx, func(tx *db.Tx) error { before, after, err = tryStep(ctx, tx, by, body, st); return err })
	return before, after, err
}

func tryStep(ctx context.Context, tx *db.Tx, by office.Viewer, body string, st Step) (before, after Accession, err error) {
	if before, err = FindAccession(ctx, tx, record.Moment{Day: civil.DayOf(tx.Now())}, body); err != nil {
		return before, after, err
	}
	after = before
	if after.Status, err = before.After(st.Act, by); err != nil {
		return before, after, err
	}
	if err = before.check(st, civil.DayOf(tx.Now())); err != nil {
		return before, after, err
	}
	st.Day, st.Person, st.Office = civil.DayOf(tx.Now()), by.Person, by.Office.Title
	st.Reason, st.Reference, st.Decider = strings.TrimSpace(st.Reason), strings.TrimSpace(st.Reference), strings.TrimSpace(st.Decider)
	if st.DecidedBy == ByBody {
		st.Decider = ""
	}
	after.Steps = append(slices.Clone(before.Steps), st)
	return before, after, nil
}

// TakeStep takes one step of a body's accession.
func TakeStep(ctx context.Context, tx *db.Tx, by office.Viewer, body string, st Step) error {
	return record.Write(ctx, tx, func(tx *db.Tx) error {
		before, after, err := tryStep(ctx, tx, by, body, st)
		if err != nil {
			return err
		}
		subject := "accession/" + body
		last := &after.Steps[len(after.Steps)-1]
		last.N = record.NextEvent(tx)
		var parts []record.Part
		if last.Document != 0 {
			if _, parts, err = documents.Attach(ctx, tx, by, last.Document, documentTitles[st.Act], subject); err != nil {
				return err
			}
		}
		if err := saveAccession(ctx, tx, before, after); err != nil {
			return err
		}
		n, err := record.Add(ctx, tx, by, "accession."+string(st.Act), subject, append(parts, record.About(body), record.Now(subject, after))...)
		if err != nil {
			return err
		}
		return statementMoved(ctx, tx, office.ShortName(body)+" is now "+text.Plain(string(after.Status))+" (entry "+text.Thousands(n)+")")
	})
}

func saveAccession(ctx context.Context, tx *db.Tx, before, after Accession) error {
	text, err := text.Canonical(after)
	if err != nil {
		return err
	}
	if len(before.Steps) == 0 {
		return tx.Change(ctx, `INSERT INTO accessions (body, status, step) VALUES ($1, $2, $3)`, after.Body, after.Status, string(text))
	}
	return tx.Change(ctx, `UPDATE accessions SET status = $1, step = $2 WHERE body = $3 AND status = $4`, after.Status, string(text), after.Body, before.Status)
}

// AccessionLedger holds its rows to the record.
var AccessionLedger = record.Ledger{Topic: "accession", Rows: func(ctx context.Context, tx *db.Tx) (map[string]any, error) {
	return record.RowsOf(ctx, tx, scanAccession, `SELECT step FROM accessions`, func(a Accession) (string, any) { return "accession/" + a.Body, a })
}}

// AccessionPage is all that the page of one body's way says.
type AccessionPage struct {
	Accession Accession
	Body      office.Body
	Handover  Handover
	Documents []documents.Document // as they are now
}

// ReadAccessionPage reads one body's way at a moment.
func ReadAccessionPage(ctx context.Context, tx *db.Tx, m record.Moment, body string) (p AccessionPage, err error) {
	err = tx.Read(ctx, func(tx *db.Tx) error {
		if p.Handover, err = Read(ctx, tx, m); err != nil {
			return err
		}
		i := slices.IndexFunc(p.Handover.Accessions, func(a Accession) bool { return a.Body == body })
		if i < 0 {
			return fault.NotFound.Errorf("There is no such body in the handover.")
		}
		p.Accession = p.Handover.Accessions[i]
		p.Body, _ = office.BodyOf(body)
		p.Documents, err = documents.OfSubject(ctx, tx, "accession/"+body)
		return err
	})
	return p, err
}
