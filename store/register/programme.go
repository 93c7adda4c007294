package register

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/money"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/text"
)

// Programme is a handover, as data: who hands over, to whom, and what is
// entered in the register when it completes.
type Programme struct {
	ID          int64            `json:"-"`
	Name        string           `json:"name"`
	Transferors []string         `json:"transferors"` // slugs of the members that cease
	Transferees []string         `json:"transferees"` // slugs of the bodies that may be admitted
	Aimed       civil.Day        `json:"aimed"`
	Longstop    civil.Day        `json:"longstop"`
	Class       string           `json:"class"` // of each body admitted
	Votes       int64            `json:"votes"`
	Guarantee   money.Pence      `json:"guarantee_pence"`
	Seats       int64            `json:"seats"`  // of directors
	Rights      []ProgrammeRight `json:"rights"` // of the class, jointly, after completion
	Ground      string           `json:"ground"` // of each cessation
	Note        string           `json:"note"`
	CompletedOn civil.Day        `json:"completed_on,omitempty"`
	CompletedN  int64            `json:"completed_event,omitempty"`
}

// ProgrammeRight is a right that the members of the new class hold jointly.
type ProgrammeRight struct {
	Right  RightKind `json:"right"`
	Seats  int64     `json:"seats,omitempty"`
	Matter string    `json:"matter,omitempty"`
	Clause string    `json:"clause"`
}

// Transferor reports whether a body hands over.
func (p Programme) Transferor(body string) bool { return slices.Contains(p.Transferors, body) }

// Transferee reports whether a body may be admitted.
func (p Programme) Transferee(body string) bool { return slices.Contains(p.Transferees, body) }

// Done reports whether the handover is complete.
func (p Programme) Done() bool { return p.CompletedN != 0 }

//go:embed programme.json
var programmeFile []byte

// ShipProgramme opens the record of the one programme that the portal ships,
// together with what else it ships.
func ShipProgramme(ctx context.Context, tx *db.Tx, more []record.Part) error {
	var shipped struct {
		Programme
		Transferees string `json:"transferees"`
	}
	if err := json.Unmarshal(programmeFile, &shipped); err != nil {
		return fmt.Errorf("programme.json: %w", err)
	}
	p := shipped.Programme
	for _, b := range office.LocalPolicingBodies() {
		p.Transferees = append(p.Transferees, b.Slug)
	}
	terms, err := text.Canonical(p)
	if err != nil {
		return err
	}
	if err := tx.Change(ctx, `INSERT INTO programmes (id, terms, completed_on, completed_n) VALUES (1, $1, '', 0)`, string(terms)); err != nil {
		return err
	}
	_, err = record.Add(ctx, tx, office.Portal, "programme.ship", "programme/1", append(more, record.Now("programme/1", p))...)
	return err
}

func scanProgramme(r db.Row) (p Programme, err error) {
	var terms string
	var on civil.Day
	var id, n int64
	if err := r.Scan(&id, &terms, &on, &n); err != nil {
		return p, err
	}
	err = json.Unmarshal([]byte(terms), &p)
	p.ID, p.CompletedOn, p.CompletedN = id, on, n
	return p, err
}

const programmeCols = `id, terms, completed_on, completed_n`

// MomentOf reads a day of the handover from an address; "" is today. A day to
// come is refused: nothing is recorded of it.
func MomentOf(ctx context.Context, tx *db.Tx, asAt string) (m record.Moment, err error) {
	today := civil.DayOf(tx.Now())
	if asAt == "" {
		return record.Moment{Day: today}, nil
	}
	if m.Day, err = civil.ParseDay(asAt); err != nil {
		return m, fault.Field("day", "%q is not a date. Enter it like 2012-07-16.", text.Short(asAt))
	}
	if m.Day > today {
		return m, fault.Field("day", "%s is in the future. Enter today or an earlier date.", m.Day)
	}
	if m.Day == today {
		return m, nil
	}
	m.Past = true
	m.Event, err = record.LastOn(ctx, tx, m.Day)
	return m, err
}

// ReadProgramme reads the handover's terms.
func ReadProgramme(ctx context.Context, tx *db.Tx, m record.Moment) (p Programme, err error) {
	if !m.Past {
		return db.One(ctx, tx, scanProgramme, `SELECT `+programmeCols+` FROM programmes WHERE id = 1`)
	}
	all, err := record.PastRows[Programme](ctx, tx, "programme", m.Event)
	if err != nil {
		return p, err
	}
	if len(all) == 0 { // before the record begins: the terms as shipped, and nothing done
		if p, err = db.One(ctx, tx, scanProgramme, `SELECT `+programmeCols+` FROM programmes WHERE id = 1`); err != nil {
			return p, err
		}
		p.CompletedOn, p.CompletedN = "", 0
		return p, nil
	}
	all[0].ID = 1
	return all[0], nil
}

func programmeRow(p Programme) (string, any) { return fmt.Sprintf("programme/%d", p.ID), p }

// ProgrammeLedger holds its rows to the record.
var ProgrammeLedger = record.Ledger{Topic: "programme", Rows: func(ctx context.Context, tx *db.Tx) (map[string]any, error) {
	return record.RowsOf(ctx, tx, scanProgramme, `SELECT `+programmeCols+` FROM programmes`, programmeRow)
}}

// SaveCompletion stores the day on which a programme was completed, and the
// event that says so.
func SaveCompletion(ctx context.Context, tx *db.Tx, p Programme) error {
	return tx.Change(ctx, `UPDATE programmes SET completed_on = $1, completed_n = $2 WHERE id = $3 AND completed_n = 0`, p.CompletedOn, p.CompletedN, p.ID)
}
