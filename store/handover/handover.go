// Package handover says how far the handover is: accessions, the schedule of
// what moves, milestones, the completion statement, and the conditions.
package handover

import (
	"context"
	"fmt"
	"strings"
	"sync"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/register"
	"github.com/police-ict/handover/store/scrutiny"
	"github.com/police-ict/handover/store/text"
)

// scrutinySucceeded judges whether no open work of scrutiny is lost when the
// mandate that it is under ends.
func (h Handover) scrutinySucceeded() Condition {
	c := Condition{ID: "scrutiny", Title: "A successor has accepted all open scrutiny work", Href: "/committees?orphans=yes", State: Met}
	accepted, total := 0, 0
	var need []string
	for _, l := range h.Scrutiny {
		accepted, total = accepted+l.Accepted, total+l.Accepted+l.Orphans
		if l.Orphans == 0 {
			continue
		}
		c.State = NotMet
		if l.Successor == "" {
			need = append(need, "A successor of the "+l.Name+" must be named, and its chair must accept "+text.Count(l.Orphans, "open item", "open items")+".")
			continue
		}
		need = append(need, "The chair of the "+l.Successor+" must accept "+text.Count(l.Orphans, "open item", "open items")+" of the "+l.Name+".")
	}
	c.Would = strings.Join(need, " ")
	c.Evidence = text.Thousands(int64(accepted)) + " of " + text.Count(total, "open item of committees that end has been accepted", "open items of committees that end have been accepted") + "."
	if total == 0 {
		c.Evidence = "No committee that ends has open scrutiny work."
	}
	return c
}

// ConditionState is what the record says of a condition. There is no way to
// set one.
type ConditionState string

// The states of a condition. What cannot be told stands against the handover.
const (
	Met        ConditionState = "met"
	NotMet     ConditionState = "not_met"
	CannotTell ConditionState = "cannot_tell"
)

// Condition is something that must hold before the handover.
type Condition struct {
	ID       string         `json:"id"`
	Title    string         `json:"title"`
	State    ConditionState `json:"state"`
	Evidence string         `json:"evidence"`
	Would    string         `json:"would_meet_it,omitempty"` // what would meet it, and who can
	Override string         `json:"overridden_by,omitempty"` // reference of a decision; the state stays what it is
	Href     string         `json:"href"`
}

// Handover is how far the handover is at a moment. All of it is worked out
// from the record; nothing in it is typed.
type Handover struct {
	Moment       record.Moment
	Known        int64 // the last event it was worked out from
	Programme    register.Programme
	Accessions   []Accession
	Register     register.Register
	Schedule     ScheduleSummary
	Balance      Dossier
	BalanceNow   BalanceContent
	Statement    Dossier
	StatementNow StatementContent
	Milestones   []Milestone
	Conditions   []Condition
	Overrides    []Override      // oldest first
	Scrutiny     []scrutiny.Left // by mandate that has a last day
}

// Dossier is the statement's or the balance's.
func (h Handover) Dossier(what string) Dossier {
	if what == TheBalance {
		return h.Balance
	}
	return h.Statement
}

// Against lists the conditions that are neither met nor overridden.
func (h Handover) Against() (all []Condition) {
	for _, c := range h.Conditions {
		if c.State != Met && c.Override == "" {
			all = append(all, c)
		}
	}
	return all
}

// Ready reports whether no condition holds up the handover, and it is
// still to come.
func (h Handover) Ready() bool { return len(h.Against()) == 0 && !h.Programme.Done() }

// Count is the number of bodies at a status. Each body is counted once.
func (h Handover) Count(status AccessionStatus) (n int) {
	for _, a := range h.Accessions {
		if a.Status == status {
			n++
		}
	}
	return n
}

