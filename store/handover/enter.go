package handover

import (
	"context"
	"fmt"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/register"
	"github.com/police-ict/handover/store/text"
)

// TryEntry tells what an entry would do: the register before and after it, on
// the day it is entered for. Its error is why it cannot be entered.
func TryEntry(ctx context.Context, tx *db.Tx, by office.Viewer, e register.Entry) (before, after register.Register, err error) {
	err = tx.Read(ctx, func(tx *db.Tx) error { before, after, _, err = tryEntry(ctx, tx, by, e); return err })
	return before, after, err
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
		return 0, fault.Forbidden.Errorf("Only the company secretary keeps the register of members.")
	}
	err = record.Write(ctx, tx, func(tx *db.Tx) error { n, err = enter(ctx, tx, by, e); return err })
	return n, err
}

func enter(ctx context.Context, tx *db.Tx, by office.Viewer, e register.Entry) (int64, error) {
	_, _, e, err := tryEntry(ctx, tx, by, e)
	if err != nil {
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
	return n, statementMoved(ctx, tx, fmt.Sprintf("the register gained an entry: %s (event %d)", text.Plain(string(e.Kind)), n))
}
