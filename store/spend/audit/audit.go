// Package audit says what verify holds of the tables of spend, column by column.
package audit

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/spend"
	"github.com/police-ict/handover/store/spend/classify"
)

// Tables are what verify holds of spend, column by column, beside what
// spend.CheckLoads adds up.
var Tables = []record.Table{
	{Name: "loads", Columns: "id, body, status, hash, first_line, lines, moved, n, differs, load", Where: " WHERE n > 0", Want: wantLoads},
	{Name: "loads", Columns: "id, done, preview", Where: spend.Ended, Want: wantEnded},
	{Name: "spend_head", Columns: "id, version", Want: func(ctx context.Context, c *record.Checker, row func(...any)) error {
		m, err := movesOf(ctx, c)
		row(1, m.version)
		return err
	}},
	{Name: "spend_rules", Columns: "id, rule", Want: record.OnePer("rule", func(r classify.Rule, words string) []any { return []any{r.ID, words} })},
	{Name: "supplier_changes", Columns: "id, change", Want: record.OnePer("supplier-change", func(v spend.SupplierChange, words string) []any { return []any{v.ID, words} })},
	{Name: "spend_notes", Columns: spend.ExplanationCols, Want: record.OnePer("explanation", func(e spend.Explanation, words string) []any {
		return []any{e.ID, e.Subject, e.Body, words}
	})},
	{Name: "spend_withheld", Columns: "line, load, state", Want: record.OnePer("withholding", func(w spend.Withholding, words string) []any {
		return []any{w.Line, w.Load, words}
	})},
	{Name: "load_decisions", Columns: "load, decision, held, under", Want: record.OnePer("under", func(u spend.Under, words string) []any {
		return []any{u.Load, u.Decision, u.Held, words}
	})},
	{Name: "spend_decisions", Columns: "line, decision, load, how, stands, tie", Where: " WHERE tie <> ''", Want: record.OnePer("tie", func(t spend.Tie, words string) []any {
		return []any{t.Line, t.Decision, t.Load, t.How, t.Untied == "", words}
	})},
}

func wantLoads(ctx context.Context, c *record.Checker, row func(...any)) error {
	m, err := movesOf(ctx, c)
	if err != nil {
		return err
	}
	return record.EachTold(c, "load", func(l spend.Load, words string) error {
		row(l.ID, l.Body, l.Status, l.Hash, l.FirstLine, l.Lines, m.loads[l.ID], c.First(l.Subject()).N, m.differs[l.ID], words)
		return nil
	})
}

// wantEnded are the loads that are read to their end, with nothing left of
// their preview.
func wantEnded(_ context.Context, c *record.Checker, row func(...any)) error {
	return record.EachTold(c, "load", func(l spend.Load, _ string) error {
		switch l.Status {
		case spend.Published, spend.Withdrawn, spend.Replaced:
			row(l.ID, l.Lines, "")
		}
		return nil
	})
}

// moves are the events that last changed what is shown of spend: of each load,
// and of all.
type moves struct {
	version  int64
	loads    map[int64]int64
	differs  map[int64]bool
	standing map[int64]bool
}

// movesOf goes through the events about spend as the acts themselves did.
func movesOf(ctx context.Context, c *record.Checker) (moves, error) {
	m := moves{loads: map[int64]int64{}, differs: map[int64]bool{}, standing: map[int64]bool{}}
	_, err := db.List(ctx, c.S, func(r db.Row) (none struct{}, err error) {
		var n int64
		var act, topic, payload string
		if err := r.Scan(&n, &act, &topic, &payload); err != nil {
			return none, err
		}
		return none, m.add(n, act, topic, payload)
	}, `SELECT n, act, topic, payload FROM events WHERE topic IN ('load', 'line', 'rule', 'supplier-change') ORDER BY n`)
	return m, err
}

func (m *moves) add(n int64, act, topic, payload string) error {
	var said struct {
		Subject string                     `json:"subject"`
		Now     map[string]json.RawMessage `json:"now"`
	}
	if err := json.Unmarshal([]byte(payload), &said); err != nil {
		return err
	}
	switch {
	case topic == "rule" || topic == "supplier-change":
		m.version = n
	case act == "load.differ" || act == "load.agree":
		var id int64
		if _, err := fmt.Sscanf(said.Subject, "load/%d", &id); err != nil {
			return err
		}
		m.version, m.loads[id], m.differs[id] = n, n, act == "load.differ"
	case topic == "load":
		for thing, row := range said.Now {
			var l spend.Load
			if !strings.HasPrefix(thing, "load/") {
				continue
			}
			if err := json.Unmarshal(row, &l); err != nil {
				return err
			}
			if m.standing[l.ID] || l.Counts() {
				m.version, m.loads[l.ID] = n, n
			}
			m.standing[l.ID] = l.Counts()
		}
	case topic == "line":
		for thing, row := range said.Now {
			var of struct {
				Load int64 `json:"load"`
			}
			if !strings.HasPrefix(thing, "withholding/") && !strings.HasPrefix(thing, "tie/") {
				continue
			}
			if err := json.Unmarshal(row, &of); err != nil {
				return err
			}
			m.version, m.loads[of.Load] = n, n
		}
	}
	return nil
}
