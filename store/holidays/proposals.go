package holidays

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/text"
)

// Status is where a proposal stands.
type Status string

// The statuses of a proposal. Only a confirmed one has effect.
const (
	Proposed  Status = "proposed"
	Confirmed Status = "confirmed"
	Refused   Status = "refused"
)

// Proposal is a bank holiday that one administrator asks to add, or to remove.
// Its JSON is its public row.
type Proposal struct {
	ID      int64         `json:"id"`
	Day     civil.Day     `json:"day"`
	Name    string        `json:"name"`
	Source  string        `json:"source"`
	Removes bool          `json:"removes,omitempty"`
	Why     string        `json:"why,omitempty"` // it is removed
	Status  Status        `json:"status"`
	Person  int64         `json:"person"`
	Office  office.Office `json:"office"`
	At      time.Time     `json:"at"`
	N       int64         `json:"event"`
	Decided *Decided      `json:"decided,omitempty"`
}

// Decided is what a second administrator said to a proposal.
type Decided struct {
	Reason string        `json:"reason,omitempty"` // why it was refused
	Person int64         `json:"person"`
	Office office.Office `json:"office"`
	At     time.Time     `json:"at"`
}

// Subject names the proposal in the record.
func (p Proposal) Subject() string { return fmt.Sprintf("holiday-proposal/%d", p.ID) }

// Href is the page of the proposal, for administrators.
func (p Proposal) Href() string { return fmt.Sprintf("/bank-holidays/proposals/%d", p.ID) }

// Title is what is proposed, in words.
func (p Proposal) Title() string {
	if p.Removes {
		return "Remove the bank holiday of " + p.Day.String()
	}
	return "Add a bank holiday on " + p.Day.String()
}

func (p Proposal) by() office.Viewer { return office.Viewer{Person: p.Person, Office: p.Office} }

// MayDecide says why somebody may not confirm or refuse the proposal.
func (p Proposal) MayDecide(v office.Viewer, c office.Chain, on civil.Day) error {
	switch {
	case mayKeep(v) != nil:
		return fault.Forbidden.Errorf("Only another administrator can confirm a change to the bank holidays.")
	case p.Status != Proposed:
		return fault.Conflict.Errorf("This proposal is already %s.", p.Status)
	}
	return c.Apart(v, p.Person, on)
}

func scanProposal(r db.Row) (p Proposal, err error) {
	var words string
	if err := r.Scan(&words); err != nil {
		return p, err
	}
	return text.FromJSON[Proposal](words)
}

// ProposalLedger holds the proposals to the record.
var ProposalLedger = record.Ledger{Topic: "holiday-proposal", Rows: func(ctx context.Context, tx *db.Tx) (map[string]any, error) {
	return record.RowsOf(ctx, tx, scanProposal, `SELECT proposal FROM bank_holiday_proposals`, func(p Proposal) (string, any) { return p.Subject(), p })
}}

// Waiting lists the proposals that a second administrator has not decided, by day.
func Waiting(ctx context.Context, tx *db.Tx) ([]Proposal, error) {
	return db.List(ctx, tx, scanProposal, `SELECT proposal FROM bank_holiday_proposals WHERE status = $1 ORDER BY day, id`, Proposed)
}

// FindProposal finds a proposal by its number.
func FindProposal(ctx context.Context, tx *db.Tx, id int64) (Proposal, error) {
	p, found, err := db.Maybe(ctx, tx, scanProposal, `SELECT proposal FROM bank_holiday_proposals WHERE id = $1`, id)
	if err == nil && !found {
		err = fault.NotFound.Errorf("There is no such proposal of a bank holiday.")
	}
	return p, err
}

// Tasks are the proposals that an administrator may decide.
func Tasks(ctx context.Context, tx *db.Tx, v office.Viewer) (tasks []office.Task, err error) {
	if mayKeep(v) != nil {
		return nil, nil
	}
	all, err := Waiting(ctx, tx)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	chain, err := office.ReadChain(ctx, tx)
	for _, p := range all {
		if err == nil && p.MayDecide(v, chain, civil.DayOf(tx.Now())) == nil {
			tasks = append(tasks, office.Task{Title: p.Title(), Due: p.Day, Why: "An administrator proposed it, and a second must confirm it before it takes effect.", Verb: "Read and decide", Href: p.Href()})
		}
	}
	return tasks, err
}

// Propose asks a second administrator to confirm a bank holiday, and says what it
// would move.
func Propose(ctx context.Context, tx *db.Tx, by office.Viewer, form Form) (p Proposal, err error) {
	return p, record.Write(ctx, tx, func(tx *db.Tx) error {
		o, err := Foresee(ctx, tx, by, form)
		if err != nil {
			return err
		}
		p = Proposal{Day: o.Day, Name: o.Name, Source: o.Source}
		return p.make(ctx, tx, by, o)
	})
}

