package store

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"time"

	"github.com/police-ict/handover/store/sheet"
)

// leaseTime is how long a process holds a load after its last sign of life.
const leaseTime = time.Minute

// TakeIn takes in a file: all of it, or nothing of it. It is for whoever can
// wait; a browser sends a draft, confirms it and looks at how far it is.
func (s *Store) TakeIn(ctx context.Context, by Viewer, req LoadRequest, r io.ReaderAt, size int64) (Trial, error) {
	t, f, err := s.tryLoad(ctx, by, req, r, size)
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
	l.Status = LoadTaking
	lease := s.Now().Add(leaseTime)
	err = s.write(ctx, func(s *Store) (err error) {
		if err := s.shipRules(ctx); err != nil {
			return err
		}
		if l, err = s.insertLoad(ctx, by, l); err != nil {
			return err
		}
		return s.change(ctx, `UPDATE loads SET leased_to = $1 WHERE id = $2`, stamp(lease), l.ID)
	})
	if err != nil {
		return t, err
	}
	l.leased = lease
	kept, hash := make(chan error, 1), l.Hash
	go func() { kept <- s.keepFile(ctx, hash, r, size) }()
	staged, err := s.stageLoad(ctx, &l, f)
	if err = cmp.Or(err, <-kept); err == nil {
		err = s.accept(ctx, by, &l, t)
	}
	if err != nil {
		return t, s.undo(ctx, l, err)
	}
	staged.leave()
	t.Load = l
	return t, nil
}

// refused is why a tried file cannot be taken in, nil when it can.
func (t Trial) refused() error {
	switch {
	case t.Ask:
		return Field("file", "It is not beyond doubt which column of this file holds what: %s", firstOr(t.Doubts, "look at the columns and say."))
	case t.Refused != "" && t.Accept == "":
		field := "file"
		if t.Load.First == 0 && t.Load.Period == (Period{}) {
			field = "period"
		}
		return Field(field, "%s", t.Refused)
	case t.Refused != "":
		return Field("accept", "%s", t.Refused)
	}
	return nil
}

func firstOr(all []string, other string) string {
	if len(all) > 0 {
		return all[0]
	}
	return other
}

// stageLoad stages a file’s lines in short writes. None is visible yet.
func (s *Store) stageLoad(ctx context.Context, l *Load, f *sheet.File) (*dictionary, error) {
	st := newStager(s, l)
	sum, err := st.stage(ctx, f)
	if err != nil {
		return nil, refusal(err)
	}
	if int64(sum.Lines) != l.Lines || Pence(sum.Pence) != l.Pence {
		return nil, fmt.Errorf("store: load %d read %d lines when it was tried and %d when it was staged", l.ID, l.Lines, sum.Lines)
	}
	*l = l.span(st.tally.periods, st.tally.first, st.tally.last)
	l.Digest, l.named = digestOf(st.digest, st.refused, st.texts), st.ties.named()
	if err := s.reconciles(ctx, *l); err != nil {
		return nil, err
	}
	if err := s.flagLoad(ctx, st.words.lexicon, *l); err != nil {
		return nil, err
	}
	return st.words, s.stageSpend(ctx, st.words.lexicon, l.ID)
}

// reconciles adds up the staged rows once more and holds them, and the roll-ups
// beside them, to what was read.
func (s *Store) reconciles(ctx context.Context, l Load) error {
	rows, cells, err := s.addUp(ctx, l)
	if err == nil && (rows != l.sum() || cells != l.sum()) {
		err = fmt.Errorf("store: load %d does not reconcile: read %v, rows %v, roll-ups %v", l.ID, l.sum(), rows, cells)
	}
	return err
}

// accept makes a staged load visible, in one short write.
func (s *Store) accept(ctx context.Context, by Viewer, l *Load, t Trial) error {
	err := s.write(ctx, func(s *Store) error {
		had, err := one(ctx, s, scanLoad, `SELECT `+loadCols+` FROM loads WHERE id = $1`, l.ID)
		if err != nil {
			return err
		}
		if had.Status != LoadTaking || !had.leased.Equal(l.leased.UTC().Truncate(time.Microsecond)) {
			return errStopped
		}
		if err := s.alone(ctx, *l, t.seen); err != nil {
			return err
		}
		l.Status, l.TakenAt = LoadStanding, s.Now()
		if err := s.change(ctx, `UPDATE loads SET leased_to = NULL, checked_at = $1, done = $2 WHERE id = $3`, stamp(s.Now()), l.Lines, l.ID); err != nil {
			return err
		}
		for head, m := range t.mappings {
			if _, err := s.exec(ctx, `INSERT INTO spend_mappings (body, headings, mapping, load) VALUES ($1, $2, $3, $4)
				ON CONFLICT (body, headings) DO UPDATE SET mapping = EXCLUDED.mapping, load = EXCLUDED.load`, l.Body, head, m, l.ID); err != nil {
				return err
			}
		}
		if l.Replaces != 0 {
			if err := s.replace(ctx, by, *l); err != nil {
				return err
			}
		}
		under, err := s.standUnder(ctx, *l)
		if err != nil {
			return err
		}
		return s.recordLoad(ctx, by, AcceptLoad, LoadTaking, *l, under...)
	})
	if err != nil {
		l.Status = LoadTaking
	}
	return err
}

