package store_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/police-ict/handover/store"
	"github.com/police-ict/handover/store/storetest"
)

func TestAppointmentInForce(t *testing.T) {
	term := func(status store.AppointmentStatus, from, to store.Day) store.Appointment {
		return store.Appointment{Status: status, From: from, To: to}
	}
	yes, waits, no := store.AppointmentConfirmed, store.AppointmentProposed, store.AppointmentRefused
	for name, c := range map[string]struct {
		a     store.Appointment
		on    store.Day
		want  bool
		state string
	}{
		"on its first day":                         {term(yes, "2013-01-14", ""), "2013-01-14", true, "in force"},
		"the day before its first":                 {term(yes, "2013-01-15", ""), "2013-01-14", false, "begins later"},
		"on its last day":                          {term(yes, "2012-01-01", "2013-01-14"), "2013-01-14", true, "in force"},
		"the day after its last":                   {term(yes, "2012-01-01", "2013-01-13"), "2013-01-14", false, "ended"},
		"for one day only":                         {term(yes, "2013-01-14", "2013-01-14"), "2013-01-14", true, "in force"},
		"ended before it began":                    {term(yes, "2013-01-14", "2013-01-13"), "2013-01-14", false, "ended"},
		"with no last day, ten years on":           {term(yes, "2013-01-14", ""), "2023-01-14", true, "in force"},
		"on a leap day":                            {term(yes, "2012-02-29", "2012-02-29"), "2012-02-29", true, "in force"},
		"while it awaits confirmation":             {term(waits, "2012-01-01", ""), "2013-01-14", false, "awaits confirmation"},
		"once refused":                             {term(no, "2012-01-01", ""), "2013-01-14", false, "refused"},
		"refused, and its time is over: refused":   {term(no, "2012-01-01", "2012-02-01"), "2013-01-14", false, "refused"},
		"awaited, and its time is over: it awaits": {term(waits, "2012-01-01", "2012-02-01"), "2013-01-14", false, "awaits confirmation"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := c.a.InForce(c.on); got != c.want {
				t.Errorf("in force: %v", got)
			}
			if got := c.a.State(c.on); got != c.state {
				t.Errorf("state: %q", got)
			}
		})
	}
}

func TestMayConfirm(t *testing.T) {
	a := store.Appointment{Office: store.Office{Body: "kent", Kind: store.CommissionerOffice}, Person: 1, MadeBy: 2, Status: store.AppointmentProposed}
	at := func(person int64, kind store.OfficeKind, body string) store.Viewer {
		return store.Viewer{Person: person, Office: store.Office{Body: body, Kind: kind}}
	}
	is := func(s store.AppointmentStatus) store.Appointment { b := a; b.Status = s; return b }
	for name, c := range map[string]struct {
		a    store.Appointment
		v    store.Viewer
		want store.Kind
	}{
		"a second person of the body confirms":             {a, at(3, store.ChiefExecutive, "kent"), 0},
		"nobody confirms their own":                        {a, at(1, store.ChiefExecutive, "kent"), store.Forbidden},
		"whoever made it does not confirm it":              {a, at(2, store.ChiefExecutive, "kent"), store.Forbidden},
		"another body does not confirm":                    {a, at(3, store.ChiefExecutive, "sussex"), store.Forbidden},
		"the Home Office does not confirm for Kent":        {a, at(3, store.Official, store.HomeOffice), store.Forbidden},
		"an office without the permission does not":        {a, at(3, store.Auditor, "kent"), store.Forbidden},
		"an administrator does not":                        {a, at(3, store.Administrator, "kent"), store.Forbidden},
		"a stranger does not":                              {a, store.Viewer{}, store.Forbidden},
		"the command line does not: a person must":         {a, store.CommandLine, store.Forbidden},
		"a confirmed one is not confirmed again":           {is(store.AppointmentConfirmed), at(3, store.ChiefExecutive, "kent"), store.Conflict},
		"a refused one is not confirmed":                   {is(store.AppointmentRefused), at(3, store.ChiefExecutive, "kent"), store.Conflict},
		"the body's slug is compared, not part of it":      {a, at(3, store.ChiefExecutive, "kent-police-authority"), store.Forbidden},
		"a stranger without a person holds no office":      {a, at(0, store.ChiefExecutive, "kent"), store.Forbidden},
		"the same person in two offices is still one":      {a, at(1, store.CommissionerOffice, "kent"), store.Forbidden},
		"the maker in another office is still the maker":   {a, at(2, store.CommissionerOffice, "kent"), store.Forbidden},
		"one made on the command line: any second may":     {func() store.Appointment { b := a; b.MadeBy = 0; return b }(), at(3, store.CommissionerOffice, "kent"), 0},
		"one made on the command line: never the person's": {func() store.Appointment { b := a; b.MadeBy = 0; return b }(), at(1, store.CommissionerOffice, "kent"), store.Forbidden},
	} {
		t.Run(name, func(t *testing.T) {
			if got := store.KindOf(c.a.MayConfirm(c.v)); got != c.want {
				t.Errorf("got %v: %v", got, c.a.MayConfirm(c.v))
			}
		})
	}
}

