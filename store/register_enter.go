package store

import (
	"context"
	"fmt"
	"strings"
)

// TryEntry tells what an entry would do: the register before and after it, on
// the day it is entered for. Its error is why it cannot be entered.
func (s *Store) TryEntry(ctx context.Context, by Viewer, e Entry) (before, after Register, err error) {
	err = s.read(ctx, func(s *Store) error { before, after, _, err = s.tryEntry(ctx, by, e); return err })
	return before, after, err
}

func (s *Store) tryEntry(ctx context.Context, by Viewer, e Entry) (before, after Register, out Entry, err error) {
	h, err := s.Head(ctx)
	if err != nil {
		return before, after, e, err
	}
	all, err := s.entries(ctx, h.Size)
	if err != nil {
		return before, after, e, err
	}
	if e, err = e.complete(all); err != nil {
		return before, after, e, err
	}
	e.N = h.Size + 1
	if err := e.check(DayOf(s.Now())); err != nil {
		return before, after, e, err
	}
	if err := fits(all, e); err != nil {
		return before, after, e, err
	}
	if err := s.gate(ctx, e); err != nil {
		return before, after, e, err
	}
	on := DayOf(s.Now())
	if before, _, err = replay(inForce(all), on); err != nil {
		return before, after, e, err
	}
	after, _, err = replay(inForce(append(all, e)), on)
	return before, after, e, err
}

// complete fills in what an entry takes from the one that it corrects.
func (e Entry) complete(all []Entry) (Entry, error) {
	e.Class, e.Name, e.Director, e.Matter = strings.TrimSpace(e.Class), strings.TrimSpace(e.Name), strings.TrimSpace(e.Director), strings.TrimSpace(e.Matter)
	if e.Kind != Correction {
		return e, nil
	}
	old, err := correctable(all, e.Corrects)
	if err != nil {
		return e, err
	}
	e.As = old.Kind
	if old.Kind == Correction {
		e.As = old.As
	}
	if e.Struck {
		return Entry{Kind: Correction, Corrects: e.Corrects, As: e.As, Struck: true, Registered: old.Registered, Note: e.Note}, nil
	}
	return e, nil
}

// Enter writes an entry into the register and returns its event.
func (s *Store) Enter(ctx context.Context, by Viewer, e Entry) (n int64, err error) {
	if !by.Can(KeepRegister) {
		return 0, Forbidden.Errorf("Only the company secretary keeps the register of members.")
	}
	err = s.write(ctx, func(s *Store) error { n, err = s.enter(ctx, by, e); return err })
	return n, err
}

func (s *Store) enter(ctx context.Context, by Viewer, e Entry) (int64, error) {
	_, _, e, err := s.tryEntry(ctx, by, e)
	if err != nil {
		return 0, err
	}
	n, err := s.record(ctx, by, "register."+string(e.Kind), "register", about(e.Body), now(fmt.Sprintf("register/%d", e.N), e))
	if err != nil {
		return 0, err
	}
	text, err := canonical(e)
	if err != nil {
		return 0, err
	}
	if err := s.change(ctx, `INSERT INTO register (n, kind, registered, entry) VALUES ($1, $2, $3, $4)`, n, e.Kind, e.Registered, string(text)); err != nil {
		return 0, err
	}
	return n, s.statementMoved(ctx, fmt.Sprintf("the register gained an entry: %s (event %d)", Plain(string(e.Kind)), n))
}
