package handover

import (
	"context"
	"fmt"

	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/decisions"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/register"
	"github.com/police-ict/handover/store/text"
)

// TryEntry tells what an entry would do: the register before and after it, on
// the day it is entered for. Its error is why it cannot be entered.
func TryEntry(ctx context.Context, tx *db.Tx, by office.Viewer, e register.Entry) (before, after register.Register, err error) {
	err = tx.Read(ctx, func(tx *db.Tx) error {
		if before, after, _, err = tryEntry(ctx, tx, by, e); err != nil {
			return err
		}
		wants, err := decisionFor(ctx, tx, e)
		if err == nil && wants.Kind != "" {
			err = decisions.Naming(ctx, tx, by, e.Decision, wants)
		}
		return err
	})
	return before, after, err
}

// decisionFor is the effect that a decision must name before an entry is made,
// or none. After completion, whoever is a member, of which class, with how many
// votes and since when is changed by no correction of the company alone; nor is
// a transferor's membership before.
func decisionFor(ctx context.Context, tx *db.Tx, e register.Entry) (wants authority.Effect, err error) {
	if e.Kind != register.Correction {
		return wants, nil
	}
	old, err := register.FindEntry(ctx, tx, e.Corrects)
	if err != nil || !old.OfMembership() || e.SameMembership(old) {
		return wants, err
	}
	p, err := register.ReadProgramme(ctx, tx, record.Moment{})
	if err != nil {
		return wants, err
	}
	if undone := e.Struck || e.Body != old.Body; !p.Done() && (!undone || !p.Transferor(old.Body)) {
		return wants, nil
	}
	r, err := register.Read(ctx, tx, record.When{})
	for _, body := range p.Transferors {
		if _, member := r.Member(body); !p.Done() && !member {
			return wants, err // the first register is still being written
		}
	}
	return CorrectsEntry(old, e.Struck), err
}

// CorrectsEntry is the effect of a decision that lets an entry of a member be
// corrected, or struck out.
func CorrectsEntry(e register.Entry, struck bool) authority.Effect {
	value := authority.Corrects
	if struck {
		value = authority.StrikesOut
	}
	return authority.Effect{Kind: authority.CorrectsMember, Subject: fmt.Sprintf("entry/%d", e.N), Value: value}
}

func tryEntry(ctx context.Context, tx *db.Tx, by office.Viewer, e register.Entry) (before, after register.Register, out register.Entry, err error) {
	h, err := record.ReadHead(ctx, tx)
	if err != nil {
		return before, after, e, err
	}
	all, err := register.Entries(ctx, tx, h.Size)
	if err != nil {
		return before, after, e, err
	}
	if e, err = e.Complete(all); err != nil {
		return before, after, e, err
	}
	e.N = h.Size + 1
	if err := e.Check(civil.DayOf(tx.Now())); err != nil {
		return before, after, e, err
	}
	if err := register.Fits(all, e); err != nil {
		return before, after, e, err
	}
	if err := gate(ctx, tx, e); err != nil {
		return before, after, e, err
	}
	on := civil.DayOf(tx.Now())
	if before, _, err = register.Replay(register.InForce(all), on); err != nil {
		return before, after, e, err
	}
	after, _, err = register.Replay(register.InForce(append(all, e)), on)
	return before, after, e, err
}

// Enter writes an entry into the register and returns its event.
func Enter(ctx context.Context, tx *db.Tx, by office.Viewer, e register.Entry) (n int64, err error) {
	if !by.Can(office.KeepRegister) {
		return 0, fault.Forbidden.Errorf("Only the company secretary can change the register of members.")
	}
	err = record.Write(ctx, tx, func(tx *db.Tx) error { n, err = enter(ctx, tx, by, e); return err })
	return n, err
}

func enter(ctx context.Context, tx *db.Tx, by office.Viewer, e register.Entry) (int64, error) {
	_, _, e, err := tryEntry(ctx, tx, by, e)
	if err != nil {
		return 0, err
	}
	if e, err = underDecision(ctx, tx, by, e); err != nil {
		return 0, err
	}
	n, err := record.Add(ctx, tx, by, "register."+string(e.Kind), "register", record.About(e.Body), record.Now(fmt.Sprintf("register/%d", e.N), e))
	if err != nil {
		return 0, err
	}
	words, err := text.Canonical(e)
	if err != nil {
		return 0, err
	}
	if err := tx.Change(ctx, `INSERT INTO register (n, kind, registered, entry) VALUES ($1, $2, $3, $4)`, n, e.Kind, e.Registered, string(words)); err != nil {
		return 0, err
	}
	return n, statementMoved(ctx, tx, fmt.Sprintf("an entry was added to the register: %s (entry %d)", text.Plain(string(e.Kind)), n))
}

// underDecision uses the decision under which an entry is made, where it needs
// one. The use of the decision is an event before that of the entry.
func underDecision(ctx context.Context, tx *db.Tx, by office.Viewer, e register.Entry) (register.Entry, error) {
	wants, err := decisionFor(ctx, tx, e)
	if err != nil || wants.Kind == "" {
		e.Decision = "" // none was needed, so none was used
		return e, err
	}
	d, err := decisions.Under(ctx, tx, by, e.Decision, wants)
	e.Decision, e.N = d.Ref, record.NextEvent(tx)
	return e, err
}
