// Package rejected shows the rows of a source file that could not be read. Their
// text may name a person, so a single one can be withheld.
package rejected

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/money"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/spend"
	"github.com/police-ict/handover/store/spend/sheet"
	"github.com/police-ict/handover/store/text"
)

// Withholding says that the text of a rejected row is shown to nobody,
// and why. Others than those who keep the spend of the body never see it.
type Withholding struct {
	Load   int64     `json:"load"`
	Table  int       `json:"table"`
	Record int       `json:"row"`
	Reason string    `json:"reason"`
	By     string    `json:"by"`
	On     civil.Day `json:"on"`
	Lifted civil.Day `json:"lifted,omitempty"`
	Why    string    `json:"lifted_because,omitempty"`
}

// Stands reports whether the text is withheld now.
func (w Withholding) Stands() bool { return w.Reason != "" && w.Lifted == "" }

func (w Withholding) thing() string {
	return fmt.Sprintf("rejected/%d/%d/%d", w.Load, w.Table, w.Record)
}

const withheldCols = `load, sheet, record, state`

func scanWithheld(r db.Row) (w Withholding, err error) {
	var load int64
	var table, row int
	var state string
	if err := r.Scan(&load, &table, &row, &state); err != nil {
		return w, err
	}
	err = json.Unmarshal([]byte(state), &w)
	w.Load, w.Table, w.Record = load, table, row
	return w, err
}

// Ledger holds its rows to the record.
var Ledger = record.Ledger{Topic: "rejected", Rows: func(ctx context.Context, tx *db.Tx) (map[string]any, error) {
	return record.RowsOf(ctx, tx, scanWithheld, `SELECT `+withheldCols+` FROM spend_rejected_withheld`,
		func(w Withholding) (string, any) { return w.thing(), w })
}}

// Tables are what verify holds of rejected rows, column by column.
var Tables = []record.Table{
	{Name: "spend_rejected_withheld", Columns: "load, sheet, record, state", Want: record.OnePer("rejected", func(w Withholding, words string) []any {
		return []any{w.Load, w.Table, w.Record, words}
	})},
}

// keptRow is a rejected row as it is kept.
type keptRow struct {
	table, record int
	start         int64
	size          int
	reason        string
}

const rowCols = `sheet, record, start, size, reason`

func scanRow(r db.Row) (v keptRow, err error) {
	return v, r.Scan(&v.table, &v.record, &v.start, &v.size, &v.reason)
}

// Row is a rejected row of a load.
type Row struct {
	spend.RejectedRow
	Table    int         // its sheet, by number
	Withheld Withholding // its own, beside that of the load
}

// First reads the first rejected rows of a load, and how many there are beyond
// those.
func First(ctx context.Context, tx *db.Tx, by office.Viewer, l spend.Load) (all []Row, more int64, err error) {
	rows, err := db.List(ctx, tx, scanRow, `SELECT `+rowCols+` FROM spend_rejected WHERE load = $1 ORDER BY sheet, record LIMIT 100`, l.ID)
	if err != nil {
		return nil, 0, err
	}
	withheld, err := db.List(ctx, tx, scanWithheld, `SELECT `+withheldCols+` FROM spend_rejected_withheld WHERE load = $1`, l.ID)
	if err != nil {
		return nil, 0, err
	}
	withheldBy := map[[2]int]Withholding{}
	for _, w := range withheld {
		withheldBy[[2]int{w.Table, w.Record}] = w
	}
	for _, v := range rows {
		row, err := rowOf(ctx, tx, by, l, v, withheldBy[[2]int{v.table, v.record}])
		if err != nil {
			return nil, 0, err
		}
		all = append(all, row)
	}
	return all, max(0, l.Rejected-int64(len(all))), nil
}

