package store

import (
	"context"
	"encoding/json"
	"fmt"
)

// Withholding says that supplier, purpose and raw text of a line are not shown,
// and why. The amount stays.
type Withholding struct {
	Line   int64  `json:"line"`
	Load   int64  `json:"load"`
	Reason string `json:"reason"`
	By     string `json:"by"`
	On     Day    `json:"on"`
	Lifted Day    `json:"lifted,omitempty"`
	Why    string `json:"lifted_because,omitempty"`
}

func (w Withholding) subject() string { return fmt.Sprintf("withholding/%d", w.Line) }

type withheldRow struct {
	Withholding
	paid       Paid
	pence      int64
	was, combo int64
	rest       string
}

const withheldCols = `line, load, paid, pence, was, combo, rest, state`

func scanWithheld(r row) (w withheldRow, err error) {
	var text string
	var line, load int64
	if err := r.Scan(&line, &load, &w.paid, &w.pence, &w.was, &w.combo, &w.rest, &text); err != nil {
		return w, err
	}
	err = json.Unmarshal([]byte(text), &w.Withholding)
	w.Line, w.Load = line, load
	return w, err
}

var withheldLedger = ledger{"withholding", func(ctx context.Context, s *Store) (map[string]any, error) {
	return rowsOf(ctx, s, scanWithheld, `SELECT `+withheldCols+` FROM spend_withheld`, func(w withheldRow) (string, any) { return w.subject(), w.Withholding })
}}

// withheldCells are what the withheld lines of a load take from the cells of
// their combination, and put into those that stand in its place.
func (s *Store) withheldCells(ctx context.Context, load int64) (all []cell, err error) {
	rows, err := list(ctx, s, scanWithheld, `SELECT `+withheldCols+` FROM spend_withheld WHERE load = $1 ORDER BY line`, load)
	for _, w := range rows {
		all = append(all, w.cells()...)
	}
	return all, err
}

// cells are what a withheld line takes from one cell and puts into another.
func (w withheldRow) cells() []cell {
	if w.Lifted != "" {
		return nil
	}
	period := packPeriod(w.paid.Period())
	return []cell{{period, uint32(w.was), -1, -w.pence}, {period, uint32(w.combo), 1, w.pence}}
}

// WithholdLine stops showing the supplier, the purpose and the raw text of a
// line, with a reason. Every page, export, search and feed obeys at once.
func (s *Store) WithholdLine(ctx context.Context, by Viewer, id int64, reason string) error {
	reason, err := reasonFor(reason)
	if err != nil {
		return err
	}
	known, err := s.readLexicon(ctx, newLexicon()) // it is long, and only grows: not inside the write
	if err != nil {
		return err
	}
	return s.write(ctx, func(s *Store) error {
		l, b, at, err := s.lineForChange(ctx, by, id)
		if err != nil {
			return err
		}
		had, found, err := maybe(ctx, s, scanWithheld, `SELECT `+withheldCols+` FROM spend_withheld WHERE line = $1`, id)
		if err != nil {
			return err
		}
		if found && had.Lifted == "" {
			return Conflict.Errorf("This line is withheld already.")
		}
		k := b.lines[at]
		x, err := s.readLexicon(ctx, known)
		if err != nil {
			return err
		}
		c := x.combo(k.combo)
		shown := combo{category: c.category, centre: c.centre, withheld: true}
		number, err := s.comboFor(ctx, x, shown)
		if err != nil {
			return err
		}
		w := withheldRow{Withholding{Line: id, Load: l.ID, Reason: reason, By: officeOr(by), On: DayOf(s.Now())}, k.paid, k.pence, k.combo, number, k.rest}
		if err := s.putWithheld(ctx, w); err != nil {
			return err
		}
		b.lines[at].combo, b.lines[at].rest = w.combo, ""
		s.Hides()
		return s.recordWithheld(ctx, by, "withhold", l, b, w)
	})
}

