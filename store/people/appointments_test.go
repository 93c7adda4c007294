package people_test

import (
	"os"
	"strings"
	"testing"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/handover"
	"github.com/police-ict/handover/store/office"
	"github.com/police-ict/handover/store/people"
	"github.com/police-ict/handover/store/record"
	"github.com/police-ict/handover/store/register"
	"github.com/police-ict/handover/store/storetest"
)

func TestAppointRefusesWhatCannotBe(t *testing.T) {
	ctx, s := t.Context(), storetest.Open(t)
	adm := storetest.Holder(t, s, office.Administrator, office.TheCompany)
	ann := storetest.Person(t, s, "Ann")
	ok := office.Appointment{Office: office.Office{Body: "kent", Kind: office.CommissionerOffice, Title: "Commissioner for Kent"}, Person: ann, From: "2012-11-22"}
	with := func(change func(*office.Appointment)) office.Appointment { a := ok; change(&a); return a }
	for name, c := range map[string]struct {
		a     office.Appointment
		field string
	}{
		"a body that does not exist":          {with(func(a *office.Appointment) { a.Office.Body = "atlantis" }), "body"},
		"a kind that does not exist":          {with(func(a *office.Appointment) { a.Office.Kind = "king" }), "kind"},
		"a company secretary at Kent":         {with(func(a *office.Appointment) { a.Office.Kind = office.CompanySecretary }), "kind"},
		"no title":                            {with(func(a *office.Appointment) { a.Office.Title = "  " }), "title"},
		"a title of 121 characters":           {with(func(a *office.Appointment) { a.Office.Title = strings.Repeat("ŵ", 121) }), "title"},
		"a title of control characters alone": {with(func(a *office.Appointment) { a.Office.Title = "\x00\u202e" }), "title"},
		"no first day":                        {with(func(a *office.Appointment) { a.From = "" }), "from"},
		"a last day before the first":         {with(func(a *office.Appointment) { a.To = "2012-11-21" }), "to"},
		"a first day before the body exists":  {with(func(a *office.Appointment) { a.From = "2012-11-21" }), "from"},
		"a body that ended, without a last day": {with(func(a *office.Appointment) {
			a.Office = office.Office{Body: "kent-police-authority", Kind: office.ChiefExecutive, Title: "Clerk"}
			a.From = "2012-01-01"
		}), "to"},
		"a director without a seat":      {with(func(a *office.Appointment) { a.Office = directorIn(0) }), "seat"},
		"a director in seat 101":         {with(func(a *office.Appointment) { a.Office = directorIn(101) }), "seat"},
		"a director in a seat below one": {with(func(a *office.Appointment) { a.Office = directorIn(-1) }), "seat"},
		"a commissioner with a seat":     {with(func(a *office.Appointment) { a.Office.Seat = 1 }), "seat"},
		"a director at Kent":             {with(func(a *office.Appointment) { a.Office = directorIn(1); a.Office.Body = "kent" }), "kind"},
		"a director without a title":     {with(func(a *office.Appointment) { a.Office = directorIn(1); a.Office.Title = " " }), "title"},
		"a constable at the company": {with(func(a *office.Appointment) {
			a.Office = office.Office{Body: office.TheCompany, Kind: office.Constable, Title: "Constable"}
		}), "kind"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := people.Appoint(ctx, s, adm, c.a); fault.KindOf(err) != fault.Invalid || storetest.FieldOf(err) != c.field {
				t.Errorf("appoint: %v, field %q", err, storetest.FieldOf(err))
			}
			if _, err := people.Foresee(ctx, s, adm, c.a); fault.KindOf(err) != fault.Invalid || storetest.FieldOf(err) != c.field {
				t.Errorf("foresee: %v, field %q", err, storetest.FieldOf(err))
			}
		})
	}
	if held, err := office.AppointmentsOf(ctx, s, ann); err != nil || len(held) != 0 {
		t.Errorf("something was kept: %v %v", held, err)
	}
}

func directorIn(seat int64) office.Office {
	return office.Office{Body: office.TheCompany, Kind: office.DirectorOffice, Title: "Director", Seat: seat}
}