// ProposeRemoval asks a second administrator to confirm that a bank holiday is
// taken out again, and says what that would move.
func ProposeRemoval(ctx context.Context, tx *db.Tx, by office.Viewer, day civil.Day, reason string) (p Proposal, err error) {
	return p, record.Write(ctx, tx, func(tx *db.Tx) error {
		o, err := ForeseeRemoval(ctx, tx, by, day, reason)
		if err != nil {
			return err
		}
		p = Proposal{Day: o.Day, Name: o.Name, Source: o.Source, Removes: true, Why: o.Removed.Reason}
		return p.make(ctx, tx, by, o)
	})
}

func (p *Proposal) make(ctx context.Context, tx *db.Tx, by office.Viewer, o Outlook) error {
	if _, found, err := db.Maybe(ctx, tx, scanProposal, `SELECT proposal FROM bank_holiday_proposals WHERE day = $1 AND status = $2`, p.Day, Proposed); err != nil {
		return err
	} else if found {
		return fault.Field("day", "A second administrator has already been asked to confirm a change to %s.", p.Day)
	}
	last, err := db.One(ctx, tx, db.ScanInto[int64], `SELECT COALESCE(MAX(id), 0) FROM bank_holiday_proposals`)
	if err != nil {
		return err
	}
	p.ID, p.Status, p.Person, p.Office, p.At, p.N = last+1, Proposed, by.Person, by.Office, tx.Now(), record.NextEvent(tx)
	return p.put(ctx, tx, by, "holiday-proposal.make", `INSERT INTO bank_holiday_proposals (id, day, status, proposal) VALUES ($1, $2, $3, $4)`, record.Detail(map[string]any{"would_move": o.Moves}))
}

func (p *Proposal) put(ctx context.Context, tx *db.Tx, by office.Viewer, act, query string, more ...record.Part) error {
	row, err := text.Canonical(p)
	if err != nil {
		return err
	}
	if err := tx.Change(ctx, query, p.ID, p.Day, p.Status, string(row)); err != nil {
		return err
	}
	_, err = record.Add(ctx, tx, by, act, p.Subject(), append(more, record.NowRow(p.Subject(), row))...)
	return err
}

// Outlook is what confirming the proposal would do now, or why it can no longer
// be done.
func (p Proposal) Outlook(ctx context.Context, tx *db.Tx) (Outlook, error) {
	if p.Removes {
		return ForeseeRemoval(ctx, tx, p.by(), p.Day, p.Why)
	}
	return Foresee(ctx, tx, p.by(), Form{p.Day, p.Name, p.Source})
}

// Decide confirms a proposal, which then takes effect and moves the deadlines that
// run past it, or refuses it with the reason.
func Decide(ctx context.Context, tx *db.Tx, by office.Viewer, id int64, confirm bool, reason string) (o Outlook, err error) {
	var f fault.Faults
	text.Tidy(&f, "reason", "the reason", reason, !confirm, 300)
	if err := f.Err(); err != nil {
		return o, err
	}
	return o, record.Write(ctx, tx, func(tx *db.Tx) error {
		p, err := FindProposal(ctx, tx, id)
		if err != nil {
			return err
		}
		chain, err := office.ReadChain(ctx, tx)
		if err != nil {
			return err
		}
		if err := p.MayDecide(by, chain, civil.DayOf(tx.Now())); err != nil {
			return err
		}
		act := "holiday-proposal.confirm"
		p.Status, p.Decided = Confirmed, &Decided{Person: by.Person, Office: by.Office, At: tx.Now()}
		if !confirm {
			act, p.Status, p.Decided.Reason = "holiday-proposal.refuse", Refused, strings.TrimSpace(reason)
		}
		if err := p.put(ctx, tx, by, act, `UPDATE bank_holiday_proposals SET day = $2, status = $3, proposal = $4 WHERE id = $1 AND status = 'proposed'`); err != nil || !confirm {
			return err
		}
		if o, err = p.Outlook(ctx, tx); err != nil {
			return err
		}
		return o.confirm(ctx, tx, by)
	})
}

// confirm keeps what a second administrator confirmed.
func (o *Outlook) confirm(ctx context.Context, tx *db.Tx, by office.Viewer) error {
	if o.Removed != nil {
		o.Removed.N, o.Removed.ConfirmedBy = record.NextEvent(tx), by.Person
		return o.keep(ctx, tx, by, "holiday.remove", `UPDATE bank_holidays SET day = $2, stands = $3, holiday = $4 WHERE id = $1 AND stands = TRUE`)
	}
	o.N, o.ConfirmedBy = record.NextEvent(tx), by.Person
	return o.keep(ctx, tx, by, "holiday.add", `INSERT INTO bank_holidays (id, day, stands, holiday) VALUES ($1, $2, $3, $4)`)
}
