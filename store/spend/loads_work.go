package spend

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"slices"
	"time"

	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/decisions"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/money"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/spend/kept"
	"github.com/police-ict/handover/store/spend/sheet"
	"github.com/police-ict/handover/store/text"
)

// Upload keeps a file as a draft, looked at and not taken in. A file that
// cannot be taken in whatever is said of it is refused, and nothing is kept. A
// file of which there is a draft already leads to that draft.
func Upload(ctx context.Context, tx *db.Tx, by office.Viewer, req LoadRequest, r io.ReaderAt, size int64) (id int64, err error) {
	t, err := Preview(ctx, tx, by, req, r, size)
	if err != nil {
		return 0, err
	}
	if t.Refused != "" && t.Accept == "" && !t.needsPeriod() {
		return 0, fault.Field("file", "%s", t.Refused)
	}
	l := t.Load
	if had, found, err := draftOf(ctx, tx, l); err != nil || found {
		return had.ID, errors.Join(err, said(ctx, tx, by, had, req))
	}
	if l.Preview, err = t.preview(); err != nil {
		return 0, err
	}
	// The file first: no draft is ever without its file.
	if err = kept.Keep(ctx, tx, l.Hash, r, size); err == nil {
		err = record.Write(ctx, tx, func(tx *db.Tx) error {
			had, found, err := draftOf(ctx, tx, l) // sent twice at once
			if found {
				l.ID = had.ID
			} else if err == nil {
				l, err = insertKept(ctx, tx, by, l)
			}
			return err
		})
	}
	if err != nil {
		return 0, errors.Join(err, dropFile(context.WithoutCancel(ctx), tx, Load{Hash: l.Hash}))
	}
	return l.ID, nil
}

// draftOf finds the draft that there is of the same file of a body.
func draftOf(ctx context.Context, tx *db.Tx, l Load) (Load, bool, error) {
	return db.Maybe(ctx, tx, ScanLoad, `SELECT `+LoadCols+` FROM loads WHERE body = $1 AND hash = $2 AND status = $3 ORDER BY id LIMIT 1`, l.Body, l.Hash, Draft)
}

// said has a draft say what was said of its file when it was sent again. The
// columns that were named meanwhile stay.
func said(ctx context.Context, tx *db.Tx, by office.Viewer, had Load, req LoadRequest) error {
	before := had.Request()
	if had.ID == 0 || before.saysAs(req) {
		return nil
	}
	req.Mappings, req.AcceptRejected, req.AcceptOverlap = before.Mappings, req.AcceptRejected || before.AcceptRejected, req.AcceptOverlap || before.AcceptOverlap
	return Correct(ctx, tx, by, had.ID, req)
}

// saysAs reports whether a request says all of a file that another does.
func (r LoadRequest) saysAs(o LoadRequest) bool {
	return r.Period == o.Period && r.Published == o.Published && r.Source == o.Source && r.Replaces == o.Replaces && r.Reason == o.Reason && r.Dates == o.Dates &&
		(r.AcceptRejected || !o.AcceptRejected) && (r.AcceptOverlap || !o.AcceptOverlap)
}

// insertKept writes down a load whose file is kept. The same file may have been
// dropped meanwhile, with another load that came to nothing.
func insertKept(ctx context.Context, tx *db.Tx, by office.Viewer, l Load) (Load, error) {
	has, err := db.One(ctx, tx, db.ScanInto[int64], `SELECT COALESCE(SUM(size), 0) FROM spend_files WHERE hash = $1`, l.Hash)
	if err == nil && has != l.Size {
		err = fault.Conflict.Errorf("The same file was being removed as you sent it. Send it again.")
	}
	if err != nil {
		return l, err
	}
	return insertLoad(ctx, tx, by, l)
}

func (t Trial) needsPeriod() bool { return t.Load.First == 0 && t.Load.Period == (civil.Period{}) }

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
		AcceptOverlap: l.AcceptOverlap, Replaces: l.Replaces, Reason: l.Reason, Dates: l.Dates, Mappings: p.Mappings}
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
func draft(ctx context.Context, tx *db.Tx, by office.Viewer, id int64) (Load, error) {
	l, err := FindLoad(ctx, tx, by, id)
	if err == nil {
		err = MayLoad(by, l.Body)
	}
	if err == nil && l.Status != Draft {
		err = fault.Conflict.Errorf("This file is %s, so it cannot be checked.", text.Plain(string(l.Status)))
	}
	return l, err
}

