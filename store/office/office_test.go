package office_test

import (
	"testing"

	"github.com/police-ict/handover/store/civil"
	"github.com/police-ict/handover/store/fault"
	"github.com/police-ict/handover/store/office"
)

func TestAppointmentInForce(t *testing.T) {
	term := func(status office.AppointmentStatus, from, to civil.Day) office.Appointment {
		return office.Appointment{Status: status, From: from, To: to}
	}
	yes, waits, no := office.Confirmed, office.Proposed, office.Refused
	for name, c := range map[string]struct {
		a     office.Appointment
		on    civil.Day
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
	a := office.Appointment{Office: office.Office{Body: "kent", Kind: office.CommissionerOffice}, Person: 1, MadeBy: 2, Status: office.Proposed}
	at := func(person int64, kind office.Kind, body string) office.Viewer {
		return office.Viewer{Person: person, Office: office.Office{Body: body, Kind: kind}}
	}
	root := func(id, person int64, body string) office.Appointment {
		return office.Appointment{ID: id, Person: person, Office: office.Office{Body: body, Kind: office.ChiefExecutive}, From: "2012-11-22", Status: office.Confirmed}
	}
	chain := office.ChainOf([]office.Appointment{root(1, 1, "kent"), root(2, 2, "kent"), root(3, 3, "kent")})
	is := func(s office.AppointmentStatus) office.Appointment { b := a; b.Status = s; return b }
	for name, c := range map[string]struct {
		a    office.Appointment
		v    office.Viewer
		want fault.Kind
	}{
		"a second person of the body confirms":             {a, at(3, office.ChiefExecutive, "kent"), 0},
		"nobody confirms their own":                        {a, at(1, office.ChiefExecutive, "kent"), fault.Forbidden},
		"whoever made it does not confirm it":              {a, at(2, office.ChiefExecutive, "kent"), fault.Forbidden},
		"another body does not confirm":                    {a, at(3, office.ChiefExecutive, "sussex"), fault.Forbidden},
		"the Home Office does not confirm for Kent":        {a, at(3, office.Official, office.HomeOffice), fault.Forbidden},
		"an office without the permission does not":        {a, at(3, office.Auditor, "kent"), fault.Forbidden},
		"an administrator does not":                        {a, at(3, office.Administrator, "kent"), fault.Forbidden},
		"a stranger does not":                              {a, office.Viewer{}, fault.Forbidden},
		"the command line does not: a person must":         {a, office.CommandLine, fault.Forbidden},
		"a confirmed one is not confirmed again":           {is(office.Confirmed), at(3, office.ChiefExecutive, "kent"), fault.Conflict},
		"a refused one is not confirmed":                   {is(office.Refused), at(3, office.ChiefExecutive, "kent"), fault.Conflict},
		"the body's slug is compared, not part of it":      {a, at(3, office.ChiefExecutive, "kent-police-authority"), fault.Forbidden},
		"a stranger without a person holds no office":      {a, at(0, office.ChiefExecutive, "kent"), fault.Forbidden},
		"the same person in two offices is still one":      {a, at(1, office.CommissionerOffice, "kent"), fault.Forbidden},
		"the maker in another office is still the maker":   {a, at(2, office.CommissionerOffice, "kent"), fault.Forbidden},
		"one made on the command line: any second may":     {func() office.Appointment { b := a; b.MadeBy = 0; return b }(), at(3, office.CommissionerOffice, "kent"), 0},
		"one made on the command line: never the person's": {func() office.Appointment { b := a; b.MadeBy = 0; return b }(), at(1, office.CommissionerOffice, "kent"), fault.Forbidden},
	} {
		t.Run(name, func(t *testing.T) {
			if got := fault.KindOf(c.a.MayConfirm(c.v, chain, "2013-01-14")); got != c.want {
				t.Errorf("got %v: %v", got, c.a.MayConfirm(c.v, chain, "2013-01-14"))
			}
		})
	}
}

func TestAConstableMayDoNothing(t *testing.T) {
	for _, p := range office.Permissions {
		if got, want := office.Constable.May(p), p == office.Public || p == office.SignedIn; got != want {
			t.Errorf("%s: %v", p, got)
		}
	}
	for _, p := range []office.Permission{office.KeepPeople, office.ConfirmAppointments, office.ReadRestricted, office.SignCallIns, office.HearCallIns, office.SitOnCommittees, office.KeepCommittees} {
		for _, k := range office.KindsWith(p) {
			if !k.NeedsSecond() {
				t.Errorf("a %s may %s, and nobody confirms who holds it", k, p)
			}
		}
	}
	if office.Constable.NeedsSecond() {
		t.Error("a second person confirms what binds nobody")
	}
	for _, k := range office.Kinds {
		if k.May(office.DelegateOffice) && !k.NeedsSecond() {
			t.Errorf("a %s delegates, and nobody confirms who holds it", k)
		}
	}
}

func TestWhoIsIndependentOfWhom(t *testing.T) {
	post := func(person, made, confirmed int64) office.Appointment {
		return office.Appointment{Person: person, MadeBy: made, ConfirmedBy: confirmed, Status: office.Confirmed, From: "2012-01-01", Office: office.Office{Body: "kent", Kind: office.ChiefExecutive}}
	}
	const admin, puppet, clerk, honest, deputy, late, twin = 1, 2, 3, 4, 5, 6, 7
	ended := post(late, admin, honest)
	ended.To = "2012-12-31"
	waits := post(late, admin, 0)
	waits.Status = office.Proposed
	chain := office.ChainOf([]office.Appointment{
		post(admin, 0, 0),
		post(puppet, admin, 0),      // by the administrator alone
		post(clerk, admin, puppet),  // confirmed by one of theirs
		post(honest, 0, 0),          // by the command line
		post(deputy, admin, honest), // made by the administrator, confirmed by somebody else
		ended, waits,
		post(twin, twin, twin), // on their own word
	})
	for name, c := range map[string]struct {
		person, of int64
		want       bool
	}{
		"oneself":                                      {honest, honest, false},
		"a stranger":                                   {0, admin, false},
		"someone whom the maker alone appointed":       {puppet, admin, false},
		"someone confirmed by such a person":           {clerk, admin, false},
		"someone of the command line":                  {honest, admin, true},
		"someone whom a second person confirmed":       {deputy, admin, true},
		"the maker beside their puppet":                {admin, puppet, false},
		"one puppet beside another":                    {clerk, puppet, false},
		"a puppet's puppet beside the maker":           {admin, clerk, false},
		"an office that ended":                         {late, admin, false},
		"nobody has them but themselves":               {twin, admin, false},
		"beside the command line, whoever is a person": {puppet, 0, true},
	} {
		if got := chain.Independent(c.person, c.of, "2013-01-14"); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