// Answer is the first line of the handover page.
func (h Handover) Answer() string {
	if h.Programme.Done() {
		return fmt.Sprintf("Complete: the company passed to the local policing bodies on %s.", h.Programme.CompletedOn)
	}
	if n := len(h.Against()); n > 0 {
		return fmt.Sprintf("Not ready: %d of %d conditions %s not met.", n, len(h.Conditions), areIs(n))
	}
	if met := h.Met(); met < len(h.Conditions) {
		return fmt.Sprintf("Ready: %d of %d conditions are met, and the rest are overridden by decision.", met, len(h.Conditions))
	}
	return fmt.Sprintf("Ready: all %d conditions are met.", len(h.Conditions))
}

// Met is the number of conditions that are met.
func (h Handover) Met() (n int) {
	for _, c := range h.Conditions {
		if c.State == Met {
			n++
		}
	}
	return n
}

func areIs(n int) string {
	if n == 1 {
		return "is"
	}
	return "are"
}

// TheMilestone is the milestone of the handover day itself.
func (h Handover) TheMilestone() (Milestone, bool) {
	return Latest(h.Milestones, HandoverMilestone)
}

// HandoverMilestone is the key of the milestone of the handover day.
const HandoverMilestone = "handover"

// judge works out every condition, and which of them a decision overrides.
func (h Handover) judge() []Condition {
	all := []Condition{h.allResolved(), h.allDeeds(), h.votesAdd(), h.seatsFilled(), h.scheduleWhole(), h.balanceCertified(), h.statementCertified(), h.scrutinySucceeded()}
	for i, c := range all {
		for _, o := range h.Overrides {
			if o.Condition == c.ID {
				all[i].Override = o.Decision
			}
		}
	}
	return all
}

func (h Handover) allResolved() Condition {
	c := Condition{ID: "resolved", Title: "Every invited body has resolved or declined", Href: "/handover/bodies?step=invited"}
	waiting := h.Count(Invited)
	asked := len(h.Accessions) - h.Count(NotInvited)
	declined := h.Count(Declined) + h.Count(Withdrawn)
	resolved := asked - waiting - declined
	c.Evidence = fmt.Sprintf("%d of %d invited bodies have answered: %d resolved, %d declined or withdrawn.", asked-waiting, asked, resolved, declined)
	switch {
	case asked == 0:
		c.State, c.Evidence = CannotTell, "No body has been invited yet."
		c.Would = "The company secretary must invite the bodies."
	case waiting > 0:
		c.State = NotMet
		c.Would = fmt.Sprintf("%s must answer. Each body records its own answer.", text.Count(waiting, "body", "bodies"))
	default:
		c.State = Met
	}
	return c
}

func (h Handover) allDeeds() Condition {
	c := Condition{ID: "deeds", Title: "Every body to be admitted has a confirmed deed", Href: "/handover/bodies?step=deed_received"}
	resolved, received, ready := h.Count(Resolved), h.Count(DeedReceived), h.Count(BodyReady)+h.Count(IsAdmitted)
	all := resolved + received + ready
	c.Evidence = fmt.Sprintf("%d of %d deeds are confirmed. %d are with the company secretary and %d have not been sent.", ready, all, received, resolved)
	switch {
	case all == 0:
		c.State, c.Evidence = CannotTell, "No body has resolved to join yet."
		c.Would = "Bodies must resolve to join, then send their deeds."
	case ready < all:
		c.State = NotMet
		var need []string
		if resolved > 0 {
			need = append(need, text.Count(resolved, "body must send its deed", "bodies must send their deeds"))
		}
		if received > 0 {
			need = append(need, "the company secretary must confirm "+text.Count(received, "deed", "deeds"))
		}
		c.Would = text.Capital(strings.Join(need, ", and ")) + "."
	default:
		c.State = Met
	}
	return c
}