// Correct looks at a draft’s file again, with something else said of it.
func Correct(ctx context.Context, tx *db.Tx, by office.Viewer, id int64, req LoadRequest) error {
	l, err := draft(ctx, tx, by, id)
	if err != nil {
		return err
	}
	f, err := spool(ctx, tx, l)
	if err != nil {
		return err
	}
	defer closeAway(f)
	req.Body, req.File = l.Body, l.File
	t, err := Preview(ctx, tx, by, req, f, l.Size)
	if err != nil {
		return err
	}
	again := t.Load
	again.ID = l.ID
	if again.Preview, err = t.preview(); err != nil {
		return err
	}
	return record.Write(ctx, tx, func(tx *db.Tx) error { return putLoad(ctx, tx, Draft, again) })
}

// Act confirms, discards, stops or withdraws a load. A withdrawal, and a
// stop, need a reason.
func Act(ctx context.Context, tx *db.Tx, by office.Viewer, id int64, act office.Act, reason string) error {
	return actOnLoad(ctx, tx, by, id, act, reason, "")
}

// Withdraw withdraws a load, as ActOnLoad does. One of a larger sum than
// the scheme's limit is withdrawn under a decision that names it.
func Withdraw(ctx context.Context, tx *db.Tx, by office.Viewer, id int64, reason, ref string) error {
	return actOnLoad(ctx, tx, by, id, ActWithdraw, reason, ref)
}

// Withdrawal is what withdrawing a load asks for.
type Withdrawal struct {
	Limit     money.Pence          // above which a decision is needed
	Needed    bool                 // the load is above it
	Decisions []decisions.Decision // that name the load and were not used
}

// ReadWithdrawal tells what withdrawing a load asks for by the scheme in force today.
func ReadWithdrawal(ctx context.Context, tx *db.Tx, l Load) (w Withdrawal, err error) {
	err = tx.Read(ctx, func(tx *db.Tx) error {
		sc, err := decisions.SchemeOn(ctx, tx, civil.DayOf(tx.Now()), 0)
		if err != nil {
			return err
		}
		w = Withdrawal{Limit: sc.WithdrawLimit, Needed: sc.Version != 0 && max(l.Pence, -l.Pence) > sc.WithdrawLimit}
		if w.Needed {
			w.Decisions, err = decisions.DecisionsNaming(ctx, tx, authority.WithdrawsALoad, l.Subject())
		}
		return err
	})
	return w, err
}

// withdrawnUnder is the reference under which a load is withdrawn, "" where it
// needs none.
func withdrawnUnder(ctx context.Context, tx *db.Tx, by office.Viewer, l Load, ref string) (string, error) {
	w, err := ReadWithdrawal(ctx, tx, l)
	if err != nil || !w.Needed {
		return "", err
	}
	d, err := decisions.Under(ctx, tx, by, ref, authority.Effect{Kind: authority.WithdrawsALoad, Subject: l.Subject()})
	return d.Ref, err
}

func actOnLoad(ctx context.Context, tx *db.Tx, by office.Viewer, id int64, act office.Act, reason, ref string) error {
	var f fault.Faults
	reason = text.OneLine(reason)
	text.Tidy(&f, "reason", "the reason", reason, act == ActWithdraw || act == ActStop, 500)
	l, err := FindLoad(ctx, tx, by, id)
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
	if act == ActDiscard {
		return discard(ctx, tx, l)
	}
	return record.Write(ctx, tx, func(tx *db.Tx) error {
		l, err := FindLoad(ctx, tx, by, id)
		if err != nil {
			return err
		}
		if to, err = l.After(act, by); err != nil {
			return err
		}
		was := l.Status
		switch act {
		case ActConfirm:
			t, err := l.Trial()
			if err != nil {
				return err
			}
			if err := t.refused(); err != nil {
				return err
			}
			if err := shipRules(ctx, tx); err != nil {
				return err
			}
		default:
			l.Reason = reason
		}
		if act == ActWithdraw {
			if l.Decision, err = withdrawnUnder(ctx, tx, by, l, ref); err != nil {
				return err
			}
		}
		l.Status = to
		if act == ActWithdraw {
			record.Hides(tx)
		}
		return recordLoad(ctx, tx, by, act, was, l, record.WhyDetail(reason, l.Decision))
	})
}

