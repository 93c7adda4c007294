package spend

import (
	"cmp"
	"context"

	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/spend/block"
)

// Ended chooses the loads that were read to their end.
const Ended = ` WHERE n > 0 AND status IN ('standing', 'withdrawn', 'replaced')`

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
