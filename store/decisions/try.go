package decisions

import (
	"context"

	"github.com/police-ict/handover/store/authority"
	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/register"
)

// Tried is who may vote in a decision on a day, as known by an event.
type Tried struct {
	Decision
	Person  int64 // who was asked about; 0 is everyone who could act
	All     []authority.Authority
	Holders []office.Appointment // of any office on the day
	Facts   authority.Facts
	Kind    authority.Matter
	Band    authority.Band
	KnownOn civil.Day
	Latest  bool // all that is recorded is known
}

// TryAuthority tells whether a person may act in a decision on a day, as known
// by an event: try anyone, any day. Once the decision was opened, the version of
// the scheme that was in force then stays its rule.
func TryAuthority(ctx context.Context, tx *db.Tx, v office.Viewer, ref string, person int64, w record.When) (t Tried, err error) {
	t.Person, t.Latest = person, w.Event == 0
	err = tx.Read(ctx, func(tx *db.Tx) error {
		if t.Decision, err = Find(ctx, tx, v, ref); err != nil {
			return err
		}
		if t.Decision.Draft() {
			paper, _, err := paperOf(ctx, tx, t.Decision, t.Decision.Version)
			if err != nil {
				return err
			}
			if err := t.Decision.asPutForward(ctx, tx, *paper.Paper); err != nil {
				return err
			}
		}
		if t.Facts, err = factsOf(ctx, tx, register.DayOf(tx, w), w.Event); err != nil {
			return err
		}
		if d := t.Decision; d.Scheme != 0 && d.Scheme != t.Facts.Scheme.Version {
			if t.Facts.Scheme, err = FindScheme(ctx, tx, d.Scheme); err != nil {
				return err
			}
		}
		t.KnownOn, t.Holders = t.Facts.Register.KnownOn, t.Facts.Appointments
		t.try()
		return nil
	})
	return t, err
}

// try works out the authority of everyone who was asked about.
func (t *Tried) try() {
	q := t.Case(authority.Votes)
	t.Kind, t.Band, _ = t.Decision.Band(t.Facts.Scheme.Scheme) // of a matter that is not known, the first finding tells
	people := []int64{t.Person}
	if t.Person == 0 {
		people = t.Facts.CouldAct(q, t.Band)
	}
	for _, p := range people {
		t.All = append(t.All, t.Facts.Authority(q, p, 0))
	}
}
