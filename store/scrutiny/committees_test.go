package scrutiny_test

import (
	"testing"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/scrutiny"
	"github.com/police-ict/handover/store/storetest"
)

func TestWhoActsForACommittee(t *testing.T) {
	s, clock := storetest.OpenClock(t)
	chair := storetest.Holder(t, s, office.Chair, office.TheAssociation)
	clerk := storetest.Holder(t, s, office.Clerk, office.TheAssociation)
	kent := storetest.Holder(t, s, office.CommissionerOffice, "kent")
	official := storetest.Holder(t, s, office.Official, "home-office")
	today := civil.DayOf(clock.Now())
	c := storetest.AddCommittee(t, s, "scrutiny", today, today.Add(30), chair, kent, clerk)
	if c.Turn != 5 || len(c.Seats) != 3 {
		t.Fatalf("%+v", c)
	}
	all := scrutiny.Committees{"scrutiny": c, "next": {Slug: "next", Name: "Next", First: today}}
	charge := scrutiny.Charge{Kind: scrutiny.ChargeQuestion, Body: office.TheCompany, Committee: "scrutiny", Open: true}
	toKent := charge
	toKent.Body = "kent"
	for name, x := range map[string]struct {
		v      office.Viewer
		charge scrutiny.Charge
		on     civil.Day
		roles  []scrutiny.SeatRole
		may    bool
	}{
		"the chair":                            {chair, charge, today, []scrutiny.SeatRole{scrutiny.SeatChair}, true},
		"a member is not the chair":            {kent, charge, today, []scrutiny.SeatRole{scrutiny.SeatChair}, false},
		"a member":                             {kent, charge, today, nil, true},
		"a member whose body it is put to":     {kent, toKent, today, nil, false},
		"the last day of the mandate":          {chair, charge, today.Add(30), nil, true},
		"the day after":                        {chair, charge, today.Add(31), nil, false},
		"the day before it begins":             {chair, charge, today.Add(-1), nil, false},
		"an official does not sit":             {official, charge, today, nil, false},
		"nobody":                               {office.Viewer{}, charge, today, nil, false},
		"a matter of no committee":             {chair, scrutiny.Charge{Body: office.TheCompany}, today, nil, false},
		"once accepted, the heir's after it":   {chair, scrutiny.Charge{Committee: "scrutiny", Heir: "next"}, today.Add(31), nil, false},
		"once accepted, still the first's now": {chair, scrutiny.Charge{Committee: "scrutiny", Heir: "next"}, today, nil, true},
	} {
		if err := all.MayScrutinise(x.v, x.charge, x.on, x.roles...); (err == nil) != x.may {
			t.Errorf("%s: %v", name, err)
		}
	}
	if !charge.Orphan(all) {
		t.Error("an open matter under a mandate that ends has no successor, and is no orphan")
	}
	if charge.Heir = "next"; charge.Orphan(all) {
		t.Error("an accepted matter is an orphan")
	}
}

func TestSeatsAreChecked(t *testing.T) {
	s, clock := storetest.OpenClock(t)
	chair := storetest.Holder(t, s, office.Chair, office.TheAssociation)
	clerk := storetest.Holder(t, s, office.Clerk, office.TheAssociation)
	official := storetest.Holder(t, s, office.Official, "home-office")
	today := civil.DayOf(clock.Now())
	storetest.AddCommittee(t, s, "scrutiny", today, "", chair, office.Viewer{}, clerk)
	for name, seat := range map[string]scrutiny.Seat{
		"an official":    {Office: official.Office, Role: scrutiny.SeatMember, First: today},
		"a second chair": {Office: clerk.Office, Role: scrutiny.SeatChair, First: today.Add(1)},
		"twice":          {Office: chair.Office, Role: scrutiny.SeatMember, First: today.Add(1)},
		"no day":         {Office: chair.Office, Role: scrutiny.SeatMember},
		"no role":        {Office: chair.Office, First: today.Add(2)},
	} {
		if err := storetest.Seat(t.Context(), s, clerk, "scrutiny", seat); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := storetest.Seat(t.Context(), s, official, "scrutiny", scrutiny.Seat{Office: chair.Office, Role: scrutiny.SeatMember, First: today}); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("an official keeps the committee: %v", err)
	}
}