// rowOf is a rejected row as somebody sees it. Its text may name a person,
// so only those who keep the spend of the body see it, while it is not withheld.
// Everyone sees what can be read of its day and amount.
func rowOf(ctx context.Context, tx *db.Tx, by office.Viewer, l spend.Load, v keptRow, w Withholding) (Row, error) {
	row := Row{spend.RejectedRow{Record: v.record, Reason: v.reason}, v.table, w}
	if v.table < len(l.Sheets) {
		row.Sheet = l.Sheets[v.table].Name
	}
	raw, cells, err := spend.ReadRow(ctx, tx, l, v.table, v.start, v.size)
	if err != nil {
		return row, err
	}
	for _, cell := range cells {
		switch cell.Field {
		case sheet.DatePaid.String():
			row.Paid = sheet.ParseDate(cell.Text).String()
		case sheet.Amount.String():
			if pence, _, why := sheet.ParseAmount(cell.Text); why == "" {
				row.Amount = money.Pence(pence).String()
			}
		}
	}
	if spend.MayLoad(by, l.Body) == nil && l.Withheld == "" && !w.Stands() {
		row.Raw = spend.CellText(raw)
	}
	return row, nil
}

// Find finds a rejected row of a load for someone who may change what is
// shown of it.
func Find(ctx context.Context, tx *db.Tx, by office.Viewer, load int64, table, row int) (l spend.Load, out Row, err error) {
	if l, err = spend.FindLoad(ctx, tx, by, load); err != nil {
		return l, out, err
	}
	if err := spend.MayLoad(by, l.Body); err != nil {
		return l, out, err
	}
	v, found, err := db.Maybe(ctx, tx, scanRow, `SELECT `+rowCols+` FROM spend_rejected WHERE load = $1 AND sheet = $2 AND record = $3`, load, table, row)
	if err == nil && !found {
		err = fault.NotFound.Errorf("Row %d of this file could be read.", row)
	}
	if err != nil {
		return l, out, err
	}
	w, _, err := db.Maybe(ctx, tx, scanWithheld, `SELECT `+withheldCols+` FROM spend_rejected_withheld WHERE load = $1 AND sheet = $2 AND record = $3`, load, table, row)
	if err != nil {
		return l, out, err
	}
	out, err = rowOf(ctx, tx, by, l, v, w)
	return l, out, err
}

// Withhold stops showing the text of one rejected row, with a reason;
// with lift set it shows it again to those who may see it.
func Withhold(ctx context.Context, tx *db.Tx, by office.Viewer, load int64, table, row int, lift bool, reason string) error {
	reason, err := spend.ReasonFor(reason)
	if err != nil {
		return err
	}
	return record.Write(ctx, tx, func(tx *db.Tx) error {
		l, had, err := Find(ctx, tx, by, load, table, row)
		if err != nil {
			return err
		}
		w, act := had.Withheld, "load.withhold-row"
		switch {
		case !l.Shown():
			return fault.Conflict.Errorf("This file has no rows that are shown.")
		case lift && !w.Stands():
			return fault.Conflict.Errorf("This row is not withheld.")
		case !lift && w.Stands():
			return fault.Conflict.Errorf("This row is already withheld.")
		case lift:
			act, w.Lifted, w.Why = "load.lift-row", civil.DayOf(tx.Now()), reason
		default:
			w = Withholding{Load: load, Table: table, Record: row, Reason: reason, By: spend.OfficeOr(by), On: civil.DayOf(tx.Now())}
			record.Hides(tx)
		}
		state, err := text.Canonical(w)
		if err != nil {
			return err
		}
		if err := tx.Change(ctx, `INSERT INTO spend_rejected_withheld (`+withheldCols+`) VALUES ($1, $2, $3, $4)
			ON CONFLICT (load, sheet, record) DO UPDATE SET state = EXCLUDED.state`, load, table, row, string(state)); err != nil {
			return err
		}
		_, err = record.Add(ctx, tx, by, act, l.Subject(), record.About(l.Body), record.Now(w.thing(), w))
		return err
	})
}
