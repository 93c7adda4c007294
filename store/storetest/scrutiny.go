package storetest

import (
	"context"
	"testing"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/scrutiny"
)

// KeepCharge stores whose work a matter of scrutiny is, for tests of what
// follows from it whatever the matter is.
func KeepCharge(ctx context.Context, tx *db.Tx, by office.Viewer, c scrutiny.Charge) error {
	return record.Write(ctx, tx, func(tx *db.Tx) error {
		row, err := scrutiny.SaveCharge(ctx, tx, c)
		if err != nil {
			return err
		}
		_, err = record.Add(ctx, tx, by, "charge.test", c.Subject(), row)
		return err
	})
}

// AddCommittee founds a committee of the association, with the chair, one member
// and the clerk given.
func AddCommittee(t testing.TB, s *db.Tx, slug string, first, last civil.Day, chair, member, clerk office.Viewer) scrutiny.Committee {
	t.Helper()
	c := scrutiny.Committee{Slug: slug, Name: "Scrutiny committee " + slug + " (sample)", Terms: "To hold the company to account.", First: first, Last: last}
	if err := scrutiny.FoundCommittee(t.Context(), s, clerk, c); err != nil {
		t.Fatal(err)
	}
	var seats []scrutiny.Seat
	for _, seat := range []struct {
		v    office.Viewer
		role scrutiny.SeatRole
	}{{chair, scrutiny.SeatChair}, {member, scrutiny.SeatMember}, {clerk, scrutiny.SeatClerk}} {
		if seat.v.Person != 0 {
			seats = append(seats, scrutiny.Seat{Office: seat.v.Office, Role: seat.role, First: max(first, civil.DayOf(s.Now()))})
		}
	}
	if err := Seat(t.Context(), s, clerk, slug, seats...); err != nil {
		t.Fatal(err)
	}
	all, err := scrutiny.AllCommittees(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	return all[slug]
}
