package store

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"slices"
	"time"

	"github.com/police-ict/handover/store/sheet"
)

// SendLoad keeps a file as a draft, looked at and not taken in. A file that
// cannot be taken in whatever is said of it is refused, and nothing is kept.
func (s *Store) SendLoad(ctx context.Context, by Viewer, req LoadRequest, r io.ReaderAt, size int64) (id int64, err error) {
	t, err := s.TryLoad(ctx, by, req, r, size)
	if err != nil {
		return 0, err
	}
	if t.Refused != "" && t.Accept == "" && !t.needsPeriod() {
		return 0, Field("file", "%s", t.Refused)
	}
	l := t.Load
	if l.Preview, err = t.preview(); err != nil {
		return 0, err
	}
	// The file first: no draft is ever without its file.
	if err = s.keepFile(ctx, l.Hash, r, size); err == nil {
		err = s.write(ctx, func(s *Store) (err error) { l, err = s.insertKept(ctx, by, l); return err })
	}
	if err != nil {
		return 0, errors.Join(err, s.dropFile(context.WithoutCancel(ctx), Load{Hash: l.Hash}))
	}
	return l.ID, nil
}

// insertKept writes down a load whose file is kept. The same file may have been
// dropped meanwhile, with another load that came to nothing.
func (s *Store) insertKept(ctx context.Context, by Viewer, l Load) (Load, error) {
	has, err := one(ctx, s, scanInto[int64], `SELECT COALESCE(SUM(size), 0) FROM spend_files WHERE hash = $1`, l.Hash)
	if err == nil && has != l.Size {
		err = Conflict.Errorf("The same file was being removed as you sent it. Send it again.")
	}
	if err != nil {
		return l, err
	}
	return s.insertLoad(ctx, by, l)
}

func (t Trial) needsPeriod() bool { return t.Load.First == 0 && t.Load.Period == (Period{}) }

const previewRejected = 200 // rows shown of a draft

// draftPreview is what a draft was found to be.
type draftPreview struct {
	Trial
	Mappings Mappings          `json:"mappings,omitempty"`
	Remember map[string]string `json:"remember,omitempty"`
}

func (t Trial) preview() (string, error) {
	t.Rejected = t.Rejected[:min(len(t.Rejected), previewRejected)]
	b, err := json.Marshal(draftPreview{t, t.request.Mappings, t.mappings})
	return string(b), err
}

// Trial is what a draft was found to be, and what confirming it would do.
func (l Load) Trial() (t Trial, err error) {
	var p draftPreview
	err = json.Unmarshal([]byte(cmp.Or(l.Preview, "{}")), &p)
	t = p.Trial
	t.mappings = p.Remember
	t.request = LoadRequest{Body: l.Body, File: l.File, Period: l.Period, Published: l.Published, Source: l.Source, AcceptRejected: l.AcceptRejected,
		AcceptOverlap: l.AcceptOverlap, Replaces: l.Replaces, Reason: l.Reason, Mappings: p.Mappings}
	t.Load = l
	return t, err
}

// Request is what was asked for with a draft, to be changed and asked again.
func (l Load) Request() LoadRequest {
	t, err := l.Trial()
	if err != nil {
		return LoadRequest{Body: l.Body, File: l.File}
	}
	return t.request
}

// draft finds a draft that v may act on.
func (s *Store) draft(ctx context.Context, by Viewer, id int64) (Load, error) {
	l, err := s.Load(ctx, by, id)
	if err == nil {
		err = MayLoad(by, l.Body)
	}
	if err == nil && l.Status != LoadDraft {
		err = Conflict.Errorf("This file is %s, so it is looked at no more.", Plain(string(l.Status)))
	}
	return l, err
}