func (h Handover) votesAdd() Condition {
	c := Condition{ID: "votes", Title: "After completion every member has a vote", Href: "/handover/statement#votes"}
	if h.Programme.Done() {
		c.State = Met
		c.Evidence = fmt.Sprintf("The handover is complete: %s, %s.", text.Count(len(h.Register.Members), "member", "members"), text.Count(int(h.Register.Votes), "vote", "votes"))
		return c
	}
	without := 0
	for _, a := range h.StatementNow.Admissions {
		if a.Votes < 1 {
			without++
		}
	}
	n, votes := len(h.StatementNow.Admissions), h.StatementNow.Votes()
	c.Evidence = fmt.Sprintf("%s, %s.", text.Count(n, "member", "members"), text.Count(int(votes), "vote", "votes"))
	switch {
	case n == 0:
		c.State, c.Evidence = CannotTell, "No body is ready, so there are no votes yet."
		c.Would = "At least one body must be ready."
	case without > 0 || votes != int64(n)*h.Programme.Votes:
		c.State = NotMet
		c.Would = "The terms of the handover must give every member a vote."
	default:
		c.State = Met
	}
	return c
}

func (h Handover) seatsFilled() Condition {
	c := Condition{ID: "seats", Title: "After completion every director seat can be filled", Href: "/handover/statement#seats"}
	var seats int64
	for _, r := range h.Programme.Rights {
		if r.Right == register.AppointDirectors {
			seats += r.Seats
		}
	}
	c.Evidence = fmt.Sprintf("The new members can fill %d of %d seats.", seats, h.Programme.Seats)
	switch {
	case len(h.StatementNow.Admissions) == 0 && !h.Programme.Done():
		c.State, c.Evidence = CannotTell, "No body is ready, so nobody could appoint directors."
		c.Would = "At least one body must be ready."
	case seats != h.Programme.Seats:
		c.State = NotMet
		c.Would = "The terms of the handover must say who appoints to every seat."
	default:
		c.State = Met
	}
	return c
}

func (h Handover) scheduleWhole() Condition {
	c := Condition{ID: "schedule", Title: "Every item of the schedule has a receiver and evidence", Href: "/handover/schedule?open=yes"}
	c.Evidence = fmt.Sprintf("%d of %d items have both, or an accepted exception.", h.Schedule.Total-h.Schedule.Open, h.Schedule.Total)
	switch {
	case h.Schedule.Total == 0:
		c.State, c.Evidence = CannotTell, "The schedule is empty."
		c.Would = "The company’s officers must add the items that are handed over."
	case h.Schedule.Open > 0:
		c.State = NotMet
		c.Would = fmt.Sprintf("%s a receiver and evidence, or an exception that both sides accept.", text.Count(int(h.Schedule.Open), "item needs", "items need"))
	default:
		c.State = Met
	}
	return c
}

func (h Handover) balanceCertified() Condition {
	c := Condition{ID: "balance", Title: "Both transferors have certified the opening balance", Href: "/handover/balance"}
	h.certified(&c, h.Balance, "The company’s finance officer must prepare it")
	if h.Balance.Last == nil {
		c.State, c.Evidence = CannotTell, "The opening balance has not been prepared."
	}
	return c
}

func (h Handover) statementCertified() Condition {
	c := Condition{ID: "certified", Title: "Each transferor has certified the completion statement", Href: "/handover/statement"}
	h.certified(&c, h.Statement, "The company secretary must prepare it")
	return c
}

// certified judges whether every transferor certified the last version.
func (h Handover) certified(c *Condition, d Dossier, who string) {
	p := h.Programme
	n := d.Standing(p)
	if d.Last != nil {
		c.Evidence = fmt.Sprintf("%d of %d certificates have been given on version %d.", n, len(p.Transferors), d.Last.Version)
	} else {
		c.Evidence = "It has not been prepared."
	}
	switch {
	case d.Last == nil || !d.Current():
		c.State = NotMet
		c.Would = who + ", and then each transferor must certify it."
		if d.Last != nil {
			c.Evidence += " Its contents have changed since."
		}
	case n < len(p.Transferors):
		c.State = NotMet
		var missing []string
		for _, body := range p.Transferors {
			if _, ok := d.By(body); !ok {
				missing = append(missing, h.Register.Names.Of(body))
			}
		}
		c.Would = fmt.Sprintf("%s must certify version %d.", strings.Join(missing, " and "), d.Last.Version)
	default:
		c.State = Met
	}
}