func TestADirectorsOfficeIsOfOneSeat(t *testing.T) {
	for name, c := range map[string]struct {
		o    office.Office
		want string
	}{
		"the title gains the seat":           {directorIn(3), "Director, seat 3"},
		"a title that names it stays":        {office.Office{Kind: office.DirectorOffice, Title: " Director, seat 3 ", Seat: 3}, "Director, seat 3"},
		"another seat in the title is none":  {office.Office{Kind: office.DirectorOffice, Title: "Director, seat 13", Seat: 3}, "Director, seat 13, seat 3"},
		"no other office has one":            {office.Office{Kind: office.Auditor, Title: " Auditor "}, "Auditor"},
		"a title is not made out of nothing": {office.Office{Kind: office.DirectorOffice, Title: " ", Seat: 3}, ""},
	} {
		if got := c.o.Tidy(); got.Title != c.want || got.Seat != c.o.Seat {
			t.Errorf("%s: %+v", name, got)
		}
	}
	ctx, s := t.Context(), storetest.Open(t)
	one, three := storetest.Holder(t, s, office.DirectorOffice, office.TheCompany), storetest.Holds(t, s, storetest.Person(t, s, "Ann"), directorIn(3))
	if one.Office.Seat != 1 || three.Office.Seat != 3 || three.Office.Title != "Director, seat 3" || one.Office.ID == three.Office.ID {
		t.Errorf("%+v, %+v", one.Office, three.Office)
	}
	again := storetest.Holds(t, s, storetest.Person(t, s, "Bob"), directorIn(3))
	if again.Office != three.Office {
		t.Errorf("one seat is two offices: %+v, %+v", again.Office, three.Office)
	}
	all, err := office.AtBody(ctx, s, office.TheCompany)
	if err != nil || len(all) < 2 {
		t.Fatal(all, err)
	}
	if got, err := office.Find(ctx, s, three.Office.ID); err != nil || got != three.Office {
		t.Errorf("%+v %v", got, err)
	}
	storetest.Sound(t, s)
}

func TestWhoConfirmsAnAppointment(t *testing.T) {
	ctx, s := t.Context(), storetest.Open(t)
	adm := storetest.Holder(t, s, office.Administrator, office.TheCompany)
	make := func(by office.Viewer, person int64, body string, kind office.Kind, title string) (office.Appointment, error) {
		id, err := people.Appoint(ctx, s, by, office.Appointment{Office: office.Office{Body: body, Kind: kind, Title: title}, Person: person, From: "2013-01-14"})
		if err != nil {
			return office.Appointment{}, err
		}
		return office.FindAppointment(ctx, s, id)
	}
	status := func(name string, a office.Appointment, err error, want office.AppointmentStatus) {
		t.Helper()
		if err != nil || a.Status != want {
			t.Fatalf("%s: %s, %v", name, a.Status, err)
		}
	}
	ann, bob, eve := storetest.Person(t, s, "Ann"), storetest.Person(t, s, "Bob"), storetest.Person(t, s, "Eve")

	waits, err := make(adm, ann, "kent", office.CommissionerOffice, "Commissioner for Kent")
	status("the administrator's waits even where nobody is yet", waits, err, office.Proposed)
	first, err := make(office.CommandLine, bob, "kent", office.ChiefExecutive, "Chief executive, Kent")
	status("the first at a body takes effect from the command line", first, err, office.Confirmed)
	second, err := make(office.CommandLine, eve, "kent", office.ChiefExecutive, "Deputy, Kent")
	status("the second waits, also from the command line", second, err, office.Proposed)
	own, err := make(office.CommandLine, bob, "kent", office.CommissionerOffice, "Acting commissioner")
	status("another office for the only holder counts as first: nobody else could confirm", own, err, office.Confirmed)
	clerk, err := make(adm, eve, office.TheAssociation, office.Clerk, "Clerk")
	status("an office that confirms waits", clerk, err, office.Proposed)
	constable, err := make(adm, eve, "kent", office.Constable, "Constable")
	status("an office that binds nobody needs nobody", constable, err, office.Confirmed)
	if _, err := people.Appoint(ctx, s, adm, office.Appointment{Office: office.Office{Body: "kent", Kind: office.Constable, Title: "Sergeant"}, Person: eve, From: "2013-01-13"}); storetest.FieldOf(err) != "from" {
		t.Errorf("appointed into the past: %v", err)
	}

	if _, err := make(adm, adm.Person, office.TheCompany, office.Auditor, "Auditor"); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("an administrator appointed themselves: %v", err)
	}
	if _, err := make(adm, bob, "kent", office.ChiefExecutive, "Chief executive, Kent"); storetest.FieldOf(err) != "from" {
		t.Errorf("a second term in the same time: %v", err)
	}
	bobs, err := people.ViewerOf(ctx, s, bob, 0)
	if err != nil {
		t.Fatal(err)
	}
	o, err := people.Foresee(ctx, s, adm, office.Appointment{Office: office.Office{Body: "kent", Kind: office.ChiefExecutive, Title: "Third"}, Person: eve, From: "2013-02-01"})
	if err != nil || !o.Second || len(o.Confirmers) != 1 || o.Confirmers[0].Person != bob {
		t.Errorf("foreseen: %+v %v", o, err)
	}
	if err := people.DecideAppointment(ctx, s, bobs, waits.ID, false, " "); storetest.FieldOf(err) != "reason" {
		t.Errorf("refused without a reason: %v", err)
	}
	if err := people.DecideAppointment(ctx, s, bobs, waits.ID, true, ""); err != nil {
		t.Error(err)
	}
	if err := people.DecideAppointment(ctx, s, bobs, waits.ID, false, "late"); fault.KindOf(err) != fault.Conflict {
		t.Errorf("refused after it was confirmed: %v", err)
	}
	storetest.Sound(t, s)
}

