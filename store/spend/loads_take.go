package spend

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/money"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/spend/kept"
	"github.com/police-ict/handover/store/spend/sheet"
	"github.com/police-ict/handover/store/text"
)

// leaseTime is how long a process holds a load after its last sign of life.
const leaseTime = time.Minute

// Import takes in a file: all of it, or nothing of it. It is for whoever can
// wait; a browser sends a draft, confirms it and looks at how far it is.
func Import(ctx context.Context, tx *db.Tx, by office.Viewer, req LoadRequest, r io.ReaderAt, size int64) (Trial, error) {
	t, f, err := preview(ctx, tx, by, req, r, size)
	if f != nil {
		defer f.Close()
	}
	if err != nil {
		return t, err
	}
	if err := t.refused(); err != nil {
		return t, err
	}
	l := t.Load
	l.Status = Importing
	lease := tx.Now().Add(leaseTime)
	err = record.Write(ctx, tx, func(tx *db.Tx) (err error) {
		if err := shipRules(ctx, tx); err != nil {
			return err
		}
		if l, err = insertLoad(ctx, tx, by, l); err != nil {
			return err
		}
		return tx.Change(ctx, `UPDATE loads SET leased_to = $1 WHERE id = $2`, db.Stamp(lease), l.ID)
	})
	if err != nil {
		return t, err
	}
	l.leased = lease
	stored, hash := make(chan error, 1), l.Hash
	go func() { stored <- kept.Keep(ctx, tx, hash, r, size) }()
	staged, err := stageLoad(ctx, tx, &l, f)
	if err = cmp.Or(err, <-stored); err == nil {
		err = accept(ctx, tx, by, &l, t)
	}
	if err != nil {
		return t, undo(ctx, tx, l, err)
	}
	staged.leave()
	t.Load = l
	return t, nil
}

// refused is why a tried file cannot be taken in, nil when it can.
func (t Trial) refused() error {
	switch {
	case t.AskDates:
		return fault.Field("file", "We cannot tell how to read the dates in this file. %s", t.Doubts[len(t.Doubts)-1])
	case t.Ask:
		return fault.Field("file", "We cannot tell what each column of this file holds. %s", strings.Join(t.Doubts[:1], ""))
	case t.Refused != "" && t.Accept == "":
		field := "file"
		if t.Load.First == 0 && t.Load.Period == (civil.Period{}) {
			field = "period"
		}
		return fault.Field(field, "%s", t.Refused)
	case t.Refused != "":
		return fault.Field("accept", "%s", t.Refused)
	}
	return nil
}

// stageLoad stages a file’s lines in short writes. None is visible yet.
func stageLoad(ctx context.Context, tx *db.Tx, l *Load, f *sheet.File) (*dictionary, error) {
	st := newStager(tx, l)
	sum, err := st.stage(ctx, f)
	if err != nil {
		return nil, refusal(err)
	}
	if int64(sum.Lines) != l.Lines || money.Pence(sum.Pence) != l.Pence {
		return nil, fmt.Errorf("store: load %d read %d lines when it was tried and %d when it was staged", l.ID, l.Lines, sum.Lines)
	}
	if f.Nil {
		st.tally.nothing(l.Period)
	}
	*l = l.span(st.tally.periods, st.tally.first, st.tally.last)
	l.Digest, l.named = digestOf(st.digest, st.refused, st.texts), st.ties.named()
	checked := make(chan error, 1)
	go func(l Load) {
		err := reconciles(ctx, tx, l)
		if err == nil {
			err = flagLoad(ctx, tx, st.words.lexicon, l)
		}
		checked <- err
	}(*l)
	err = stageSpend(ctx, tx, st.words.lexicon, l.ID)
	return st.words, cmp.Or(<-checked, err)
}

// reconciles adds up the staged rows once more and holds them, and the roll-ups
// beside them, to what was read.
func reconciles(ctx context.Context, tx *db.Tx, l Load) error {
	rows, cells, err := addUp(ctx, tx, l)
	if err == nil && (rows != l.sum() || cells != l.sum()) {
		err = fmt.Errorf("store: load %d does not reconcile: read %v, rows %v, roll-ups %v", l.ID, l.sum(), rows, cells)
	}
	return err
}