// alone refuses a load when another of the same file, or one that may hold the
// same rows, came to stand after this one was tried. Seen are those that stood
// by then.
func (s *Store) alone(ctx context.Context, l Load, seen map[int64]bool) error {
	all, err := list(ctx, s, scanLoad, `SELECT `+loadCols+` FROM loads WHERE status = 'standing' AND id <> $1 AND (hash = $2 OR body = $3) ORDER BY id`,
		l.Replaces, l.Hash, l.Body)
	for _, o := range all {
		switch {
		case o.Hash == l.Hash:
			return Field("file", "This same file was taken in meanwhile, as load %d.", o.ID)
		case !seen[o.ID] && !l.AcceptOverlap && o.overlaps(l):
			return Field("file", "Load %d was taken in meanwhile, with payments of the same days: look at this file again.", o.ID)
		}
	}
	return err
}

// replace ends the load that another takes the place of.
func (s *Store) replace(ctx context.Context, by Viewer, l Load) error {
	old, err := one(ctx, s, scanLoad, `SELECT `+loadCols+` FROM loads WHERE id = $1`, l.Replaces)
	if err != nil {
		return err
	}
	if old.Status != LoadStanding {
		return Conflict.Errorf("Load %d is %s now, so it cannot be replaced.", old.ID, Plain(string(old.Status)))
	}
	old.Status, old.ReplacedBy = LoadReplaced, l.ID
	return s.recordLoad(ctx, by, ReplaceLoad, LoadStanding, old, whyDetail(l.Reason, ""))
}

var errStopped = Conflict.Errorf("The load was stopped, so nothing of it was kept.")

// undo takes away what a load that did not end well has staged, and says why
// it failed. A load that no event tells of is forgotten.
func (s *Store) undo(ctx context.Context, l Load, why error) error {
	ctx = context.WithoutCancel(ctx)
	held, err := one(ctx, s, scanInto[int64], `SELECT COUNT(*) FROM loads WHERE id = $1 AND leased_to = $2`, l.ID, stamp(l.leased))
	if err != nil || held == 0 {
		return cmp.Or(err, why) // it is another process’s by now, with all that is staged of it
	}
	if err := s.unstage(ctx, l); err != nil {
		return err
	}
	err = s.write(ctx, func(s *Store) error {
		had, err := one(ctx, s, scanLoad, `SELECT `+loadCols+` FROM loads WHERE id = $1`, l.ID)
		if err != nil || had.Status != LoadTaking {
			return err
		}
		if had.N == 0 {
			return s.change(ctx, `DELETE FROM loads WHERE id = $1`, l.ID)
		}
		had.Status, had.FirstLine, had.Reason = LoadFailed, 0, "A fault of the portal: nothing of the file was kept."
		if KindOf(why) != 0 {
			had.Reason = why.Error()
		}
		return s.recordLoad(ctx, Portal, "fail", LoadTaking, had)
	})
	if err != nil {
		return err
	}
	return why
}

// unstage takes away what is staged of a load, and its file, in short writes.
func (s *Store) unstage(ctx context.Context, l Load) error {
	if err := s.unstageLines(ctx, l); err != nil {
		return err
	}
	return s.dropFile(ctx, l)
}

func (s *Store) unstageLines(ctx context.Context, l Load) error {
	for _, query := range []string{
		`DELETE FROM spend_blocks WHERE load = $1 AND first IN (SELECT first FROM spend_blocks WHERE load = $1 ORDER BY first LIMIT 64)`,
		`DELETE FROM spend_cells WHERE load = $1 AND part IN (SELECT part FROM spend_cells WHERE load = $1 ORDER BY part LIMIT 1)`,
		`DELETE FROM spend_rejected WHERE load = $1 AND record IN (SELECT record FROM spend_rejected WHERE load = $1 ORDER BY record LIMIT 1000)`,
		`DELETE FROM spend_flags WHERE load = $1 AND line IN (SELECT line FROM spend_flags WHERE load = $1 ORDER BY line LIMIT 1000)`,
		`DELETE FROM spend_decisions WHERE load = $1 AND line IN (SELECT line FROM spend_decisions WHERE load = $1 ORDER BY line LIMIT 1000)`,
	} {
		if err := s.inShortWrites(ctx, query, l.ID); err != nil {
			return err
		}
	}
	if err := s.unstageSpend(ctx, l.ID); err != nil {
		return err
	}
	return s.dropParts(ctx, rowsOfBook(l.ID))
}