// Read works out how far the handover is at a moment.
func Read(ctx context.Context, tx *db.Tx, m record.Moment) (h Handover, err error) {
	err = tx.Read(ctx, func(tx *db.Tx) error {
		if m.Past || tx.Writing() {
			h, err = handover(ctx, tx, m)
			return err
		}
		head, err := record.ReadHead(ctx, tx)
		if err != nil {
			return err
		}
		h, err = presentHandover.Of(tx).handover(head.Size, civil.DayOf(tx.Now()), func() (Handover, error) { return handover(ctx, tx, m) })
		return err
	})
	return h, err
}

// lately keeps the present handover for as long as the record has the same
// size and the day is the same, so that a page does not grow dear with the
// schedule behind it. Nobody changes what it gives out.
type lately struct {
	mu   sync.Mutex
	size int64
	day  civil.Day
	last Handover
}

var presentHandover db.Slot[lately]

func (l *lately) handover(size int64, day civil.Day, work func() (Handover, error)) (Handover, error) {
	l.mu.Lock()
	last, same := l.last, l.size == size && l.day == day
	l.mu.Unlock()
	if same {
		return last, nil
	}
	h, err := work()
	if err == nil {
		l.mu.Lock()
		l.size, l.day, l.last = size, day, h
		l.mu.Unlock()
	}
	return h, err
}

func handover(ctx context.Context, tx *db.Tx, m record.Moment) (h Handover, err error) {
	if m.Day == "" {
		m.Day = civil.DayOf(tx.Now())
	}
	h = Handover{Moment: m, Known: m.Event}
	if !m.Past {
		head, err := record.ReadHead(ctx, tx)
		if err != nil {
			return h, err
		}
		h.Known = head.Size
	}
	if h.Programme, err = register.ReadProgramme(ctx, tx, m); err != nil {
		return h, err
	}
	if h.Register, err = registerAt(ctx, tx, m); err != nil {
		return h, err
	}
	if h.Accessions, err = accessions(ctx, tx, m, h.Programme, h.Register); err != nil {
		return h, err
	}
	if h.Schedule, err = Summary(ctx, tx, m); err != nil {
		return h, err
	}
	if h.Milestones, err = Milestones(ctx, tx, m); err != nil {
		return h, err
	}
	if err := dossiers(ctx, tx, m, &h); err != nil {
		return h, err
	}
	if h.Overrides, err = Overrides(ctx, tx, m); err != nil {
		return h, err
	}
	if h.Scrutiny, err = scrutiny.ReadLeft(ctx, tx, m); err != nil {
		return h, err
	}
	h.Conditions = h.judge()
	return h, nil
}

// dossiers reads what is certified, and what it would say now. After
// completion both stand as they were certified.
func dossiers(ctx context.Context, tx *db.Tx, m record.Moment, h *Handover) (err error) {
	if h.Balance, err = dossier(ctx, tx, m, TheBalance); err != nil {
		return err
	}
	if h.Statement, err = dossier(ctx, tx, m, TheStatement); err != nil {
		return err
	}
	h.BalanceNow = BalanceContent{h.Programme.Aimed, h.Schedule.Kinds}
	h.StatementNow = statementNow(h.Programme, h.Accessions, h.Schedule, h.Balance)
	if h.Programme.Done() {
		if h.BalanceNow, err = h.Balance.Last.Balance(); err != nil {
			return err
		}
		if h.StatementNow, err = h.Statement.Last.Statement(); err != nil {
			return err
		}
	}
	if _, h.Balance.Now, err = contentHash(h.BalanceNow); err != nil {
		return err
	}
	_, h.Statement.Now, err = contentHash(h.StatementNow)
	return err
}
