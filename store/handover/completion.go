package handover

import (
	"context"
	"fmt"
	"strings"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/register"
	"github.com/police-ict/handover/store/text"
)

// completing is set while the handover is completed: its own entries pass the
// gate.
var completing db.Local[bool]

// gate keeps the way into the register that the handover guards: before
// completion no transferor ceases and no transferee is admitted but by it, and
// afterwards only a body whose deed is confirmed is admitted.
func gate(ctx context.Context, tx *db.Tx, e register.Entry) error {
	if *completing.Of(tx) {
		return nil
	}
	kind := e.Kind
	if kind == register.Correction {
		kind = e.As
	}
	if e.Struck || kind != register.Admitted && kind != register.Ceased {
		return nil
	}
	p, err := register.ReadProgramme(ctx, tx, record.Moment{})
	if err != nil {
		return err
	}
	switch {
	case kind == register.Ceased && p.Transferor(e.Body) && !p.Done():
		return fault.Field("body", "%s can only leave when the handover is completed.", office.ShortName(e.Body))
	case kind == register.Admitted && p.Transferee(e.Body) && !p.Done():
		return fault.Field("body", "%s can only be admitted when the handover is completed.", office.ShortName(e.Body))
	case kind == register.Admitted && p.Transferee(e.Body):
		if same, err := correctsItself(ctx, tx, e); same || err != nil {
			return err
		}
		a, err := FindAccession(ctx, tx, record.Moment{}, e.Body)
		if err != nil {
			return err
		}
		if a.Status != BodyReady {
			return fault.Field("body", "%s is %s. Its deed must be confirmed before it is admitted.", office.ShortName(e.Body), text.Plain(string(a.Status)))
		}
	}
	return nil
}

// correctsItself reports whether a correction leaves an admission with the
// body that it was for: any other body comes in by it, and is held to its deed.
func correctsItself(ctx context.Context, tx *db.Tx, e register.Entry) (bool, error) {
	if e.Kind != register.Correction {
		return false, nil
	}
	old, err := register.FindEntry(ctx, tx, e.Corrects)
	return old.Body == e.Body, err
}

// MayComplete says whether v may complete the handover on a day, or names what
// stands against it.
func (h Handover) MayComplete(v office.Viewer, on, today civil.Day) error {
	switch {
	case !v.Can(office.CompleteHandover):
		return fault.Forbidden.Errorf("Only the company secretary can complete the handover.")
	case h.Programme.Done():
		return fault.Conflict.Errorf("The handover was already completed on %s.", h.Programme.CompletedOn)
	}
	if against := h.Against(); len(against) > 0 {
		titles := make([]string, len(against))
		for i, c := range against {
			titles[i] = "“" + c.Title + "”"
		}
		return fault.Conflict.Errorf("The handover cannot be completed. %s %s not met: %s.", text.Count(len(against), "condition", "conditions"), areIs(len(against)), strings.Join(titles, "; "))
	}
	if err := h.whole(); err != nil {
		return err
	}
	switch earliest := h.Earliest(); {
	case on == "":
		return fault.Field("on", "Enter the date of completion.")
	case on > today:
		return fault.Field("on", "The date of completion must be today, %s, or earlier.", today)
	case on < earliest:
		return fault.Field("on", "The date of completion cannot be before %s, when the last certificate was given.", earliest)
	case on > h.Programme.Longstop:
		return fault.Field("on", "%s is after the longstop date, %s. Either side may then withdraw.", on, h.Programme.Longstop)
	}
	return nil
}

// whole holds completion to what no decision can override: that there is
// somebody to hand over to, and that what completion enters was prepared.
func (h Handover) whole() error {
	switch {
	case len(h.StatementNow.Admissions) == 0:
		return fault.Conflict.Errorf("The handover cannot be completed. No body is ready, so the company would have no members.")
	case !h.Balance.Current():
		return fault.Conflict.Errorf("The handover cannot be completed. The latest opening balance has not been prepared.")
	case !h.Statement.Current():
		return fault.Conflict.Errorf("The handover cannot be completed. The latest completion statement has not been prepared.")
	}
	return nil
}

// Earliest is the first day on which completion may be entered: when the last
// standing certificate was given, and never before what it enters was prepared.
func (h Handover) Earliest() (d civil.Day) {
	for _, dossier := range []Dossier{h.Balance, h.Statement} {
		if dossier.Last != nil {
			d = max(d, civil.DayOf(dossier.Last.PreparedAt))
		}
	}
	for _, body := range h.Programme.Transferors {
		for _, dossier := range []Dossier{h.Balance, h.Statement} {
			if c, ok := dossier.By(body); ok {
				d = max(d, civil.DayOf(c.At))
			}
		}
	}
	return d
}

// entries are what completion writes in the register, in order.
func (h Handover) entries(on civil.Day) (all []register.Entry) {
	p := h.Programme
	for _, a := range h.StatementNow.Admissions {
		all = append(all, register.Entry{Kind: register.Admitted, Body: a.Body, Class: a.Class, Votes: a.Votes, Guarantee: a.Guarantee, Instrument: a.Instrument, Completed: on, Registered: on})
	}
	for _, c := range h.StatementNow.Cessations {
		all = append(all, register.Entry{Kind: register.Ceased, Body: c.Body, Ground: c.Ground, Completed: on, Registered: on})
	}
	for _, r := range h.StatementNow.Rights {
		all = append(all, register.Entry{Kind: register.RightGranted, Class: p.Class, Right: r.Right, Seats: r.Seats, Matter: r.Matter, Clause: r.Clause, Completed: on, Registered: on})
	}
	return all
}

// Complete completes the handover on a day: every cessation, admission and
// right of the certified statement is entered in the register, all or nothing,
// once. The hash is that of the statement the secretary saw.
func Complete(ctx context.Context, tx *db.Tx, by office.Viewer, on civil.Day, hash string) error {
	return record.Write(ctx, tx, func(tx *db.Tx) error {
		h, err := Read(ctx, tx, record.Moment{Day: civil.DayOf(tx.Now())})
		if err != nil {
			return err
		}
		if err := h.MayComplete(by, on, civil.DayOf(tx.Now())); err != nil {
			return err
		}
		if h.Statement.Now != hash {
			return fault.Conflict.Errorf("The completion statement has changed since you opened it. Read it again before you complete the handover.")
		}
		*completing.Of(tx) = true
		for _, e := range h.entries(on) {
			if _, err := enter(ctx, tx, by, e); err != nil {
				return err
			}
		}
		return complete(ctx, tx, by, h, on)
	})
}

func complete(ctx context.Context, tx *db.Tx, by office.Viewer, h Handover, on civil.Day) error {
	p := h.Programme
	p.CompletedOn, p.CompletedN = on, record.NextEvent(tx)
	if err := register.SaveCompletion(ctx, tx, p); err != nil {
		return err
	}
	if _, err := record.Add(ctx, tx, by, "handover.complete", "handover/completion", record.Now(fmt.Sprintf("programme/%d", p.ID), p),
		record.Detail(map[string]any{"statement_version": h.Statement.Last.Version, "statement_hash": h.Statement.Last.Hash, "admitted": len(h.StatementNow.Admissions)})); err != nil {
		return err
	}
	m, ok := h.TheMilestone()
	if !ok || m.Actual != "" || !m.Standing() {
		return nil
	}
	return AchieveMilestone(ctx, tx, by, m.ID, on)
}