func TestProposalsAreSeenAtTheirOwnBodyOnly(t *testing.T) {
	ctx, s := t.Context(), storetest.Open(t)
	adm := storetest.Holder(t, s, office.Administrator, office.TheCompany)
	kent, sussex := storetest.Holder(t, s, office.CommissionerOffice, "kent"), storetest.Holder(t, s, office.CommissionerOffice, "sussex")
	ann := storetest.Person(t, s, "Ann")
	id, err := people.Appoint(ctx, s, adm, office.Appointment{Office: office.Office{Body: "kent", Kind: office.ChiefExecutive, Title: "Chief executive"}, Person: ann, From: "2013-01-14"})
	if err != nil {
		t.Fatal(err)
	}
	if p, err := people.ReadProposal(ctx, s, kent, id); err != nil || p.Maker != adm.Name || p.Name != "Ann" {
		t.Errorf("%+v %v", p, err)
	}
	if _, err := people.ReadProposal(ctx, s, sussex, id); fault.KindOf(err) != fault.NotFound {
		t.Errorf("Sussex sees Kent's: %v", err)
	}
	for body, want := range map[string]int{"kent": 1, "sussex": 0} {
		if all, err := people.ProposedAt(ctx, s, body); err != nil || len(all) != want {
			t.Errorf("%s: %v %v", body, all, err)
		}
	}
}

func TestEndAppointment(t *testing.T) {
	ctx, s := t.Context(), storetest.Open(t)
	adm := storetest.Holder(t, s, office.Administrator, office.TheCompany)
	sec := storetest.Holder(t, s, office.CompanySecretary, office.TheCompany)
	of := func(v office.Viewer) int64 {
		held, err := office.AppointmentsOf(ctx, s, v.Person)
		if err != nil || len(held) == 0 {
			t.Fatal(held, err)
		}
		return held[0].ID
	}
	for _, c := range []struct {
		name string
		by   office.Viewer
		id   int64
		last civil.Day
		want fault.Kind
	}{
		{"nobody ends their own", adm, of(adm), "2013-01-14", fault.Forbidden},
		{"without a day", adm, of(sec), "", fault.Invalid},
		{"two days ago", adm, of(sec), "2013-01-12", fault.Invalid},
		{"one that does not exist", adm, 9999, "2013-01-14", fault.NotFound},
		{"in a year's time", adm, of(sec), "2014-01-14", 0},
		{"sooner after all", adm, of(sec), "2013-01-14", 0},
		{"yesterday, which ends it at once", adm, of(sec), "2013-01-13", 0},
		{"once it has ended", adm, of(sec), "2013-01-14", fault.Conflict},
	} {
		t.Run(c.name, func(t *testing.T) {
			if err := storetest.EndOffice(ctx, s, c.by, c.id, c.last); fault.KindOf(err) != c.want || c.want == 0 && err != nil {
				t.Error(err)
			}
		})
	}
	if _, err := people.ViewerOf(ctx, s, sec.Person, 0); fault.KindOf(err) != fault.NotFound {
		t.Errorf("someone without an office is still heard: %v", err)
	}
	if _, err := handover.Enter(ctx, s, sec, register.Entry{Kind: register.Incorporated, Registered: "2012-07-16"}); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("an act in an ended office: %v", err)
	}
	storetest.Sound(t, s)
}