// LiftLine shows a withheld line again, with a reason.
func (s *Store) LiftLine(ctx context.Context, by Viewer, id int64, why string) error {
	why, err := reasonFor(why)
	if err != nil {
		return err
	}
	return s.write(ctx, func(s *Store) error {
		l, b, at, err := s.lineForChange(ctx, by, id)
		if err != nil {
			return err
		}
		w, found, err := maybe(ctx, s, scanWithheld, `SELECT `+withheldCols+` FROM spend_withheld WHERE line = $1`, id)
		if err != nil {
			return err
		}
		if !found || w.Lifted != "" {
			return Conflict.Errorf("This line is not withheld.")
		}
		w.Lifted, w.Why = DayOf(s.Now()), why
		b.lines[at].combo, b.lines[at].rest = w.was, w.rest
		if err := s.putWithheld(ctx, w); err != nil {
			return err
		}
		return s.recordWithheld(ctx, by, "lift", l, b, w)
	})
}

func reasonFor(reason string) (string, error) {
	var f Faults
	reason = oneLine(reason)
	text(&f, "reason", "the reason", reason, true, 500)
	return reason, f.Err()
}

func (s *Store) putWithheld(ctx context.Context, w withheldRow) error {
	state, err := canonical(w.Withholding)
	if err != nil {
		return err
	}
	return s.change(ctx, `INSERT INTO spend_withheld (`+withheldCols+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (line) DO UPDATE SET was = EXCLUDED.was, combo = EXCLUDED.combo, rest = EXCLUDED.rest, state = EXCLUDED.state`,
		w.Line, w.Load, int64(w.paid), w.pence, w.was, w.combo, w.rest, string(state))
}

func (s *Store) recordWithheld(ctx context.Context, by Viewer, act string, l Load, b block, w withheldRow) error {
	hot, cold := encodeBlock(b.lines)
	if err := s.change(ctx, `UPDATE spend_blocks SET hot = $1, cold = $2 WHERE first = $3`, hot, cold, b.first); err != nil {
		return err
	}
	if err := s.withheldSpend(ctx, l); err != nil {
		return err
	}
	n, err := s.record(ctx, by, "line."+act, fmt.Sprintf("line/%d", w.Line), about(l.Body), now(w.subject(), w.Withholding))
	if err != nil {
		return err
	}
	return s.moved(ctx, n, l.ID)
}

// lineForChange finds a line, its load and its block for someone who may change
// what is shown of it.
func (s *Store) lineForChange(ctx context.Context, by Viewer, id int64) (l Load, b block, at int, err error) {
	if b, err = s.blockOf(ctx, id); err != nil {
		return l, b, 0, err
	}
	if l, err = s.Load(ctx, by, b.load); err != nil {
		return l, b, 0, err
	}
	return l, b, int(id - b.first), MayLoad(by, l.Body)
}

// WithholdLoad stops showing the suppliers, purposes and raw texts of a whole
// load, with a reason; an empty reason with lift set shows them again.
func (s *Store) WithholdLoad(ctx context.Context, by Viewer, id int64, lift bool, reason string) error {
	reason, err := reasonFor(reason)
	if err != nil {
		return err
	}
	return s.write(ctx, func(s *Store) error {
		l, err := s.Load(ctx, by, id)
		if err != nil {
			return err
		}
		if err := MayLoad(by, l.Body); err != nil {
			return err
		}
		switch {
		case l.Status != LoadStanding && l.Status != LoadWithdrawn && l.Status != LoadReplaced:
			return Conflict.Errorf("This load has no lines that are shown.")
		case lift && l.Withheld == "":
			return Conflict.Errorf("This load is not withheld.")
		case !lift && l.Withheld != "":
			return Conflict.Errorf("This load is withheld already.")
		}
		act := Act("withhold")
		if l.Withheld = reason; lift {
			act, l.Withheld = "lift", ""
		}
		if !lift {
			s.Hides()
		}
		if err := s.withheldSpend(ctx, l); err != nil {
			return err
		}
		return s.recordLoad(ctx, by, act, l.Status, l, detail(map[string]string{"reason": reason}))
	})
}

// hide takes from a line what is withheld.
func (l *Line) hide() {
	l.Payee, l.Supplier, l.CompanyNumber, l.SupplierNumber, l.Purpose = Withheld, "", "", "", ""
	l.Reason, l.Transaction, l.Contract, l.Spender, l.PublishedBody = "", "", "", "", ""
	l.Identity = Supplier{}
}
