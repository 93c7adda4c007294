package store

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
)

// Programme is a handover, as data: who hands over, to whom, and what is
// entered in the register when it completes.
type Programme struct {
	ID          int64            `json:"-"`
	Name        string           `json:"name"`
	Transferors []string         `json:"transferors"` // slugs of the members that cease
	Transferees []string         `json:"transferees"` // slugs of the bodies that may be admitted
	Aimed       Day              `json:"aimed"`
	Longstop    Day              `json:"longstop"`
	Class       string           `json:"class"` // of each body admitted
	Votes       int64            `json:"votes"`
	Guarantee   Pence            `json:"guarantee_pence"`
	Seats       int64            `json:"seats"`  // of directors
	Rights      []ProgrammeRight `json:"rights"` // of the class, jointly, after completion
	Ground      string           `json:"ground"` // of each cessation
	Note        string           `json:"note"`
	CompletedOn Day              `json:"completed_on,omitempty"`
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

// shipProgramme opens the record of the one programme that the portal ships,
// together with what else it ships.
func (s *Store) shipProgramme(ctx context.Context, more []part) error {
	var shipped struct {
		Programme
		Transferees string `json:"transferees"`
	}
	if err := json.Unmarshal(programmeFile, &shipped); err != nil {
		return fmt.Errorf("programme.json: %w", err)
	}
	p := shipped.Programme
	for _, b := range LocalPolicingBodies() {
		p.Transferees = append(p.Transferees, b.Slug)
	}
	terms, err := canonical(p)
	if err != nil {
		return err
	}
	if err := s.change(ctx, `INSERT INTO programmes (id, terms, completed_on, completed_n) VALUES (1, $1, '', 0)`, string(terms)); err != nil {
		return err
	}
	_, err = s.record(ctx, Portal, "programme.ship", "programme/1", append(more, now("programme/1", p))...)
	return err
}

func scanProgramme(r row) (p Programme, err error) {
	var terms string
	var on Day
	var id, n int64
	if err := r.Scan(&id, &terms, &on, &n); err != nil {
		return p, err
	}
	err = json.Unmarshal([]byte(terms), &p)
	p.ID, p.CompletedOn, p.CompletedN = id, on, n
	return p, err
}

const programmeCols = `id, terms, completed_on, completed_n`

// Moment is a day of the handover: what had been recorded by its end. The zero
// Moment is now.
type Moment struct {
	Day   Day
	Event int64 // the last event recorded by then; 0 is none
	Past  bool  // the day is over, so the record is read instead of the tables
}

// Moment reads a day of the handover from an address; "" is today. A day to
// come is refused: nothing is recorded of it.
func (s *Store) Moment(ctx context.Context, asAt string) (m Moment, err error) {
	today := DayOf(s.Now())
	if asAt == "" {
		return Moment{Day: today}, nil
	}
	if m.Day, err = ParseDay(asAt); err != nil {
		return m, Field("day", "There is no day %q: write it like 2012-07-16.", short(asAt))
	}
	if m.Day > today {
		return m, Field("day", "%s has not come yet: nothing is recorded of it.", m.Day)
	}
	if m.Day == today {
		return m, nil
	}
	m.Past = true
	m.Event, err = s.LastAt(ctx, m.Day)
	return m, err
}

// Programme reads the handover's terms.
func (s *Store) Programme(ctx context.Context, m Moment) (p Programme, err error) {
	if !m.Past {
		return one(ctx, s, scanProgramme, `SELECT `+programmeCols+` FROM programmes WHERE id = 1`)
	}
	all, err := pastRows[Programme](ctx, s, "programme", m.Event)
	if err != nil {
		return p, err
	}
	if len(all) == 0 { // before the record begins: the terms as shipped, and nothing done
		if p, err = one(ctx, s, scanProgramme, `SELECT `+programmeCols+` FROM programmes WHERE id = 1`); err != nil {
			return p, err
		}
		p.CompletedOn, p.CompletedN = "", 0
		return p, nil
	}
	all[0].ID = 1
	return all[0], nil
}

func programmeRow(p Programme) (string, any) { return fmt.Sprintf("programme/%d", p.ID), p }

var programmeLedger = ledger{"programme", func(ctx context.Context, s *Store) (map[string]any, error) {
	return rowsOf(ctx, s, scanProgramme, `SELECT `+programmeCols+` FROM programmes`, programmeRow)
}}