func TestTheLastEndEndsEverySessionForGood(t *testing.T) {
	ctx, s := t.Context(), storetest.Open(t)
	adm := office.CommandLine
	storetest.Holder(t, s, office.DirectorOffice, office.TheCompany)
	ann := storetest.Person(t, s, "Ann")
	audit := office.Appointment{Office: office.Office{Body: office.TheCompany, Kind: office.Auditor, Title: "Auditor"}, Person: ann, From: "2013-01-01"}
	first, err := people.Appoint(ctx, s, adm, audit)
	if err != nil {
		t.Fatal(err)
	}
	if err := people.StartSession(ctx, s, "token-of-ann", ann, "a test"); err != nil {
		t.Fatal(err)
	}
	if err := storetest.EndOffice(ctx, s, adm, first, "2013-01-14"); err != nil {
		t.Fatal(err)
	}
	if _, _, err := people.SessionOf(ctx, s, "token-of-ann"); err != nil {
		t.Errorf("the last day is not over: %v", err)
	}
	if err := storetest.EndOffice(ctx, s, adm, first, "2013-01-13"); err != nil {
		t.Fatal(err)
	}
	audit.From = "2013-01-14"
	if _, err := people.Appoint(ctx, s, adm, audit); err != nil {
		t.Fatal(err)
	}
	if _, _, err := people.SessionOf(ctx, s, "token-of-ann"); fault.KindOf(err) != fault.NotFound {
		t.Errorf("a new appointment brought the old session back: %v", err)
	}
}

func TestOnlyAnAdministratorKeepsPeople(t *testing.T) {
	ctx, s := t.Context(), storetest.Open(t)
	secretary := storetest.Holder(t, s, office.CompanySecretary, office.TheCompany)
	person := storetest.Person(t, s, "Someone")
	appointment, err := people.Appoint(ctx, s, office.CommandLine, office.Appointment{Office: office.Office{Body: office.TheCompany, Kind: office.Auditor, Title: "Auditor"}, Person: person, From: "2013-01-01"})
	if err != nil {
		t.Fatal(err)
	}
	before, err := record.ReadHead(ctx, s)
	if err != nil {
		t.Fatal(err)
	}
	for name, do := range map[string]func(office.Viewer) error{
		"adds":    func(v office.Viewer) error { _, _, err := people.Add(ctx, s, v, "A", "a@example.org"); return err },
		"invites": func(v office.Viewer) error { _, err := storetest.Invite(ctx, s, v, person); return err },
		"appoints": func(v office.Viewer) error {
			_, err := people.Appoint(ctx, s, v, office.Appointment{Office: office.Office{Body: office.TheCompany, Kind: office.Auditor, Title: "Second auditor"}, Person: person, From: "2013-01-01"})
			return err
		},
		"ends": func(v office.Viewer) error { return storetest.EndOffice(ctx, s, v, appointment, "2013-01-14") },
		"resigns for another": func(v office.Viewer) error {
			if err := people.Resign(ctx, s, v, appointment, "2013-01-14"); fault.KindOf(err) != fault.NotFound {
				return err
			}
			return fault.Forbidden.Errorf("it is not there")
		},
		"erases": func(v office.Viewer) error { return people.Erase(ctx, s, v, person, "A reason.") },
	} {
		for who, v := range map[string]office.Viewer{"the secretary": secretary, "a stranger": {}} {
			if err := do(v); fault.KindOf(err) != fault.Forbidden {
				t.Errorf("%s %s: %v", who, name, err)
			}
		}
	}
	if after, err := record.ReadHead(ctx, s); err != nil || after.Size != before.Size {
		t.Errorf("%d events recorded, %v", after.Size-before.Size, err)
	}
}

// Names and titles are one line, whatever was typed.
func TestNamesAndTitlesAreOneLine(t *testing.T) {
	s := storetest.Open(t)
	id, _, err := people.Add(t.Context(), s, office.CommandLine, "Mail\r\nBcc:\u2028 x\v", "mail@example.org")
	if err != nil {
		t.Fatal(err)
	}
	p, err := people.Find(t.Context(), s, id)
	if err != nil || p.Name != "Mail Bcc: x" {
		t.Errorf("%q %v", p.Name, err)
	}
	if o := (office.Office{Title: "Con\r\nstable\u2029"}).Tidy(); o.Title != "Con stable" {
		t.Errorf("%q", o.Title)
	}
}

// What goes to a file that was moved away is not said to be recorded.
func TestNothingIsRecordedInAFileThatIsGone(t *testing.T) {
	database := storetest.Database(t)
	if strings.Contains(database, "://") {
		t.Skip("skipped: only SQLite has a file")
	}
	s := storetest.At(t, database, "", storetest.AtNoon)
	if err := os.Rename(database, database+".moved"); err != nil {
		t.Fatal(err)
	}
	_, _, err := people.Add(t.Context(), s, office.CommandLine, "Ann", "ann@example.org")
	if fault.KindOf(err) != fault.Unavailable || !strings.Contains(err.Error(), "nothing was recorded") {
		t.Errorf("recorded in a file that is gone: %v", err)
	}
	if err := os.Rename(database+".moved", database); err != nil {
		t.Fatal(err)
	}
	if _, _, err := people.Add(t.Context(), s, office.CommandLine, "Ann", "ann@example.org"); err != nil {
		t.Errorf("put back: %v", err)
	}
}