func TestAppointRefusesWhatCannotBe(t *testing.T) {
	ctx, s := t.Context(), storetest.Open(t)
	adm := storetest.Holder(t, s, store.Administrator, store.TheCompany)
	ann := storetest.Person(t, s, "Ann")
	ok := store.Appointment{Office: store.Office{Body: "kent", Kind: store.CommissionerOffice, Title: "Commissioner for Kent"}, Person: ann, From: "2012-11-22"}
	with := func(change func(*store.Appointment)) store.Appointment { a := ok; change(&a); return a }
	for name, c := range map[string]struct {
		a     store.Appointment
		field string
	}{
		"a body that does not exist":         {with(func(a *store.Appointment) { a.Office.Body = "atlantis" }), "body"},
		"a kind that does not exist":         {with(func(a *store.Appointment) { a.Office.Kind = "king" }), "kind"},
		"a company secretary at Kent":        {with(func(a *store.Appointment) { a.Office.Kind = store.CompanySecretary }), "kind"},
		"no title":                           {with(func(a *store.Appointment) { a.Office.Title = "  " }), "title"},
		"a title of 121 characters":          {with(func(a *store.Appointment) { a.Office.Title = strings.Repeat("ŵ", 121) }), "title"},
		"a title with a control character":   {with(func(a *store.Appointment) { a.Office.Title = "Chief\x00" }), "title"},
		"no first day":                       {with(func(a *store.Appointment) { a.From = "" }), "from"},
		"a last day before the first":        {with(func(a *store.Appointment) { a.To = "2012-11-21" }), "to"},
		"a first day before the body exists": {with(func(a *store.Appointment) { a.From = "2012-11-21" }), "from"},
		"a body that ended, without a last day": {with(func(a *store.Appointment) {
			a.Office = store.Office{Body: "kent-police-authority", Kind: store.ChiefExecutive, Title: "Clerk"}
			a.From = "2012-01-01"
		}), "to"},
		"a director without a seat":      {with(func(a *store.Appointment) { a.Office = directorIn(0) }), "seat"},
		"a director in seat 101":         {with(func(a *store.Appointment) { a.Office = directorIn(101) }), "seat"},
		"a director in a seat below one": {with(func(a *store.Appointment) { a.Office = directorIn(-1) }), "seat"},
		"a commissioner with a seat":     {with(func(a *store.Appointment) { a.Office.Seat = 1 }), "seat"},
		"a director at Kent":             {with(func(a *store.Appointment) { a.Office = directorIn(1); a.Office.Body = "kent" }), "kind"},
		"a director without a title":     {with(func(a *store.Appointment) { a.Office = directorIn(1); a.Office.Title = " " }), "title"},
		"a constable at the company": {with(func(a *store.Appointment) {
			a.Office = store.Office{Body: store.TheCompany, Kind: store.Constable, Title: "Constable"}
		}), "kind"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := s.Appoint(ctx, adm, c.a); store.KindOf(err) != store.Invalid || fieldOf(err) != c.field {
				t.Errorf("appoint: %v, field %q", err, fieldOf(err))
			}
			if _, err := s.Foresee(ctx, adm, c.a); store.KindOf(err) != store.Invalid || fieldOf(err) != c.field {
				t.Errorf("foresee: %v, field %q", err, fieldOf(err))
			}
		})
	}
	if held, err := s.AppointmentsOf(ctx, ann); err != nil || len(held) != 0 {
		t.Errorf("something was kept: %v %v", held, err)
	}
}

