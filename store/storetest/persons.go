package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/people"
	"github.com/police-ict/handover/store/scrutiny"
)

// EndOffice ends an appointment as somebody asks; the second person whom it may
// wait for agrees at once.
func EndOffice(ctx context.Context, tx *db.Tx, by office.Viewer, id int64, last civil.Day) error {
	request, err := people.EndAppointment(ctx, tx, by, id, last)
	if err != nil || request == 0 {
		return err
	}
	a, err := office.FindAppointment(ctx, tx, id)
	if err != nil {
		return err
	}
	v, err := secondAt(ctx, tx, a.Office.Body, by.Person, nil, a.Person)
	if err == nil {
		_, err = people.DecideRequest(ctx, tx, v, request, true, "")
	}
	return err
}

// Invite invites a person again; the second person whom it may wait for agrees
// at once, and the code of it is lost.
func Invite(ctx context.Context, tx *db.Tx, by office.Viewer, person int64) (string, error) {
	token, request, err := people.Invite(ctx, tx, by, person)
	if err != nil || request == 0 {
		return token, err
	}
	r, err := people.FindRequest(ctx, tx, request)
	if err != nil {
		return "", err
	}
	v, err := secondAt(ctx, tx, r.Held[0].Office.Body, by.Person, nil, person)
	if err != nil {
		return "", err
	}
	return people.DecideRequest(ctx, tx, v, request, true, "")
}

// Seat gives offices their seats on a committee, confirmed by a second person.
func Seat(ctx context.Context, tx *db.Tx, by office.Viewer, slug string, seats ...scrutiny.Seat) error {
	var sit []int64
	for _, seat := range seats {
		if err := scrutiny.SeatOffice(ctx, tx, by, slug, seat); err != nil {
			return err
		}
		sit = append(sit, seat.Office.ID)
	}
	v, err := secondAt(ctx, tx, by.Office.Body, by.Person, sit)
	if err == nil {
		err = scrutiny.DecideSeats(ctx, tx, v, slug, true)
	}
	return err
}

var seconds atomic.Int64

// secondAt is a second person at a body, somebody new where there is none yet.
func secondAt(ctx context.Context, tx *db.Tx, body string, maker int64, sits []int64, but ...int64) (office.Viewer, error) {
	find := func() (office.Viewer, error) {
		chain, err := office.ReadChain(ctx, tx)
		for _, a := range chain.Seconds(body, maker, civil.DayOf(tx.Now()), but...) {
			holds := slices.ContainsFunc(chain[a.Person], func(b office.Appointment) bool { return slices.Contains(sits, b.Office.ID) })
			if err == nil && !holds {
				return people.ViewerOf(ctx, tx, a.Person, a.Office.ID)
			}
		}
		return office.Viewer{}, err
	}
	if v, err := find(); err != nil || v.Person != 0 {
		return v, err
	}
	kind := map[string]office.Kind{office.HomeOffice: office.Official, office.TheAssociation: office.AssociationOfficer, office.TheCompany: office.CompanySecretary}[body]
	if kind == "" {
		kind = office.ChiefExecutive
	}
	n := seconds.Add(1)
	id, _, err := people.Add(ctx, tx, office.CommandLine, "Second person (sample)", fmt.Sprintf("second%d@example.org", n))
	if err != nil {
		return office.Viewer{}, err
	}
	made, err := people.Appoint(ctx, tx, office.CommandLine, office.Appointment{Office: office.Office{Body: body, Kind: kind, Title: fmt.Sprintf("Second person %d", n)}, Person: id, From: max("2012-01-01", first(body))})
	if err != nil {
		return office.Viewer{}, err
	}
	chain, err := office.ReadChain(ctx, tx)
	if err != nil {
		return office.Viewer{}, err
	}
	if all := chain.Seconds(body, 0, civil.DayOf(tx.Now()), id); len(all) > 0 {
		v, err := people.ViewerOf(ctx, tx, all[0].Person, all[0].Office.ID)
		if err != nil {
			return v, err
		}
		if err := people.DecideAppointment(ctx, tx, v, made, true, ""); err != nil {
			return v, err
		}
	}
	return people.ViewerOf(ctx, tx, id, 0)
}

// first is the first day of a body.
func first(body string) civil.Day {
	b, ok := office.BodyOf(body)
	if !ok {
		panic(errors.New("no body " + body))
	}
	return b.First
}
