package spend

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/spend/block"
	"github.com/police-ict/handover/store/spend/payments"
	"github.com/police-ict/handover/store/spend/supplier"
	"github.com/police-ict/handover/store/text"
)

// Withholding says that supplier, purpose and raw text of a line are not shown,
// and why. The amount stays.
type Withholding struct {
	Line   int64     `json:"line"`
	Load   int64     `json:"load"`
	Reason string    `json:"reason"`
	By     string    `json:"by"`
	On     civil.Day `json:"on"`
	Lifted civil.Day `json:"lifted,omitempty"`
	Why    string    `json:"lifted_because,omitempty"`
}

func (w Withholding) subject() string { return fmt.Sprintf("withholding/%d", w.Line) }

type withheldRow struct {
	Withholding
	paid       civil.Paid
	Pence      int64
	was, combo int64
	rest       string
}

const withheldCols = `line, load, paid, pence, was, combo, rest, state`

func scanWithheld(r db.Row) (w withheldRow, err error) {
	var text string
	var line, load int64
	if err := r.Scan(&line, &load, &w.paid, &w.Pence, &w.was, &w.combo, &w.rest, &text); err != nil {
		return w, err
	}
	err = json.Unmarshal([]byte(text), &w.Withholding)
	w.Line, w.Load = line, load
	return w, err
}

// WithheldLedger holds its rows to the record.
var WithheldLedger = record.Ledger{Topic: "withholding", Rows: func(ctx context.Context, tx *db.Tx) (map[string]any, error) {
	return record.RowsOf(ctx, tx, scanWithheld, `SELECT `+withheldCols+` FROM spend_withheld`, func(w withheldRow) (string, any) { return w.subject(), w.Withholding })
}}

// withheldOf are the lines of a load that are withheld, or were.
func withheldOf(ctx context.Context, tx *db.Tx, load int64) ([]withheldRow, error) {
	return db.List(ctx, tx, scanWithheld, `SELECT `+withheldCols+` FROM spend_withheld WHERE load = $1 ORDER BY line`, load)
}

// WithheldIn are the lines of a query that are withheld, or were.
func WithheldIn(ctx context.Context, tx *db.Tx, lines string, args ...any) ([]withheldRow, error) {
	return db.List(ctx, tx, scanWithheld, `SELECT `+withheldCols+` FROM spend_withheld WHERE line IN (`+lines+`) ORDER BY line`, args...)
}

// WithholdingOf is how a line is withheld, or was; zero where it never was.
func WithholdingOf(ctx context.Context, tx *db.Tx, line int64) (Withholding, error) {
	w, _, err := db.Maybe(ctx, tx, scanWithheld, `SELECT `+withheldCols+` FROM spend_withheld WHERE line = $1`, line)
	return w.Withholding, err
}

// cells are what a withheld line takes from one cell and puts into another.
func (w withheldRow) cells() []block.Cell {
	if w.Lifted != "" {
		return nil
	}
	period := block.PackPeriod(w.paid.Period())
	return []block.Cell{{Period: period, Combo: uint32(w.was), Lines: -1, Pence: -w.Pence}, {Period: period, Combo: uint32(w.combo), Lines: 1, Pence: w.Pence}}
}

// WithholdLine stops showing the supplier, the purpose and the raw text of a
// line, with a reason. Every page, export, search and feed obeys at once.
func WithholdLine(ctx context.Context, tx *db.Tx, by office.Viewer, id int64, reason string) error {
	reason, err := ReasonFor(reason)
	if err != nil {
		return err
	}
	known, err := readLexicon(ctx, tx, block.NewLexicon()) // it is long, and only grows: not inside the write
	if err != nil {
		return err
	}
	return record.Write(ctx, tx, func(tx *db.Tx) error {
		l, b, at, err := lineForChange(ctx, tx, by, id)
		if err != nil {
			return err
		}
		had, found, err := db.Maybe(ctx, tx, scanWithheld, `SELECT `+withheldCols+` FROM spend_withheld WHERE line = $1`, id)
		if err != nil {
			return err
		}
		if found && had.Lifted == "" {
			return fault.Conflict.Errorf("This payment is already withheld.")
		}
		k := b.Lines[at]
		x, err := readLexicon(ctx, tx, known)
		if err != nil {
			return err
		}
		c := x.Combo(k.Combo)
		shown := block.Combo{Category: c.Category, Centre: c.Centre, Withheld: true}
		number, err := comboFor(ctx, tx, x, shown)
		if err != nil {
			return err
		}
		w := withheldRow{Withholding{Line: id, Load: l.ID, Reason: reason, By: OfficeOr(by), On: civil.DayOf(tx.Now())}, k.Paid, k.Pence, k.Combo, number, k.Rest}
		if err := putWithheld(ctx, tx, w); err != nil {
			return err
		}
		b.Lines[at].Combo, b.Lines[at].Rest = w.combo, ""
		record.Hides(tx)
		return recordWithheld(ctx, tx, by, "withhold", l, b, w)
	})
}