func directorIn(seat int64) store.Office {
	return store.Office{Body: store.TheCompany, Kind: store.DirectorOffice, Title: "Director", Seat: seat}
}

func TestADirectorsOfficeIsOfOneSeat(t *testing.T) {
	for name, c := range map[string]struct {
		o    store.Office
		want string
	}{
		"the title gains the seat":           {directorIn(3), "Director, seat 3"},
		"a title that names it stays":        {store.Office{Kind: store.DirectorOffice, Title: " Director, seat 3 ", Seat: 3}, "Director, seat 3"},
		"another seat in the title is none":  {store.Office{Kind: store.DirectorOffice, Title: "Director, seat 13", Seat: 3}, "Director, seat 13, seat 3"},
		"no other office has one":            {store.Office{Kind: store.Auditor, Title: " Auditor "}, "Auditor"},
		"a title is not made out of nothing": {store.Office{Kind: store.DirectorOffice, Title: " ", Seat: 3}, ""},
	} {
		if got := c.o.Tidy(); got.Title != c.want || got.Seat != c.o.Seat {
			t.Errorf("%s: %+v", name, got)
		}
	}
	ctx, s := t.Context(), storetest.Open(t)
	one, three := storetest.Holder(t, s, store.DirectorOffice, store.TheCompany), storetest.Holds(t, s, storetest.Person(t, s, "Ann"), directorIn(3))
	if one.Office.Seat != 1 || three.Office.Seat != 3 || three.Office.Title != "Director, seat 3" || one.Office.ID == three.Office.ID {
		t.Errorf("%+v, %+v", one.Office, three.Office)
	}
	again := storetest.Holds(t, s, storetest.Person(t, s, "Bob"), directorIn(3))
	if again.Office != three.Office {
		t.Errorf("one seat is two offices: %+v, %+v", again.Office, three.Office)
	}
	all, err := s.OfficesAt(ctx, store.TheCompany)
	if err != nil || len(all) < 2 {
		t.Fatal(all, err)
	}
	if got, err := s.Office(ctx, three.Office.ID); err != nil || got != three.Office {
		t.Errorf("%+v %v", got, err)
	}
	verified(t, s)
}

func TestAConstableMayDoNothing(t *testing.T) {
	for _, p := range store.Permissions {
		if got, want := store.Constable.May(p), p == store.Public || p == store.SignedIn; got != want {
			t.Errorf("%s: %v", p, got)
		}
	}
	if store.Constable.NeedsSecond() {
		t.Error("a second person confirms what binds nobody")
	}
	for _, k := range store.OfficeKinds {
		if k.May(store.DelegateOffice) && !k.NeedsSecond() {
			t.Errorf("a %s delegates, and nobody confirms who holds it", k)
		}
	}
}

func fieldOf(err error) string {
	if e, ok := errors.AsType[*store.Error](err); ok && len(e.Faults) > 0 {
		return e.Faults[0].Field
	}
	return ""
}