// accept makes a staged load visible, in one short write.
func accept(ctx context.Context, tx *db.Tx, by office.Viewer, l *Load, t Trial) error {
	err := record.Write(ctx, tx, func(tx *db.Tx) error {
		had, err := db.One(ctx, tx, ScanLoad, `SELECT `+LoadCols+` FROM loads WHERE id = $1`, l.ID)
		if err != nil {
			return err
		}
		if had.Status != Importing || !had.leased.Equal(l.leased.UTC().Truncate(time.Microsecond)) {
			return errStopped
		}
		if err := alone(ctx, tx, *l, t.seen); err != nil {
			return err
		}
		if err := beyondTotal(ctx, tx, *l, t.gross); err != nil {
			return err
		}
		l.Status, l.TakenAt = Published, tx.Now()
		if err := tx.Change(ctx, `UPDATE loads SET leased_to = NULL, checked_at = $1, done = $2 WHERE id = $3`, db.Stamp(tx.Now()), l.Lines, l.ID); err != nil {
			return err
		}
		for head, m := range t.mappings {
			if _, err := tx.Exec(ctx, `INSERT INTO spend_mappings (body, headings, mapping, load) VALUES ($1, $2, $3, $4)
				ON CONFLICT (body, headings) DO UPDATE SET mapping = EXCLUDED.mapping, load = EXCLUDED.load`, l.Body, head, m, l.ID); err != nil {
				return err
			}
		}
		if l.Replaces != 0 {
			if err := replace(ctx, tx, by, *l); err != nil {
				return err
			}
		}
		under, err := standUnder(ctx, tx, *l)
		if err != nil {
			return err
		}
		return recordLoad(ctx, tx, by, ActAccept, Importing, *l, under...)
	})
	if err != nil {
		l.Status = Importing
	}
	return err
}

// alone refuses a load when another of the same file, or one that may hold the
// same rows, came to stand after this one was tried. Seen are those that stood
// by then.
func alone(ctx context.Context, tx *db.Tx, l Load, seen map[int64]bool) error {
	all, err := db.List(ctx, tx, ScanLoad, `SELECT `+LoadCols+` FROM loads WHERE status = 'standing' AND id <> $1 AND (hash = $2 OR body = $3) ORDER BY id`,
		l.Replaces, l.Hash, l.Body)
	for _, o := range all {
		switch {
		case o.same(l):
			return fault.Field("file", "This file has been loaded in the meantime, as source file %d.", o.ID)
		case !seen[o.ID] && !l.AcceptOverlap && o.overlaps(l):
			return fault.Field("file", "Source file %d has been loaded in the meantime, with payments on the same days. Check this file again.", o.ID)
		}
	}
	return err
}

// beyondTotal refuses a file whose payments would take the sum of all files
// beyond what can be added up. gross is its payments without their signs.
func beyondTotal(ctx context.Context, tx *db.Tx, l Load, gross money.Pence) error {
	all, err := db.List(ctx, tx, ScanLoad, `SELECT `+LoadCols+` FROM loads WHERE status = 'standing' AND id <> $1`, l.Replaces)
	if err != nil {
		return err
	}
	total := gross
	for _, o := range all {
		for _, p := range o.Periods {
			total = total.Plus(p.Pence.Size())
		}
	}
	if total > money.TotalMost {
		return fault.Field("file", "With this file, all payments would come to more than %s. Check the amounts in it.", money.TotalMost)
	}
	return nil
}

// replace ends the load that another takes the place of.
func replace(ctx context.Context, tx *db.Tx, by office.Viewer, l Load) error {
	old, err := db.One(ctx, tx, ScanLoad, `SELECT `+LoadCols+` FROM loads WHERE id = $1`, l.Replaces)
	if err != nil {
		return err
	}
	if old.Status != Published {
		return fault.Conflict.Errorf("Source file %d is now %s, so it cannot be replaced.", old.ID, text.Plain(string(old.Status)))
	}
	old.Status, old.ReplacedBy = Replaced, l.ID
	return recordLoad(ctx, tx, by, ActReplace, Published, old, record.WhyDetail(l.Reason, ""))
}

