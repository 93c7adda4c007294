package storetest

import (
	"testing"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/db"
	"github.com/police-ict/handover/store/handover"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/register"
)

// ShortHistory enters a register of six entries and returns the secretary.
func ShortHistory(t testing.TB, s *db.Tx) office.Viewer {
	t.Helper()
	sec := Holder(t, s, office.CompanySecretary, office.TheCompany)
	for _, e := range []register.Entry{
		{Kind: register.Incorporated, Registered: "2012-07-16"},
		{Kind: register.Admitted, Body: office.HomeOffice, Class: "Interim owner", Votes: 1, Guarantee: 100, Instrument: "Deed", Registered: "2012-07-16"},
		{Kind: register.Admitted, Body: office.TheAssociation, Class: "Interim owner", Votes: 1, Guarantee: 100, Instrument: "Deed", Registered: "2012-07-16"},
		{Kind: register.RightGranted, Body: office.HomeOffice, Right: register.AppointDirectors, Seats: 6, Clause: "14.2", Registered: "2012-07-16"},
		{Kind: register.DirectorAppointed, Body: office.HomeOffice, Director: "Director 1 (sample)", Seat: 1, Registered: "2012-07-16"},
		{Kind: register.Renamed, Body: office.TheAssociation, Name: "Association of Police and Crime Commissioners", Registered: "2012-11-22"},
	} {
		if _, err := handover.Enter(t.Context(), s, sec, e); err != nil {
			t.Fatal(err)
		}
	}
	return sec
}

// Admitted is the entry of an admission, with so many votes.
func Admitted(body string, on civil.Day, votes int64) register.Entry {
	return register.Entry{Kind: register.Admitted, Body: body, Class: "Observer", Votes: votes, Guarantee: 100, Instrument: "Deed", Registered: on}
}

// Ceased is the entry of a body that ceases to be a member.
func Ceased(body string, on civil.Day) register.Entry {
	return register.Entry{Kind: register.Ceased, Body: body, Ground: "Resolution", Registered: on}
}

// Renamed is the entry of a new name.
func Renamed(body, name string, on civil.Day) register.Entry {
	return register.Entry{Kind: register.Renamed, Body: body, Name: name, Registered: on}
}

// Director is the entry of a director that a body appoints to a seat.
func Director(name string, seat int64, body string, on civil.Day) register.Entry {
	return register.Entry{Kind: register.DirectorAppointed, Director: name, Seat: seat, Body: body, Registered: on}
}

// Removed is the entry of a director who is removed from a seat.
func Removed(seat int64, on civil.Day) register.Entry {
	return register.Entry{Kind: register.DirectorRemoved, Seat: seat, Ground: "Retired", Registered: on}
}

// With is an entry with something changed.
func With(e register.Entry, change func(*register.Entry)) register.Entry { change(&e); return e }