func TestWhoConfirmsAnAppointment(t *testing.T) {
	ctx, s := t.Context(), storetest.Open(t)
	adm := storetest.Holder(t, s, store.Administrator, store.TheCompany)
	make := func(by store.Viewer, person int64, body string, kind store.OfficeKind, title string) (store.Appointment, error) {
		id, err := s.Appoint(ctx, by, store.Appointment{Office: store.Office{Body: body, Kind: kind, Title: title}, Person: person, From: "2012-12-01"})
		if err != nil {
			return store.Appointment{}, err
		}
		return s.Appointment(ctx, id)
	}
	status := func(name string, a store.Appointment, err error, want store.AppointmentStatus) {
		t.Helper()
		if err != nil || a.Status != want {
			t.Fatalf("%s: %s, %v", name, a.Status, err)
		}
	}
	ann, bob, eve := storetest.Person(t, s, "Ann"), storetest.Person(t, s, "Bob"), storetest.Person(t, s, "Eve")

	waits, err := make(adm, ann, "kent", store.CommissionerOffice, "Commissioner for Kent")
	status("the administrator's waits even where nobody is yet", waits, err, store.AppointmentProposed)
	first, err := make(store.CommandLine, bob, "kent", store.ChiefExecutive, "Chief executive, Kent")
	status("the first at a body takes effect from the command line", first, err, store.AppointmentConfirmed)
	second, err := make(store.CommandLine, eve, "kent", store.ChiefExecutive, "Deputy, Kent")
	status("the second waits, also from the command line", second, err, store.AppointmentProposed)
	own, err := make(store.CommandLine, bob, "kent", store.CommissionerOffice, "Acting commissioner")
	status("another office for the only holder counts as first: nobody else could confirm", own, err, store.AppointmentConfirmed)
	clerk, err := make(adm, eve, store.TheAssociation, store.Clerk, "Clerk")
	status("an office that binds nobody needs nobody", clerk, err, store.AppointmentConfirmed)

	if _, err := make(adm, adm.Person, store.TheCompany, store.Auditor, "Auditor"); store.KindOf(err) != store.Forbidden {
		t.Errorf("an administrator appointed themselves: %v", err)
	}
	if _, err := make(adm, bob, "kent", store.ChiefExecutive, "Chief executive, Kent"); fieldOf(err) != "from" {
		t.Errorf("a second term in the same time: %v", err)
	}
	bobs, err := s.ViewerOf(ctx, bob, 0)
	if err != nil {
		t.Fatal(err)
	}
	o, err := s.Foresee(ctx, adm, store.Appointment{Office: store.Office{Body: "kent", Kind: store.ChiefExecutive, Title: "Third"}, Person: eve, From: "2013-02-01"})
	if err != nil || !o.Second || len(o.Confirmers) != 1 || o.Confirmers[0].Person != bob {
		t.Errorf("foreseen: %+v %v", o, err)
	}
	if err := s.DecideAppointment(ctx, bobs, waits.ID, false, " "); fieldOf(err) != "reason" {
		t.Errorf("refused without a reason: %v", err)
	}
	if err := s.DecideAppointment(ctx, bobs, waits.ID, true, ""); err != nil {
		t.Error(err)
	}
	if err := s.DecideAppointment(ctx, bobs, waits.ID, false, "late"); store.KindOf(err) != store.Conflict {
		t.Errorf("refused after it was confirmed: %v", err)
	}
	verified(t, s)
}

func TestProposalsAreSeenAtTheirOwnBodyOnly(t *testing.T) {
	ctx, s := t.Context(), storetest.Open(t)
	adm := storetest.Holder(t, s, store.Administrator, store.TheCompany)
	kent, sussex := storetest.Holder(t, s, store.CommissionerOffice, "kent"), storetest.Holder(t, s, store.CommissionerOffice, "sussex")
	ann := storetest.Person(t, s, "Ann")
	id, err := s.Appoint(ctx, adm, store.Appointment{Office: store.Office{Body: "kent", Kind: store.ChiefExecutive, Title: "Chief executive"}, Person: ann, From: "2013-01-01"})
	if err != nil {
		t.Fatal(err)
	}
	if p, err := s.Proposal(ctx, kent, id); err != nil || p.Maker != adm.Name || p.Name != "Ann" {
		t.Errorf("%+v %v", p, err)
	}
	if _, err := s.Proposal(ctx, sussex, id); store.KindOf(err) != store.NotFound {
		t.Errorf("Sussex sees Kent's: %v", err)
	}
	for body, want := range map[string]int{"kent": 1, "sussex": 0} {
		if all, err := s.ProposedAt(ctx, body); err != nil || len(all) != want {
			t.Errorf("%s: %v %v", body, all, err)
		}
	}
}