// RetryLoad looks at a draft’s file again, with something else said of it.
func (s *Store) RetryLoad(ctx context.Context, by Viewer, id int64, req LoadRequest) error {
	l, err := s.draft(ctx, by, id)
	if err != nil {
		return err
	}
	f, err := s.spool(ctx, l)
	if err != nil {
		return err
	}
	defer closeAway(f)
	req.Body, req.File = l.Body, l.File
	t, err := s.TryLoad(ctx, by, req, f, l.Size)
	if err != nil {
		return err
	}
	again := t.Load
	again.ID = l.ID
	if again.Preview, err = t.preview(); err != nil {
		return err
	}
	return s.write(ctx, func(s *Store) error { return s.putLoad(ctx, LoadDraft, again) })
}

// ActOnLoad confirms, discards, stops or withdraws a load. A withdrawal, and a
// stop, need a reason.
func (s *Store) ActOnLoad(ctx context.Context, by Viewer, id int64, act Act, reason string) error {
	return s.actOnLoad(ctx, by, id, act, reason, "")
}

// WithdrawLoad withdraws a load, as ActOnLoad does. One of a larger sum than
// the scheme's limit is withdrawn under a decision that names it.
func (s *Store) WithdrawLoad(ctx context.Context, by Viewer, id int64, reason, ref string) error {
	return s.actOnLoad(ctx, by, id, WithdrawLoad, reason, ref)
}

// Withdrawal is what withdrawing a load asks for.
type Withdrawal struct {
	Limit     Pence      // above which a decision is needed
	Needed    bool       // the load is above it
	Decisions []Decision // that name the load and were not used
}

// Withdrawal tells what withdrawing a load asks for by the scheme in force today.
func (s *Store) Withdrawal(ctx context.Context, l Load) (w Withdrawal, err error) {
	err = s.read(ctx, func(s *Store) error {
		sc, err := s.schemeOn(ctx, DayOf(s.Now()), 0)
		if err != nil {
			return err
		}
		w = Withdrawal{Limit: sc.WithdrawLimit, Needed: sc.Version != 0 && max(l.Pence, -l.Pence) > sc.WithdrawLimit}
		if w.Needed {
			w.Decisions, err = s.DecisionsNaming(ctx, WithdrawsALoad, l.subject())
		}
		return err
	})
	return w, err
}

// withdrawnUnder is the reference under which a load is withdrawn, "" where it
// needs none.
func (s *Store) withdrawnUnder(ctx context.Context, by Viewer, l Load, ref string) (string, error) {
	w, err := s.Withdrawal(ctx, l)
	if err != nil || !w.Needed {
		return "", err
	}
	d, err := s.under(ctx, by, ref, Effect{Kind: WithdrawsALoad, Subject: l.subject()})
	return d.Ref, err
}

func (s *Store) actOnLoad(ctx context.Context, by Viewer, id int64, act Act, reason, ref string) error {
	var f Faults
	reason = oneLine(reason)
	text(&f, "reason", "the reason", reason, act == WithdrawLoad || act == StopLoad, 500)
	l, err := s.Load(ctx, by, id)
	if err != nil {
		return err
	}
	to, err := l.After(act, by)
	if err != nil {
		return err
	}
	if err := f.Err(); err != nil {
		return err
	}
	if act == DiscardLoad {
		return s.discard(ctx, l)
	}
	return s.write(ctx, func(s *Store) error {
		l, err := s.Load(ctx, by, id)
		if err != nil {
			return err
		}
		if to, err = l.After(act, by); err != nil {
			return err
		}
		was := l.Status
		switch act {
		case ConfirmLoad:
			t, err := l.Trial()
			if err != nil {
				return err
			}
			if err := t.refused(); err != nil {
				return err
			}
			if err := s.shipRules(ctx); err != nil {
				return err
			}
		default:
			l.Reason = reason
		}
		if act == WithdrawLoad {
			if l.Decision, err = s.withdrawnUnder(ctx, by, l, ref); err != nil {
				return err
			}
		}
		l.Status = to
		if act == WithdrawLoad {
			s.Hides()
		}
		return s.recordLoad(ctx, by, act, was, l, whyDetail(reason, l.Decision))
	})
}