var errStopped = fault.Conflict.Errorf("Loading was stopped, so nothing was kept.")

// undo takes away what a load that did not end well has staged, and says why
// it failed. A load that no event tells of is forgotten.
func undo(ctx context.Context, tx *db.Tx, l Load, why error) error {
	ctx = context.WithoutCancel(ctx)
	held, err := db.One(ctx, tx, db.ScanInto[int64], `SELECT COUNT(*) FROM loads WHERE id = $1 AND leased_to = $2`, l.ID, db.Stamp(l.leased))
	if err != nil || held == 0 {
		return cmp.Or(err, why) // it is another process’s by now, with all that is staged of it
	}
	if err := unstage(ctx, tx, l); err != nil {
		return err
	}
	err = record.Write(ctx, tx, func(tx *db.Tx) error {
		had, err := db.One(ctx, tx, ScanLoad, `SELECT `+LoadCols+` FROM loads WHERE id = $1`, l.ID)
		if err != nil || had.Status != Importing {
			return err
		}
		if had.N == 0 {
			return tx.Change(ctx, `DELETE FROM loads WHERE id = $1`, l.ID)
		}
		had.Status, had.FirstLine, had.Reason = Failed, 0, "Something went wrong, so nothing was kept. Load the file again."
		if fault.KindOf(why) != 0 {
			had.Reason = why.Error()
		}
		return recordLoad(ctx, tx, office.Portal, "fail", Importing, had)
	})
	if err != nil {
		return err
	}
	return why
}

// unstage takes away what is staged of a load, and its file, in short writes.
func unstage(ctx context.Context, tx *db.Tx, l Load) error {
	if err := unstageLines(ctx, tx, l); err != nil {
		return err
	}
	return dropFile(ctx, tx, l)
}

func unstageLines(ctx context.Context, tx *db.Tx, l Load) error {
	for _, query := range []string{
		`DELETE FROM spend_blocks WHERE load = $1 AND first IN (SELECT first FROM spend_blocks WHERE load = $1 ORDER BY first LIMIT 64)`,
		`DELETE FROM spend_cells WHERE load = $1 AND part IN (SELECT part FROM spend_cells WHERE load = $1 ORDER BY part LIMIT 1)`,
		`DELETE FROM spend_rejected WHERE load = $1 AND record IN (SELECT record FROM spend_rejected WHERE load = $1 ORDER BY record LIMIT 1000)`,
		`DELETE FROM spend_flags WHERE load = $1 AND line IN (SELECT line FROM spend_flags WHERE load = $1 ORDER BY line LIMIT 1000)`,
		`DELETE FROM spend_decisions WHERE load = $1 AND line IN (SELECT line FROM spend_decisions WHERE load = $1 ORDER BY line LIMIT 1000)`,
	} {
		if err := record.InShortWrites(ctx, tx, query, l.ID); err != nil {
			return err
		}
	}
	if err := unstageSpend(ctx, tx, l.ID); err != nil {
		return err
	}
	return kept.Drop(ctx, tx, kept.RowsOf(l.ID))
}

// dropFile forgets what is kept of a file for a load that came to nothing: the
// rows of its workbook, and the file, if no other load is made of it.
func dropFile(ctx context.Context, tx *db.Tx, l Load) error {
	if err := kept.Drop(ctx, tx, kept.RowsOf(l.ID)); err != nil {
		return err
	}
	used, err := db.One(ctx, tx, db.ScanInto[int64], `SELECT COUNT(*) FROM loads WHERE hash = $1 AND id <> $2 AND status NOT IN ('stopped', 'failed')`, l.Hash, l.ID)
	if err != nil || used > 0 {
		return err
	}
	return kept.Drop(ctx, tx, l.Hash)
}
