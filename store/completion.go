package store

import (
	"context"
	"fmt"
	"strings"
)

// gate keeps the way into the register that the handover guards: before
// completion no transferor ceases and no transferee is admitted but by it, and
// afterwards only a body whose deed is confirmed is admitted.
func (s *Store) gate(ctx context.Context, e Entry) error {
	if s.tx != nil && s.tx.completing {
		return nil
	}
	kind := e.Kind
	if kind == Correction {
		kind = e.As
	}
	if e.Struck || kind != Admitted && kind != Ceased {
		return nil
	}
	p, err := s.Programme(ctx, Moment{})
	if err != nil {
		return err
	}
	switch {
	case kind == Ceased && p.Transferor(e.Body) && !p.Done():
		return Field("body", "%s ceases to be a member by the completion of the handover only.", ShortName(e.Body))
	case kind == Admitted && p.Transferee(e.Body) && !p.Done():
		return Field("body", "%s is admitted by the completion of the handover only: until then no local policing body is entered.", ShortName(e.Body))
	case kind == Admitted && p.Transferee(e.Body):
		if same, err := s.correctsItself(ctx, e); same || err != nil {
			return err
		}
		a, err := s.Accession(ctx, Moment{}, e.Body)
		if err != nil {
			return err
		}
		if a.Status != BodyReady {
			return Field("body", "%s is %s: its deed must be confirmed before it is admitted.", ShortName(e.Body), Plain(string(a.Status)))
		}
	}
	return nil
}

// correctsItself reports whether a correction leaves an admission with the
// body that it was for: any other body comes in by it, and is held to its deed.
func (s *Store) correctsItself(ctx context.Context, e Entry) (bool, error) {
	if e.Kind != Correction {
		return false, nil
	}
	old, err := s.Entry(ctx, e.Corrects)
	return old.Body == e.Body, err
}

// MayComplete says whether v may complete the handover on a day, or names what
// stands against it.
func (h Handover) MayComplete(v Viewer, on, today Day) error {
	switch {
	case !v.Can(CompleteHandover):
		return Forbidden.Errorf("Only the company secretary completes the handover.")
	case h.Programme.Done():
		return Conflict.Errorf("The handover was completed on %s, and completes once.", h.Programme.CompletedOn)
	}
	if against := h.Against(); len(against) > 0 {
		titles := make([]string, len(against))
		for i, c := range against {
			titles[i] = "“" + c.Title + "”"
		}
		return Conflict.Errorf("The handover cannot be completed: %s %s against it: %s.", Count(len(against), "condition", "conditions"), stands(len(against)), strings.Join(titles, "; "))
	}
	if err := h.whole(); err != nil {
		return err
	}
	switch earliest := h.Earliest(); {
	case on == "":
		return Field("on", "Give the day of completion.")
	case on > today:
		return Field("on", "The day of completion must be today or earlier. Today is %s.", today)
	case on < earliest:
		return Field("on", "The day of completion cannot be before %s, when the last certificate was given.", earliest)
	case on > h.Programme.Longstop:
		return Field("on", "%s is after the longstop day, %s: either side may then walk away.", on, h.Programme.Longstop)
	}
	return nil
}

// whole holds completion to what no decision can override: that there is
// somebody to hand over to, and that what completion enters was prepared.
func (h Handover) whole() error {
	switch {
	case len(h.StatementNow.Admissions) == 0:
		return Conflict.Errorf("The handover cannot be completed: no body is ready, so the company would be left without a member.")
	case !h.Balance.Current():
		return Conflict.Errorf("The handover cannot be completed: the opening balance as it stands has not been prepared.")
	case !h.Statement.Current():
		return Conflict.Errorf("The handover cannot be completed: the completion statement as it stands has not been prepared.")
	}
	return nil
}

// Earliest is the first day on which completion may be entered: when the last
// standing certificate was given, and never before what it enters was prepared.
func (h Handover) Earliest() (d Day) {
	for _, dossier := range []Dossier{h.Balance, h.Statement} {
		if dossier.Last != nil {
			d = max(d, DayOf(dossier.Last.PreparedAt))
		}
	}
	for _, body := range h.Programme.Transferors {
		for _, dossier := range []Dossier{h.Balance, h.Statement} {
			if c, ok := dossier.By(body); ok {
				d = max(d, DayOf(c.At))
			}
		}
	}
	return d
}

// entries are what completion writes in the register, in order.
func (h Handover) entries(on Day) (all []Entry) {
	p := h.Programme
	for _, a := range h.StatementNow.Admissions {
		all = append(all, Entry{Kind: Admitted, Body: a.Body, Class: a.Class, Votes: a.Votes, Guarantee: a.Guarantee, Instrument: a.Instrument, Completed: on, Registered: on})
	}
	for _, c := range h.StatementNow.Cessations {
		all = append(all, Entry{Kind: Ceased, Body: c.Body, Ground: c.Ground, Completed: on, Registered: on})
	}
	for _, r := range h.StatementNow.Rights {
		all = append(all, Entry{Kind: RightGranted, Class: p.Class, Right: r.Right, Seats: r.Seats, Matter: r.Matter, Clause: r.Clause, Completed: on, Registered: on})
	}
	return all
}

// Complete completes the handover on a day: every cessation, admission and
// right of the certified statement is entered in the register, all or nothing,
// once. The hash is that of the statement the secretary saw.
func (s *Store) Complete(ctx context.Context, by Viewer, on Day, hash string) error {
	return s.write(ctx, func(s *Store) error {
		h, err := s.Handover(ctx, Moment{Day: DayOf(s.Now())})
		if err != nil {
			return err
		}
		if err := h.MayComplete(by, on, DayOf(s.Now())); err != nil {
			return err
		}
		if h.Statement.Now != hash {
			return Conflict.Errorf("The completion statement has changed since you read it. Read it again before you complete.")
		}
		s.tx.completing = true
		for _, e := range h.entries(on) {
			if _, err := s.enter(ctx, by, e); err != nil {
				return err
			}
		}
		return s.complete(ctx, by, h, on)
	})
}

func (s *Store) complete(ctx context.Context, by Viewer, h Handover, on Day) error {
	p := h.Programme
	p.CompletedOn, p.CompletedN = on, s.nextEvent()
	if err := s.change(ctx, `UPDATE programmes SET completed_on = $1, completed_n = $2 WHERE id = $3 AND completed_n = 0`, p.CompletedOn, p.CompletedN, p.ID); err != nil {
		return err
	}
	if _, err := s.record(ctx, by, "handover.complete", "handover/completion", now(fmt.Sprintf("programme/%d", p.ID), p),
		detail(map[string]any{"statement_version": h.Statement.Last.Version, "statement_hash": h.Statement.Last.Hash, "admitted": len(h.StatementNow.Admissions)})); err != nil {
		return err
	}
	m, ok := h.TheMilestone()
	if !ok || m.Actual != "" || !m.Standing() {
		return nil
	}
	return s.AchieveMilestone(ctx, by, m.ID, on)
}