// discard forgets a draft.
func (s *Store) discard(ctx context.Context, l Load) error {
	err := s.write(ctx, func(s *Store) error {
		return s.change(ctx, `DELETE FROM loads WHERE id = $1 AND status = 'draft'`, l.ID)
	})
	if err != nil {
		return err
	}
	return s.dropFile(ctx, l)
}

// WorkOnLoads takes in what was confirmed in a browser, one file after another,
// and tidies up after what was broken off. Each load is one process’s at a time:
// it holds a lease on it, which lapses when the process dies. It reports whether
// there was anything to do.
func (s *Store) WorkOnLoads(ctx context.Context) (worked bool, err error) {
	for ctx.Err() == nil {
		l, found, err := s.claimLoad(ctx)
		if err != nil || !found {
			return worked, err
		}
		worked = true
		if err := s.takeClaimed(ctx, l); err != nil && KindOf(err) == 0 {
			return worked, err
		}
	}
	return worked, ctx.Err()
}

// draftTime is how long a draft waits for its officer.
const draftTime = 7 * 24 * time.Hour

// claimLoad takes a lease on a load that nobody works on.
func (s *Store) claimLoad(ctx context.Context) (l Load, found bool, err error) {
	const free = `WHERE (status = 'taking_in' OR status = 'stopped' AND done >= 0) AND (leased_to IS NULL OR leased_to < $1) OR status = 'draft' AND made_at < $2`
	now := s.Now()
	args := []any{stamp(now), stamp(now.Add(-draftTime))}
	if _, found, err = maybe(ctx, s, scanInto[int64], `SELECT id FROM loads `+free+` ORDER BY id LIMIT 1`, args...); err != nil || !found {
		return l, false, err // most often: nothing is written
	}
	err = s.write(ctx, func(s *Store) error {
		if l, found, err = maybe(ctx, s, scanLoad, `SELECT `+loadCols+` FROM loads `+free+` ORDER BY id LIMIT 1`, args...); err != nil || !found {
			return err
		}
		l.leased = s.Now().Add(leaseTime)
		return s.change(ctx, `UPDATE loads SET leased_to = $1 WHERE id = $2`, stamp(l.leased), l.ID)
	})
	return l, found, err
}

// takeClaimed takes in a confirmed load from the kept file. One that its
// command line left is tidied away: nobody waits for it.
func (s *Store) takeClaimed(ctx context.Context, l Load) error {
	switch {
	case l.Status == LoadDraft:
		return s.discard(ctx, l)
	case l.Status == LoadStopped:
		if err := s.unstage(ctx, l); err != nil {
			return err
		}
		return s.write(ctx, func(s *Store) error {
			return s.change(ctx, `UPDATE loads SET done = -1, leased_to = NULL WHERE id = $1`, l.ID)
		})
	case l.N == 0:
		return s.undo(ctx, l, nil)
	}
	if err := s.unstageLines(ctx, l); err != nil { // of a process that died
		return err
	}
	t, err := l.Trial()
	if err != nil {
		return err
	}
	f, err := s.spool(ctx, l)
	if err != nil {
		return s.undo(ctx, l, err)
	}
	defer closeAway(f)
	if err := s.takeAgain(ctx, &l, t, f); err != nil {
		if ctx.Err() != nil {
			return nil // the program ends: it, or another, begins anew
		}
		return s.undo(ctx, l, err)
	}
	return nil
}

// takeAgain takes in a kept file as it was tried.
func (s *Store) takeAgain(ctx context.Context, l *Load, t Trial, r io.ReaderAt) error {
	f, err := sheet.Recognise(r, l.Size, l.File, LoadMost)
	if err != nil {
		return refusal(err)
	}
	defer f.Close()
	for i := range f.Sheets {
		f.Sheets[i].Mapping, f.Sheets[i].LeftOut = t.Sheets[i].Mapping, t.Sheets[i].LeftOut
	}
	if err := s.consider(ctx, &t, f); err != nil { // what stands may have changed since it was tried
		return err
	}
	if err := t.refused(); err != nil {
		return err
	}
	staged, err := s.stageLoad(ctx, l, f)
	if err != nil {
		return err
	}
	staged.leave()
	return s.accept(ctx, Portal, l, t)
}

