package spend

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/spend/block"
	"github.com/police-ict/handover/store/spend/classify"
)

const ended = ` WHERE n > 0 AND status IN ('standing', 'withdrawn', 'replaced')`

// Tables are what verify holds of spend, column by column, beside what
// CheckLoads adds up.
var Tables = []record.Table{
	{Name: "loads", Columns: "id, body, status, hash, first_line, lines, moved, n, differs, load", Where: " WHERE n > 0", Want: wantLoads},
	{Name: "loads", Columns: "id, done, preview", Where: ended, Want: wantEnded},
	{Name: "spend_head", Columns: "id, version", Want: func(ctx context.Context, c *record.Checker, row func(...any)) error {
		m, err := movesOf(ctx, c)
		row(1, m.version)
		return err
	}},
	{Name: "spend_rules", Columns: "id, rule", Want: record.OnePer("rule", func(r classify.Rule, words string) []any { return []any{r.ID, words} })},
	{Name: "supplier_changes", Columns: "id, change", Want: record.OnePer("supplier-change", func(v SupplierChange, words string) []any { return []any{v.ID, words} })},
	{Name: "spend_notes", Columns: explanationCols, Want: record.OnePer("explanation", func(e Explanation, words string) []any {
		return []any{e.ID, e.Subject, e.Body, words}
	})},
	{Name: "spend_withheld", Columns: "line, load, state", Want: record.OnePer("withholding", func(w Withholding, words string) []any {
		return []any{w.Line, w.Load, words}
	})},
	{Name: "load_decisions", Columns: "load, decision, held, under", Want: record.OnePer("under", func(u Under, words string) []any {
		return []any{u.Load, u.Decision, u.Held, words}
	})},
	{Name: "spend_decisions", Columns: "line, decision, load, how, stands, tie", Where: " WHERE tie <> ''", Want: record.OnePer("tie", func(t Tie, words string) []any {
		return []any{t.Line, t.Decision, t.Load, t.How, t.Untied == "", words}
	})},
}

func wantLoads(ctx context.Context, c *record.Checker, row func(...any)) error {
	m, err := movesOf(ctx, c)
	if err != nil {
		return err
	}
	return record.EachTold(c, "load", func(l Load, words string) error {
		row(l.ID, l.Body, l.Status, l.Hash, l.FirstLine, l.Lines, m.loads[l.ID], c.First(l.Subject()).N, m.differs[l.ID], words)
		return nil
	})
}

// wantEnded are the loads that are read to their end, with nothing left of
// their preview.
func wantEnded(_ context.Context, c *record.Checker, row func(...any)) error {
	return record.EachTold(c, "load", func(l Load, _ string) error {
		switch l.Status {
		case Published, Withdrawn, Replaced:
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
			var l Load
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

// places holds what the rows of spend are numbered by, and finds those that
// belong to no load.
func places(ctx context.Context, c *record.Checker) error {
	for _, table := range []string{"spend_blocks", "spend_cells", "spend_rejected", "spend_withheld", "spend_flags", "spend_decisions", "load_decisions", "spend_totals", "search_spend"} {
		strange, found, err := db.Maybe(ctx, c.S, db.ScanInto[int64], `SELECT load FROM `+table+` WHERE load NOT IN (SELECT id FROM loads) ORDER BY load LIMIT 1`)
		if found {
			return c.Diverges("the table %s holds a row of load %d, and there is no such load", table, strange)
		}
		if err != nil {
			return err
		}
	}
	given, err := db.One(ctx, c.S, db.ScanInto[int64], `SELECT lines FROM spend_head WHERE id = 1`)
	if err != nil {
		return err
	}
	last, err := db.One(ctx, c.S, db.ScanInto[int64], `SELECT COALESCE(MAX(first_line + lines - 1), 0) FROM loads WHERE first_line > 0`)
	if err == nil && given < last {
		return c.Diverges("spend_head counts %d lines and the loads have numbers up to %d", given, last)
	}
	return cmp.Or(err, pieces(ctx, c))
}

// pieces holds the parts of kept files to follow each other, and each file to
// be that of a load.
func pieces(ctx context.Context, c *record.Checker) error {
	type piece struct {
		hash       string
		part       int64
		start, end int64
	}
	var was piece
	all, err := db.List(ctx, c.S, func(r db.Row) (p piece, err error) {
		err = r.Scan(&p.hash, &p.part, &p.start, &p.end)
		p.end += p.start
		return p, err
	}, `SELECT hash, part, start, size FROM spend_files ORDER BY hash, part`)
	if err != nil {
		return err
	}
	for _, p := range all {
		if p.hash != was.hash {
			was = piece{hash: p.hash, part: -1}
		}
		if p.part != was.part+1 || p.start != was.end {
			return c.Diverges("part %d of the kept file %s does not follow the part before it", p.part, p.hash)
		}
		was = p
	}
	strange, found, err := db.Maybe(ctx, c.S, db.ScanInto[string], `SELECT hash FROM spend_files WHERE hash NOT IN (SELECT hash FROM loads)
		AND hash NOT IN (SELECT 'rows of load ' || CAST(id AS TEXT) FROM loads) ORDER BY hash LIMIT 1`)
	if found {
		return c.Diverges("the file %s is kept, and no load is made of it", strange)
	}
	return err
}

// parts holds the parts of words, combinations and roll-ups to be numbered on.
func parts(ctx context.Context, c *record.Checker) error {
	for _, table := range []string{"spend_texts", "spend_combos"} {
		all, err := db.List(ctx, c.S, scanWordPart, `SELECT first, data FROM `+table+` ORDER BY first`)
		if err != nil {
			return err
		}
		next := int64(1) // number 0 is blank
		for _, p := range all {
			if p.first != next {
				return c.Diverges("the row %d of the table %s is numbered otherwise than its words are: it was changed beside the record", p.first, table)
			}
			next += countWords(table, p.data)
		}
	}
	strange, found, err := db.Maybe(ctx, c.S, db.ScanInto[int64], `SELECT load FROM spend_cells GROUP BY load HAVING MIN(part) <> 0 OR MAX(part) <> COUNT(*) - 1 ORDER BY load LIMIT 1`)
	if found {
		return c.Diverges("the roll-ups of load %d are not numbered from 0 on", strange)
	}
	return err
}

// countWords counts the texts or combinations of a row.
func countWords(table string, data []byte) (n int64) {
	u := block.Unpacker{B: string(data)}
	for ; len(u.B) > 0 && !u.Bad; n++ {
		if table == "spend_texts" {
			u.Text(u.Uvarint())
			continue
		}
		for range 6 {
			u.Uvarint()
		}
	}
	return n
}