// discard forgets a draft.
func discard(ctx context.Context, tx *db.Tx, l Load) error {
	err := record.Write(ctx, tx, func(tx *db.Tx) error {
		return tx.Change(ctx, `DELETE FROM loads WHERE id = $1 AND status = 'draft'`, l.ID)
	})
	if err != nil {
		return err
	}
	return dropFile(ctx, tx, l)
}

// WorkOnImports takes in what was confirmed in a browser, one file after another,
// and tidies up after what was broken off. Each load is one process’s at a time:
// it holds a lease on it, which lapses when the process dies. It reports whether
// there was anything to do.
func WorkOnImports(ctx context.Context, tx *db.Tx) (worked bool, err error) {
	for ctx.Err() == nil {
		l, found, err := claimLoad(ctx, tx)
		if err != nil || !found {
			return worked, err
		}
		worked = true
		if err := importClaimed(ctx, tx, l); err != nil && fault.KindOf(err) == 0 {
			return worked, err
		}
	}
	return worked, ctx.Err()
}

// draftTime is how long a draft waits for its officer.
const draftTime = 7 * 24 * time.Hour

// claimLoad takes a lease on a load that nobody works on.
func claimLoad(ctx context.Context, tx *db.Tx) (l Load, found bool, err error) {
	const free = `WHERE (status = 'taking_in' OR status = 'stopped' AND done >= 0) AND (leased_to IS NULL OR leased_to < $1) OR status = 'draft' AND made_at < $2`
	now := tx.Now()
	args := []any{db.Stamp(now), db.Stamp(now.Add(-draftTime))}
	if _, found, err = db.Maybe(ctx, tx, db.ScanInto[int64], `SELECT id FROM loads `+free+` ORDER BY id LIMIT 1`, args...); err != nil || !found {
		return l, false, err // most often: nothing is written
	}
	err = record.Write(ctx, tx, func(tx *db.Tx) error {
		if l, found, err = db.Maybe(ctx, tx, ScanLoad, `SELECT `+LoadCols+` FROM loads `+free+` ORDER BY id LIMIT 1`, args...); err != nil || !found {
			return err
		}
		l.leased = tx.Now().Add(leaseTime)
		return tx.Change(ctx, `UPDATE loads SET leased_to = $1 WHERE id = $2`, db.Stamp(l.leased), l.ID)
	})
	return l, found, err
}

// importClaimed takes in a confirmed load from the kept file. One that its
// command line left is tidied away: nobody waits for it.
func importClaimed(ctx context.Context, tx *db.Tx, l Load) error {
	switch {
	case l.Status == Draft:
		return discard(ctx, tx, l)
	case l.Status == Stopped:
		if err := unstage(ctx, tx, l); err != nil {
			return err
		}
		return record.Write(ctx, tx, func(tx *db.Tx) error {
			return tx.Change(ctx, `UPDATE loads SET done = -1, leased_to = NULL WHERE id = $1`, l.ID)
		})
	case l.N == 0:
		return undo(ctx, tx, l, nil)
	}
	if err := unstageLines(ctx, tx, l); err != nil { // of a process that died
		return err
	}
	t, err := l.Trial()
	if err != nil {
		return err
	}
	f, err := spool(ctx, tx, l)
	if err != nil {
		return undo(ctx, tx, l, err)
	}
	defer closeAway(f)
	if err := importUpload(ctx, tx, &l, t, f); err != nil {
		if ctx.Err() != nil {
			return nil // the program ends: it, or another, begins anew
		}
		return undo(ctx, tx, l, err)
	}
	return nil
}