func TestEndAppointment(t *testing.T) {
	ctx, s := t.Context(), storetest.Open(t)
	adm := storetest.Holder(t, s, store.Administrator, store.TheCompany)
	sec := storetest.Holder(t, s, store.CompanySecretary, store.TheCompany)
	of := func(v store.Viewer) int64 {
		held, err := s.AppointmentsOf(ctx, v.Person)
		if err != nil || len(held) == 0 {
			t.Fatal(held, err)
		}
		return held[0].ID
	}
	for _, c := range []struct {
		name string
		by   store.Viewer
		id   int64
		last store.Day
		want store.Kind
	}{
		{"nobody ends their own", adm, of(adm), "2013-01-14", store.Forbidden},
		{"without a day", adm, of(sec), "", store.Invalid},
		{"two days ago", adm, of(sec), "2013-01-12", store.Invalid},
		{"one that does not exist", adm, 9999, "2013-01-14", store.NotFound},
		{"in a year's time", adm, of(sec), "2014-01-14", 0},
		{"sooner after all", adm, of(sec), "2013-01-14", 0},
		{"yesterday, which ends it at once", adm, of(sec), "2013-01-13", 0},
		{"once it has ended", adm, of(sec), "2013-01-14", store.Conflict},
	} {
		t.Run(c.name, func(t *testing.T) {
			if err := s.EndAppointment(ctx, c.by, c.id, c.last); store.KindOf(err) != c.want || c.want == 0 && err != nil {
				t.Error(err)
			}
		})
	}
	if _, err := s.ViewerOf(ctx, sec.Person, 0); store.KindOf(err) != store.NotFound {
		t.Errorf("someone without an office is still heard: %v", err)
	}
	if _, err := s.Enter(ctx, sec, store.Entry{Kind: store.Incorporated, Registered: "2012-07-16"}); store.KindOf(err) != store.Forbidden {
		t.Errorf("an act in an ended office: %v", err)
	}
	verified(t, s)
}

func TestTheLastEndEndsEverySessionForGood(t *testing.T) {
	ctx, s := t.Context(), storetest.Open(t)
	adm := storetest.Holder(t, s, store.Administrator, store.TheCompany)
	ann := storetest.Person(t, s, "Ann")
	audit := store.Appointment{Office: store.Office{Body: store.TheCompany, Kind: store.Auditor, Title: "Auditor"}, Person: ann, From: "2013-01-01"}
	first, err := s.Appoint(ctx, adm, audit)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.StartSession(ctx, "token-of-ann", ann, "a test"); err != nil {
		t.Fatal(err)
	}
	if err := s.EndAppointment(ctx, adm, first, "2013-01-14"); err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.SessionOf(ctx, "token-of-ann"); err != nil {
		t.Errorf("the last day is not over: %v", err)
	}
	if err := s.EndAppointment(ctx, adm, first, "2013-01-13"); err != nil {
		t.Fatal(err)
	}
	audit.From = "2013-01-14"
	if _, err := s.Appoint(ctx, adm, audit); err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.SessionOf(ctx, "token-of-ann"); store.KindOf(err) != store.NotFound {
		t.Errorf("a new appointment brought the old session back: %v", err)
	}
}

func TestOnlyAnAdministratorKeepsPeople(t *testing.T) {
	ctx, s := t.Context(), storetest.Open(t)
	secretary := storetest.Holder(t, s, store.CompanySecretary, store.TheCompany)
	person := storetest.Person(t, s, "Someone")
	appointment, err := s.Appoint(ctx, store.CommandLine, store.Appointment{Office: store.Office{Body: store.TheCompany, Kind: store.Auditor, Title: "Auditor"}, Person: person, From: "2013-01-01"})
	if err != nil {
		t.Fatal(err)
	}
	before, err := s.Head(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for name, do := range map[string]func(store.Viewer) error{
		"adds":    func(v store.Viewer) error { _, _, err := s.AddPerson(ctx, v, "A", "a@example.org"); return err },
		"invites": func(v store.Viewer) error { _, err := s.Invite(ctx, v, person); return err },
		"appoints": func(v store.Viewer) error {
			_, err := s.Appoint(ctx, v, store.Appointment{Office: store.Office{Body: store.TheCompany, Kind: store.Auditor, Title: "Second auditor"}, Person: person, From: "2013-01-01"})
			return err
		},
		"ends":   func(v store.Viewer) error { return s.EndAppointment(ctx, v, appointment, "2013-01-14") },
		"erases": func(v store.Viewer) error { return s.ErasePerson(ctx, v, person, "A reason.") },
	} {
		for who, v := range map[string]store.Viewer{"the secretary": secretary, "a stranger": {}} {
			if err := do(v); store.KindOf(err) != store.Forbidden {
				t.Errorf("%s %s: %v", who, name, err)
			}
		}
	}
	if after, err := s.Head(ctx); err != nil || after.Size != before.Size {
		t.Errorf("%d events recorded, %v", after.Size-before.Size, err)
	}
}