// LiftLine shows a withheld line again, with a reason.
func LiftLine(ctx context.Context, tx *db.Tx, by office.Viewer, id int64, why string) error {
	why, err := ReasonFor(why)
	if err != nil {
		return err
	}
	return record.Write(ctx, tx, func(tx *db.Tx) error {
		l, b, at, err := lineForChange(ctx, tx, by, id)
		if err != nil {
			return err
		}
		w, found, err := db.Maybe(ctx, tx, scanWithheld, `SELECT `+withheldCols+` FROM spend_withheld WHERE line = $1`, id)
		if err != nil {
			return err
		}
		if !found || w.Lifted != "" {
			return fault.Conflict.Errorf("This payment is not withheld.")
		}
		w.Lifted, w.Why = civil.DayOf(tx.Now()), why
		b.Lines[at].Combo, b.Lines[at].Rest = w.was, w.rest
		if err := putWithheld(ctx, tx, w); err != nil {
			return err
		}
		return recordWithheld(ctx, tx, by, "lift", l, b, w)
	})
}

// ReasonFor is the reason that an act gives, tidied.
func ReasonFor(reason string) (string, error) {
	var f fault.Faults
	reason = text.OneLine(reason)
	text.Tidy(&f, "reason", "the reason", reason, true, 500)
	return reason, f.Err()
}

func putWithheld(ctx context.Context, tx *db.Tx, w withheldRow) error {
	state, err := text.Canonical(w.Withholding)
	if err != nil {
		return err
	}
	return tx.Change(ctx, `INSERT INTO spend_withheld (`+withheldCols+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (line) DO UPDATE SET was = EXCLUDED.was, combo = EXCLUDED.combo, rest = EXCLUDED.rest, state = EXCLUDED.state`,
		w.Line, w.Load, int64(w.paid), w.Pence, w.was, w.combo, w.rest, string(state))
}

func recordWithheld(ctx context.Context, tx *db.Tx, by office.Viewer, act string, l Load, b storedBlock, w withheldRow) error {
	hot, cold := block.Encode(b.Lines)
	if err := tx.Change(ctx, `UPDATE spend_blocks SET hot = $1, cold = $2 WHERE first = $3`, hot, cold, b.First); err != nil {
		return err
	}
	if err := withheldSpend(ctx, tx, l); err != nil {
		return err
	}
	n, err := record.Add(ctx, tx, by, "line."+act, fmt.Sprintf("line/%d", w.Line), record.About(l.Body), record.Now(w.subject(), w.Withholding))
	if err != nil {
		return err
	}
	if err := moved(ctx, tx, n, l.ID); err != nil {
		return err
	}
	x, err := lexiconNow(ctx, tx)
	if err != nil {
		return err
	}
	return record.NamesMoved(ctx, tx, text.NewNames(supplier.Spellings(x.Payee(uint32(w.was)).Name)))
}

// lineForChange finds a line, its load and its block for someone who may change
// what is shown of it.
func lineForChange(ctx context.Context, tx *db.Tx, by office.Viewer, id int64) (l Load, b storedBlock, at int, err error) {
	if b, err = blockOf(ctx, tx, id); err != nil {
		return l, b, 0, err
	}
	if l, err = FindLoad(ctx, tx, by, b.load); err != nil {
		return l, b, 0, err
	}
	return l, b, int(id - b.First), MayLoad(by, l.Body)
}

// WithholdLoad stops showing the suppliers, purposes and raw texts of a whole
// load, with a reason; an empty reason with lift set shows them again.
func WithholdLoad(ctx context.Context, tx *db.Tx, by office.Viewer, id int64, lift bool, reason string) error {
	reason, err := ReasonFor(reason)
	if err != nil {
		return err
	}
	return record.Write(ctx, tx, func(tx *db.Tx) error {
		l, err := FindLoad(ctx, tx, by, id)
		if err != nil {
			return err
		}
		if err := MayLoad(by, l.Body); err != nil {
			return err
		}
		switch {
		case l.Status != Published && l.Status != Withdrawn && l.Status != Replaced:
			return fault.Conflict.Errorf("This file has no payments that are shown.")
		case lift && l.Withheld == "":
			return fault.Conflict.Errorf("This file is not withheld.")
		case !lift && l.Withheld != "":
			return fault.Conflict.Errorf("This file is already withheld.")
		}
		act := office.Act("withhold")
		if l.Withheld = reason; lift {
			act, l.Withheld = "lift", ""
		}
		if !lift {
			record.Hides(tx)
		}
		if err := withheldSpend(ctx, tx, l); err != nil {
			return err
		}
		if err := recordLoad(ctx, tx, by, act, l.Status, l, record.Detail(map[string]string{"reason": reason})); err != nil {
			return err
		}
		return loadNamesMoved(ctx, tx, l)
	})
}

func loadNamesMoved(ctx context.Context, tx *db.Tx, l Load) error {
	x, err := lexiconNow(ctx, tx)
	if err != nil {
		return err
	}
	payees, err := payeesOf(ctx, tx, x, l.ID)
	if err != nil {
		return err
	}
	var names []string
	for _, p := range payees {
		names = append(names, supplier.Spellings(p.Name)...)
	}
	return record.NamesMoved(ctx, tx, text.NewNames(names))
}

// hide takes from a line what is withheld.
func (l *Line) hide() {
	l.Payee, l.Supplier, l.CompanyNumber, l.SupplierNumber, l.Purpose = payments.Withheld, "", "", "", ""
	l.Reason, l.Transaction, l.Contract, l.Spender, l.PublishedBody = "", "", "", "", ""
	l.Identity = Supplier{}
}