// importUpload takes in a kept file as it was tried.
func importUpload(ctx context.Context, tx *db.Tx, l *Load, t Trial, r io.ReaderAt) error {
	f, err := sheet.Recognise(r, l.Size, l.File, MaxBytes)
	if err != nil {
		return refusal(err)
	}
	defer f.Close()
	for i := range f.Sheets {
		f.Sheets[i].Mapping, f.Sheets[i].LeftOut = t.Sheets[i].Mapping, t.Sheets[i].LeftOut
	}
	if err := f.Understand(t.request.says()); err != nil {
		return refusal(err)
	}
	if err := consider(ctx, tx, &t, f); err != nil { // what stands may have changed since it was tried
		return err
	}
	if err := t.refused(); err != nil {
		return err
	}
	staged, err := stageLoad(ctx, tx, l, f)
	if err != nil {
		return err
	}
	staged.leave()
	return accept(ctx, tx, office.Portal, l, t)
}

// spool copies a kept file to a temporary one, since a workbook is read back
// and forth.
func spool(ctx context.Context, tx *db.Tx, l Load) (*os.File, error) {
	f, err := os.CreateTemp("", "handover-load-")
	if err != nil {
		return nil, err
	}
	if err := kept.Copy(ctx, tx, l.Hash, f); err != nil {
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

// CheckNext adds up the lines of the standing loads that were not checked for
// a time, and notes those that do not come to what their events say: no total
// that holds them is shown from then on.
func CheckNext(ctx context.Context, tx *db.Tx, every time.Duration) (out Check, err error) {
	due, err := db.List(ctx, tx, ScanLoad, `SELECT `+LoadCols+` FROM loads WHERE status = 'standing' AND (checked_at IS NULL OR checked_at <= $1) ORDER BY id`, db.Stamp(tx.Now().Add(-every)))
	if err != nil {
		return out, err
	}
	for part := range slices.Chunk(due, 100) {
		var differs []int64
		for _, l := range part {
			rows, cells, err := addUp(ctx, tx, l)
			if err != nil && !errors.Is(err, text.ErrBlock) {
				return out, err
			}
			if out.Loads++; err != nil || rows != l.sum() || cells != l.sum() {
				differs = append(differs, l.ID)
			}
		}
		out.Differs = append(out.Differs, differs...)
		if err := checked(ctx, tx, part, differs); err != nil {
			return out, err
		}
	}
	if out.Loads > 0 {
		spendCubes.Of(tx).forget()
	}
	return out, nil
}

// checked notes that loads were added up. That one differs, or agrees again, is
// an event, so that every page of every process hears of it.
func checked(ctx context.Context, tx *db.Tx, loads []Load, differ []int64) error {
	return record.Write(ctx, tx, func(tx *db.Tx) error {
		for _, l := range loads {
			if err := tx.Change(ctx, `UPDATE loads SET checked_at = $1 WHERE id = $2`, db.Stamp(tx.Now()), l.ID); err != nil {
				return err
			}
			differs := slices.Contains(differ, l.ID)
			n, err := tx.Exec(ctx, `UPDATE loads SET differs = $1 WHERE id = $2 AND differs <> $1`, differs, l.ID)
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
			if n, err = record.Add(ctx, tx, office.Portal, act, l.Subject(), record.About(l.Body)); err != nil {
				return err
			}
			if err := moved(ctx, tx, n, l.ID); err != nil {
				return err
			}
		}
		return nil
	})
}

// forget makes the next reader read the roll-ups anew.
func (c *cubes) forget() {
	c.mu.Lock()
	c.last.Store(nil)
	c.mu.Unlock()
	c.first.Lock()
	c.totals = nil
	c.first.Unlock()
}

// FileOf finds a load’s file as it was published, for whoever may take in files
// of its body: it may name people that the pages withhold. Write sends it.
func FileOf(ctx context.Context, tx *db.Tx, by office.Viewer, id int64) (l Load, write func(io.Writer) error, err error) {
	if l, err = FindLoad(ctx, tx, by, id); err != nil {
		return l, nil, err
	}
	return l, func(w io.Writer) error { return kept.Copy(ctx, tx, l.Hash, w) }, MayLoad(by, l.Body)
}

// LoadStands finds the published load that an effect names.
func LoadStands(ctx context.Context, tx *db.Tx, _ *authority.Effect, _ string, n int64) error {
	_, err := db.One(ctx, tx, ScanLoad, `SELECT `+LoadCols+` FROM loads WHERE id = $1 AND status = 'standing'`, n)
	return err
}
