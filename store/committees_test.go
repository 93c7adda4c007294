package store_test

import (
	"testing"

	"github.com/police-ict/handover/store"
	"github.com/police-ict/handover/store/storetest"
)

// committee founds a committee of the association, with the chair, one member
// and the clerk given.
func committee(t testing.TB, s *store.Store, slug string, first, last store.Day, chair, member, clerk store.Viewer) store.Committee {
	t.Helper()
	c := store.Committee{Slug: slug, Name: "Scrutiny committee " + slug + " (sample)", Terms: "To hold the company to account.", First: first, Last: last}
	if err := s.FoundCommittee(t.Context(), clerk, c); err != nil {
		t.Fatal(err)
	}
	for _, seat := range []struct {
		v    store.Viewer
		role store.SeatRole
	}{{chair, store.SeatChair}, {member, store.SeatMember}, {clerk, store.SeatClerk}} {
		if seat.v.Person == 0 {
			continue
		}
		if err := s.SeatOffice(t.Context(), clerk, slug, store.Seat{Office: seat.v.Office, Role: seat.role, First: first}); err != nil {
			t.Fatal(err)
		}
	}
	all, err := s.Committees(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return all[slug]
}

func TestWhoActsForACommittee(t *testing.T) {
	s, clock := storetest.OpenClock(t)
	chair := storetest.Holder(t, s, store.Chair, store.TheAssociation)
	clerk := storetest.Holder(t, s, store.Clerk, store.TheAssociation)
	kent := storetest.Holder(t, s, store.CommissionerOffice, "kent")
	official := storetest.Holder(t, s, store.Official, "home-office")
	today := store.DayOf(clock.Now())
	c := committee(t, s, "scrutiny", today, today.Add(30), chair, kent, clerk)
	if c.Turn != 4 || len(c.Seats) != 3 {
		t.Fatalf("%+v", c)
	}
	all := store.Committees{"scrutiny": c, "next": {Slug: "next", Name: "Next", First: today}}
	charge := store.Charge{Kind: store.ChargeQuestion, Body: store.TheCompany, Committee: "scrutiny", Open: true}
	toKent := charge
	toKent.Body = "kent"
	for name, x := range map[string]struct {
		v      store.Viewer
		charge store.Charge
		on     store.Day
		roles  []store.SeatRole
		may    bool
	}{
		"the chair":                            {chair, charge, today, []store.SeatRole{store.SeatChair}, true},
		"a member is not the chair":            {kent, charge, today, []store.SeatRole{store.SeatChair}, false},
		"a member":                             {kent, charge, today, nil, true},
		"a member whose body it is put to":     {kent, toKent, today, nil, false},
		"the last day of the mandate":          {chair, charge, today.Add(30), nil, true},
		"the day after":                        {chair, charge, today.Add(31), nil, false},
		"the day before it begins":             {chair, charge, today.Add(-1), nil, false},
		"an official does not sit":             {official, charge, today, nil, false},
		"nobody":                               {store.Viewer{}, charge, today, nil, false},
		"a matter of no committee":             {chair, store.Charge{Body: store.TheCompany}, today, nil, false},
		"once accepted, the heir's after it":   {chair, store.Charge{Committee: "scrutiny", Heir: "next"}, today.Add(31), nil, false},
		"once accepted, still the first's now": {chair, store.Charge{Committee: "scrutiny", Heir: "next"}, today, nil, true},
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
	chair := storetest.Holder(t, s, store.Chair, store.TheAssociation)
	clerk := storetest.Holder(t, s, store.Clerk, store.TheAssociation)
	official := storetest.Holder(t, s, store.Official, "home-office")
	today := store.DayOf(clock.Now())
	committee(t, s, "scrutiny", today, "", chair, store.Viewer{}, clerk)
	for name, seat := range map[string]store.Seat{
		"an official":    {Office: official.Office, Role: store.SeatMember, First: today},
		"a second chair": {Office: clerk.Office, Role: store.SeatChair, First: today.Add(1)},
		"twice":          {Office: chair.Office, Role: store.SeatMember, First: today.Add(1)},
		"no day":         {Office: chair.Office, Role: store.SeatMember},
		"no role":        {Office: chair.Office, First: today.Add(2)},
	} {
		if err := s.SeatOffice(t.Context(), clerk, "scrutiny", seat); store.KindOf(err) != store.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := s.SeatOffice(t.Context(), official, "scrutiny", store.Seat{Office: chair.Office, Role: store.SeatMember, First: today}); store.KindOf(err) != store.Forbidden {
		t.Errorf("an official keeps the committee: %v", err)
	}
}