// spool copies a kept file to a temporary one, since a workbook is read back
// and forth.
func (s *Store) spool(ctx context.Context, l Load) (*os.File, error) {
	f, err := os.CreateTemp("", "handover-load-")
	if err != nil {
		return nil, err
	}
	if err := s.copyKept(ctx, l.Hash, f); err != nil {
		return nil, cmp.Or(err, closeAway(f))
	}
	return f, nil
}

// closeAway closes a temporary file and removes it.
func closeAway(f *os.File) error {
	err := f.Close()
	return cmp.Or(err, os.Remove(f.Name()))
}

// Check is what the sums of the spend were found to be.
type Check struct {
	Loads   int
	Differs []int64
}

// CheckSpend adds up the lines of the standing loads that were not checked for
// a time, and notes those that do not come to what their events say: no total
// that holds them is shown from then on.
func (s *Store) CheckSpend(ctx context.Context, every time.Duration) (out Check, err error) {
	due, err := list(ctx, s, scanLoad, `SELECT `+loadCols+` FROM loads WHERE status = 'standing' AND (checked_at IS NULL OR checked_at <= $1) ORDER BY id`, stamp(s.Now().Add(-every)))
	if err != nil {
		return out, err
	}
	for part := range slices.Chunk(due, 100) {
		var differs []int64
		for _, l := range part {
			rows, cells, err := s.addUp(ctx, l)
			if err != nil && !errors.Is(err, errBlock) {
				return out, err
			}
			if out.Loads++; err != nil || rows != l.sum() || cells != l.sum() {
				differs = append(differs, l.ID)
			}
		}
		out.Differs = append(out.Differs, differs...)
		if err := s.checked(ctx, part, differs); err != nil {
			return out, err
		}
	}
	if out.Loads > 0 {
		spendCubes.Of(s).forget()
	}
	return out, nil
}

// checked notes that loads were added up. That one differs, or agrees again, is
// an event, so that every page of every process hears of it.
func (s *Store) checked(ctx context.Context, loads []Load, differ []int64) error {
	return s.write(ctx, func(s *Store) error {
		for _, l := range loads {
			if err := s.change(ctx, `UPDATE loads SET checked_at = $1 WHERE id = $2`, stamp(s.Now()), l.ID); err != nil {
				return err
			}
			differs := slices.Contains(differ, l.ID)
			n, err := s.exec(ctx, `UPDATE loads SET differs = $1 WHERE id = $2 AND differs <> $1`, differs, l.ID)
			if err != nil {
				return err
			}
			if n == 0 {
				continue
			}
			act := "load.differ"
			if !differs {
				act = "load.agree"
			}
			if n, err = s.record(ctx, Portal, act, l.subject(), about(l.Body)); err != nil {
				return err
			}
			if err := s.moved(ctx, n, l.ID); err != nil {
				return err
			}
		}
		return nil
	})
}

// forget makes the next reader read the roll-ups anew.
func (c *cubes) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.last = nil
}

// FileOf finds a load’s file as it was published, for whoever may take in files
// of its body: it may name people that the pages withhold. Write sends it.
func (s *Store) FileOf(ctx context.Context, by Viewer, id int64) (l Load, write func(io.Writer) error, err error) {
	if l, err = s.Load(ctx, by, id); err != nil {
		return l, nil, err
	}
	return l, func(w io.Writer) error { return s.copyKept(ctx, l.Hash, w) }, MayLoad(by, l.Body)
}

func loadStands(ctx context.Context, s *Store, _ *Effect, _ string, n int64) error {
	_, err := one(ctx, s, scanLoad, `SELECT `+loadCols+` FROM loads WHERE id = $1 AND status = 'standing'`, n)
	return err
}
